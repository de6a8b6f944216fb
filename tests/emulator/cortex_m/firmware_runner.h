#pragma once

#include <map>
#include <string>
#include <vector>

#include "emulator/cortex_m/core.h"
#include "emulator/cortex_m/native_engine.h"
#include "emulator/image/image.h"
#include "test_cores.h"

namespace mcusim::emulator::cortex_m::testing {

using Notes = std::vector<std::uint32_t>;

inline constexpr Address kRam = 0x20000000;

/// A program of firmware/, built for a core: flash with it, RAM, and the native engine.
struct FirmwareRunner {
  FirmwareRunner(const std::string& program, const std::string& core,
                 NativeOptions::Timing timing = NativeOptions::Timing::table,
                 const std::map<std::string, mcu_models::InstructionCost>& costs = {})
      : mcu(with_costs(make_core(core), costs)),
        image(load_image(std::string(MCUSIM_TEST_FIRMWARE) + "/" + program + "_" + core + ".elf")),
        engine(mcu, bus, scheduler, {timing, {}}) {
    bus.add_memory("flash", 0x08000000, 0x10000, false);
    bus.add_memory("ram", kRam, 0x10000, true);
    for (const Segment& segment : image.segments)
      bus.load(segment.address, segment.bytes.data(), segment.bytes.size());
  }

  Address symbol(const char* name) const { return image.find_symbol(name)->address; }

  /// Prepares a scenario: the core stands at reset, with these vectors.
  void prepare(std::uint32_t number, const char* vectors = "kVectors") {
    bus.load(symbol("scenario"), &number, 4);
    engine.reset(symbol(vectors));
  }
  Stop run(std::uint32_t number, const char* vectors = "kVectors") {
    prepare(number, vectors);
    return engine.run({10'000'000});
  }

  /// The first results of the scenario.
  Notes notes(unsigned count) {
    Notes noted(count);
    bus.fetch(symbol("results"), noted.data(), count * 4);
    return noted;
  }

  static mcu_models::McuModel with_costs(mcu_models::McuModel mcu,
                                         const std::map<std::string, mcu_models::InstructionCost>& costs) {
    mcu.core.costs = costs;
    return mcu;
  }

  mcu_models::McuModel mcu;
  Image image;
  Bus bus;
  Scheduler scheduler;
  NativeEngine engine;
};

// The link of an exception taken from Thread mode on MSP without FP state.
inline std::uint32_t thread_link(const std::string& core) {
  return core == "cortex-m33" ? 0xffffffb8u : 0xfffffff9u;
}

inline const auto kCoreName = [](const auto& instance) { return std::string(instance.param + 7); };

}  // namespace mcusim::emulator::cortex_m::testing
