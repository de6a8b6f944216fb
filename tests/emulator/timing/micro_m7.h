#pragma once

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "emulator/cortex_m/core.h"
#include "emulator/cortex_m/native_engine.h"
#include "emulator/image/image.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// The programs of firmware/micro_m7.S on a Cortex-M7 part with memories but no peripherals.
class MicroM7 {
 public:
  static constexpr Address kDtcm = 0x20000000, kAxiSram = 0x24000000, kFlash = 0x08000000;

  explicit MicroM7(const std::string& part)
      : mcu_(mcu_models::load_mcu(part)),
        image_(load_image(MCUSIM_MICRO_PROGRAMS_M7)),
        engine_(mcu_, bus_, scheduler_, {cortex_m::NativeOptions::Timing::full}) {
    bus_.add_memory("itcm", 0, 0x10000, true);
    bus_.add_memory("flash", kFlash, 0x40000, false);
    bus_.add_memory("dtcm", kDtcm, 0x20000, true);
    bus_.add_memory("axi_sram", kAxiSram, 0x10000, true);
    for (const Segment& segment : image_.segments)
      bus_.load(segment.address, segment.bytes.data(), segment.bytes.size());
  }

  cortex_m::NativeEngine& engine() { return engine_; }
  Address symbol(const std::string& name) const { return image_.find_symbol(name)->address & ~1u; }

  /// A register of the flash interface or of the clocks, as the firmware would have set it.
  void set_register(const mcu_models::RegisterBits& bits, std::uint32_t value) {
    if (pages_.insert(bits.address & ~0xfffu).second)
      bus_.add_memory("registers", bits.address & ~0xfffu, 0x1000, true);
    const std::uint32_t word = value << bits.shift;
    bus_.load(bits.address, &word, 4);
  }
  /// Wait states and the divider between core and bus: 1 or 2.
  void set_flash(unsigned wait_states, unsigned bus_ratio) {
    set_register(mcu_.flash_timing->latency, wait_states);
    set_register(*mcu_.flash_timing->bus_divider, bus_ratio == 2 ? 8 : 0);
  }

  void fill(Address address, const std::vector<std::uint32_t>& words) {
    bus_.load(address, words.data(), 4 * words.size());
  }

  /// Resets, then runs with both caches as told up to where programs may start.
  void start(bool caches_on) {
    engine_.reset(0);
    Registers registers = engine_.registers();
    registers.r = {};
    registers.r[0] = 0xe000ed14;  // CCR
    registers.r[1] = caches_on ? 3u << 16 : 0;
    registers.r[15] = symbol("configure");
    run(registers, "configured");
  }

  /// Runs with `registers` until `label`, which must be reached.
  void run(const Registers& registers, const std::string& label) {
    engine_.set_registers(registers);
    engine_.core().state.fp_ready = true;
    engine_.add_probe(symbol(label));
    arrive(symbol(label));
  }
  void arrive(Address label) { EXPECT_EQ(engine_.run({}).pc, label); }

  /// Cycles a round of a loop, once its branches are known.
  double cycles_a_round(const std::string& name) {
    constexpr int kWarm = 64, kRounds = 32;
    engine_.reset(0);
    fill(kDtcm + 0x400, {kDtcm + 0x400});
    Registers registers = engine_.registers();
    registers.r = {kDtcm + 0x100,
                   kDtcm + 0x1000,
                   kDtcm + 0x8004,
                   4,
                   1,
                   9,
                   7,
                   0,
                   12,
                   kDtcm + 0x400,
                   kDtcm + 0x204,
                   3,
                   1'000'000,
                   kDtcm + 0x10000,
                   0,
                   0};
    if (name == "reverse_to_address") registers.r[9] = 0;
    const Address loop = symbol(name);
    registers.r[15] = loop;
    run(registers, name);
    for (int i = 0; i < kWarm; ++i) arrive(loop);
    const Cycles start = engine_.counters().cycles;
    for (int i = 0; i < kRounds; ++i) arrive(loop);
    return static_cast<double>(engine_.counters().cycles - start) / kRounds;
  }

 private:
  mcu_models::McuModel mcu_;
  Image image_;
  Bus bus_;
  Scheduler scheduler_;
  cortex_m::NativeEngine engine_;
  std::set<Address> pages_;
};

}  // namespace mcusim::emulator
