#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "emulator/cortex_m/native_engine.h"
#include "emulator/image/image.h"
#include "unicorn_runner.h"

// Emulated instructions per second of the engines, on one core of the host. The counter `MIPS` is what
// counts; instructions are those the native core executed, for every engine.
namespace mcusim::bench {
namespace {

using emulator::cortex_m::NativeEngine;
using emulator::cortex_m::NativeOptions;

enum class Mode { native_off, native_count, native_full, unicorn_bare, unicorn_hooks };

mcu_models::McuModel cortex_m7() {
  mcu_models::McuModel mcu;
  mcu.name = mcu.core.name = "cortex-m7";
  mcu.core.architecture = mcu_models::Architecture::v7em;
  mcu.core.dsp = true;
  mcu.core.cpuid = 0x411fc271;
  mcu.fpu = mcu_models::Fpu::fpv5_dp;
  return mcu;
}

/// Caches and prefetch on, 5 wait states.
constexpr std::uint32_t kFlashControl = 0x705;

mcu_models::McuModel modelled(Mode mode) {
  if (mode != Mode::native_full) return cortex_m7();
  // The kernels are built for an M7: the pipeline is the M4's, the instructions are all executed.
  mcu_models::McuModel mcu = mcu_models::load_mcu("stm32l4r5");
  mcu.core.cpuid = cortex_m7().core.cpuid;
  mcu.fpu = mcu_models::Fpu::fpv5_dp;
  return mcu;
}

struct NativeRun {
  explicit NativeRun(const emulator::Image& image, NativeOptions::Timing timing, Mode mode = Mode::native_off)
      : mcu(modelled(mode)), engine(mcu, bus, scheduler, {timing}) {
    bus.add_memory("flash", 0x08000000, 0x10000, false);
    if (mcu.flash_timing) {
      const Address control = mcu.flash_timing->latency.address;
      bus.add_memory("flash registers", control & ~0xfffu, 0x1000, true);
      bus.load(control, &kFlashControl, 4);
    }
    bus.add_memory("ram", 0x20000000, 0x20000, true);
    for (const emulator::Segment& s : image.segments) bus.load(s.address, s.bytes.data(), s.bytes.size());
  }
  emulator::Stop run() {
    engine.reset(0x08000000);
    return engine.run({});
  }
  mcu_models::McuModel mcu;
  emulator::Bus bus;
  emulator::Scheduler scheduler;
  NativeEngine engine;
};

void run(benchmark::State& state, const std::string& kernel, Mode mode) {
  const emulator::Image image =
      emulator::load_image(std::string(MCUSIM_BENCH_KERNELS) + "/" + kernel + ".elf");
  NativeRun reference(image, NativeOptions::Timing::off);
  const emulator::Stop stop = reference.run();
  if (stop.reason != emulator::StopReason::self_branch) {
    state.SkipWithError(("native core: " + stop.detail).c_str());
    return;
  }
  const auto instructions = static_cast<double>(reference.engine.counters().instructions);
  if (mode == Mode::native_full) {
    NativeRun native(image, NativeOptions::Timing::full, mode);
    for (auto _ : state) benchmark::DoNotOptimize(native.run());
  } else if (mode == Mode::native_off || mode == Mode::native_count) {
    NativeRun native(image,
                     mode == Mode::native_off ? NativeOptions::Timing::off : NativeOptions::Timing::table);
    for (auto _ : state) benchmark::DoNotOptimize(native.run());
  } else {
    UnicornRunner unicorn(image, mode == Mode::unicorn_hooks);
    // A comparison of speed is one only if both did the same work.
    unicorn.run(stop.pc);
    std::vector<std::uint8_t> ours(0x20000);
    reference.bus.fetch(0x20000000, ours.data(), ours.size());
    if (unicorn.ram() != ours) {
      state.SkipWithError("Unicorn left other bytes in RAM than the native core");
      return;
    }
    for (auto _ : state) unicorn.run(stop.pc);
  }
  state.counters["MIPS"] =
      benchmark::Counter(instructions * 1e-6, benchmark::Counter::kIsIterationInvariantRate);
}

const bool kRegistered = [] {
  static constexpr std::pair<const char*, Mode> kModes[] = {{"native_off", Mode::native_off},
                                                            {"native_count", Mode::native_count},
                                                            {"native_full_m4", Mode::native_full},
                                                            {"unicorn_bare", Mode::unicorn_bare},
                                                            {"unicorn_hooks", Mode::unicorn_hooks}};
  for (const std::string kernel : {"convolution", "mix", "matrix_vector"}) {
    for (const auto& [name, mode] : kModes) {
      benchmark::RegisterBenchmark((kernel + "/" + name).c_str(), [kernel,
                                                                   mode = mode](benchmark::State& state) {
        run(state, kernel, mode);
      })->Unit(benchmark::kMillisecond);
    }
  }
  return true;
}();

}  // namespace
}  // namespace mcusim::bench

BENCHMARK_MAIN();
