#include <benchmark/benchmark.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/cortex_m/native_engine.h"
#include "emulator/image/elf_image.h"
#include "emulator/machine.h"
#include "unicorn_runner.h"

// Emulated instructions per second of the engines, on one core of the host. The counter `MIPS` is what
// counts; instructions are those the native core executed, for every engine.
namespace mcusim::bench {
namespace {

using emulator::cortex_m::NativeEngine;
using emulator::cortex_m::NativeOptions;

struct Mode {
  const char* name;
  enum Engine { native, unicorn } engine = native;
  NativeOptions::Timing timing = NativeOptions::Timing::off;
  /// Whose pipeline and memories, with full timing.
  std::string_view part = {};
  bool hooks = false;  ///< Of Unicorn.
  bool remember = true;
};
constexpr Mode kModes[] = {
    {"native_off"},
    {.name = "native_count", .timing = NativeOptions::Timing::table},
    {.name = "native_full_m0plus", .timing = NativeOptions::Timing::full, .part = "stm32g0b1"},
    {.name = "native_full_m4", .timing = NativeOptions::Timing::full, .part = "stm32l4r5"},
    {.name = "native_full_m7", .timing = NativeOptions::Timing::full, .part = "stm32h743"},
    {.name = "native_full_m33", .timing = NativeOptions::Timing::full, .part = "stm32u575"},
    {.name = "native_full_m7_forgetful",
     .timing = NativeOptions::Timing::full,
     .part = "stm32h743",
     .remember = false},
    {.name = "unicorn_bare", .engine = Mode::unicorn},
    {.name = "unicorn_hooks", .engine = Mode::unicorn, .hooks = true},
};

mcu_models::McuModel cortex_m7() {
  mcu_models::McuModel mcu;
  mcu.name = mcu.core.name = "cortex-m7";
  mcu.core.architecture = mcu_models::Architecture::v7em;
  mcu.core.dsp = true;
  mcu.core.cpuid = 0x411fc271;
  mcu.fpu = mcu_models::Fpu::fpv5_dp;
  return mcu;
}

bool is_armv6m(const Mode& mode) { return mode.part == "stm32g0b1"; }

mcu_models::McuModel modelled(const Mode& mode) {
  if (mode.part.empty()) return cortex_m7();
  mcu_models::McuModel mcu = mcu_models::load_mcu(std::string(mode.part));
  // The kernels are built for an M7, but those of Armv6-M: the pipeline is the part's, all instructions are
  // executed.
  if (!is_armv6m(mode)) mcu.fpu = mcu_models::Fpu::fpv5_dp;
  return mcu;
}

struct NativeRun {
  NativeRun(const emulator::Image& image, const Mode& mode)
      : mcu(modelled(mode)), engine(mcu, bus, scheduler, {.timing = mode.timing, .remember = mode.remember}) {
    bus.add_memory("flash", 0x08000000, 0x10000, false);
    if (mcu.flash_timing) program_flash_interface();
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

 private:
  // Its registers are memory here: as many wait states as at the highest clock, prefetch and caches on.
  void program_flash_interface() {
    std::map<Address, std::uint32_t> registers;
    registers[mcu.flash_timing->latency.address] |= kWaitStates << mcu.flash_timing->latency.shift;
    const auto set = [&](const std::optional<mcu_models::RegisterBits>& bits) {
      if (bits && bits->address < 0xe0000000) registers[bits->address] |= 1u << bits->shift;
    };
    set(mcu.flash_timing->prefetch);
    for (const auto& [name, cache] : mcu.caches) set(cache.enable);
    if (mcu.flash_timing->bus_divider) registers[mcu.flash_timing->bus_divider->address] |= 0;
    std::set<Address> pages;
    for (const auto& [address, value] : registers) {
      if (pages.insert(address & ~0xfffu).second)
        bus.add_memory("registers of the flash interface", address & ~0xfffu, 0x1000, true);
      bus.load(address, &value, sizeof value);
    }
  }
  static constexpr std::uint32_t kWaitStates = 4;
};

void run(benchmark::State& state, const std::string& kernel, const Mode& mode) {
  const char* core = is_armv6m(mode) ? "-cortex-m0plus" : "-cortex-m7";
  const emulator::Image image =
      emulator::load_image(std::string(MCUSIM_BENCH_KERNELS) + "/" + kernel + core + ".elf");
  NativeRun reference(image, kModes[0]);
  const emulator::Stop stop = reference.run();
  if (stop.reason != emulator::StopReason::self_branch) {
    state.SkipWithError(("native core: " + stop.detail).c_str());
    return;
  }
  const auto instructions = static_cast<double>(reference.engine.counters().instructions);
  if (mode.engine == Mode::native) {
    NativeRun native(image, mode);
    for (auto _ : state) benchmark::DoNotOptimize(native.run());
  } else {
    UnicornRunner unicorn(image, mode.hooks);
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

/// The same kernel on an SPC58EC80 with its devices.
void run_power(benchmark::State& state, const std::string& kernel, const std::string& timing) {
  const mcu_models::McuModel mcu = mcu_models::load_mcu("spc58ec80");
  const emulator::Image image = emulator::load_image_for(
      mcu.core.architecture, std::string(MCUSIM_BENCH_KERNELS) + "/" + kernel + "-e200.elf");
  emulator::MachineOptions options;
  options.timing = timing;
  emulator::Machine machine(mcu, mcu_models::load_board(mcu, ""), options);
  emulator::Stop stop;
  for (auto _ : state) {
    machine.load(image);
    stop = machine.run({});
  }
  if (stop.reason != emulator::StopReason::self_branch) state.SkipWithError(("e200: " + stop.detail).c_str());
  state.counters["MIPS"] =
      benchmark::Counter(static_cast<double>(machine.engine().counters().instructions) * 1e-6,
                         benchmark::Counter::kIsIterationInvariantRate);
}

const bool kRegistered = [] {
  for (const std::string kernel : {"convolution", "mix", "matrix_vector"}) {
    for (const std::string timing : {"off", "table", "full"}) {
      benchmark::RegisterBenchmark((kernel + "/e200_" + timing).c_str(), [kernel,
                                                                          timing](benchmark::State& state) {
        run_power(state, kernel, timing);
      })->Unit(benchmark::kMillisecond);
    }
    for (const Mode& mode : kModes) {
      if (is_armv6m(mode) && kernel == "matrix_vector") continue;
      benchmark::RegisterBenchmark((kernel + "/" + mode.name).c_str(), [kernel,
                                                                        &mode](benchmark::State& state) {
        run(state, kernel, mode);
      })->Unit(benchmark::kMillisecond);
    }
  }
  return true;
}();

}  // namespace
}  // namespace mcusim::bench

BENCHMARK_MAIN();
