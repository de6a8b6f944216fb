#include <benchmark/benchmark.h>

#include <string>

#include "emulator/image/image.h"
#include "emulator/machine.h"
#include "profiler/recorder.h"

// What attribution to functions, paths of calls and instructions costs over timing alone: compare /timing
// with /attributed. Both include what recording a run does once, a few milliseconds.
namespace mcusim::bench {
namespace {

void run(benchmark::State& state, const std::string& kernel, const std::string& timing, bool attribute) {
  const emulator::Image image =
      emulator::load_image(std::string(MCUSIM_BENCH_KERNELS) + "/" + kernel + "-cortex-m7.elf");
  const mcu_models::McuModel mcu = mcu_models::load_mcu("stm32h743");
  const mcu_models::BoardModel board = mcu_models::load_board(mcu, "");
  emulator::MachineOptions options;
  options.timing = timing;
  profiler::RecordOptions record;
  record.attribute = attribute;
  double instructions = 0, host_seconds = 0;
  for (auto _ : state) {
    emulator::Machine machine(mcu, board, options);
    machine.load(image);
    const profiler::Profile profile = profiler::record_run(machine, image, record);
    if (profile.stop.reason != emulator::StopReason::self_branch) {
      state.SkipWithError(profile.stop.detail.c_str());
      return;
    }
    instructions += static_cast<double>(profile.run.instructions);
    host_seconds += *profile.host_seconds;
  }
  // Of the execution alone, as mcusim run reports it.
  state.counters["MIPS"] = instructions / host_seconds / 1e6;
}

const bool kRegistered = [] {
  for (const std::string kernel : {"convolution", "mix", "matrix_vector", "calls"}) {
    for (const std::string timing : {"table", "full"}) {
      for (const bool attribute : {false, true}) {
        const std::string name = kernel + "/" + timing + (attribute ? "/attributed" : "/timing");
        benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
          run(state, kernel, timing, attribute);
        })->Unit(benchmark::kMillisecond);
      }
    }
  }
  return true;
}();

}  // namespace
}  // namespace mcusim::bench

BENCHMARK_MAIN();
