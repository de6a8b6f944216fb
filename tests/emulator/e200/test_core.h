#pragma once

#include <cstdint>
#include <vector>

#include "book_e_core.h"
#include "emulator/e200/core.h"
#include "emulator/e200/native_engine.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator::e200 {

inline constexpr Address kCode = 0x01000000, kData = 0x40000000;

inline mcu_models::McuModel test_mcu() {
  mcu_models::McuModel mcu;
  mcu.name = "test-z4";
  mcu.core.name = "e200z4";
  return mcu;
}

/// The native core on 64 KiB of code memory and as much RAM, floating point enabled.
class TestCore {
 public:
  TestCore() : engine_(mcu_, bus_, scheduler_) {
    bus_.add_memory("code", kCode, 0x10000, true);
    bus_.add_memory("data", kData, 0x10000, true);
    engine_.reset(kCode);
  }

  NativeEngine& engine() { return engine_; }
  Bus& bus() { return bus_; }
  Scheduler& scheduler() { return scheduler_; }

  void load(Address address, const std::vector<std::uint8_t>& bytes) {
    bus_.load(address, bytes.data(), bytes.size());
    engine_.memory_changed(address, bytes.size());
  }

  /// One instruction of 16 or 32 bits.
  Stop execute(std::uint32_t instruction, bool wide, TestState& state) {
    std::vector<std::uint8_t> bytes;
    for (int byte = wide ? 3 : 1; byte >= 0; --byte)
      bytes.push_back(static_cast<std::uint8_t>(instruction >> byte * 8));
    load(kCode, bytes);
    CoreRegisters registers;
    registers.r = state.r;
    registers.cr = state.cr;
    registers.xer = state.xer;
    registers.lr = state.lr;
    registers.ctr = state.ctr;
    registers.msr = 0x02000000;
    registers.pc = kCode;
    engine_.core().set_registers(registers);
    const Stop stop = engine_.step();
    registers = engine_.core().registers();
    state = {registers.r, registers.cr, registers.xer, registers.lr, registers.ctr};
    return stop;
  }

 private:
  mcu_models::McuModel mcu_ = test_mcu();
  Bus bus_;
  Scheduler scheduler_;
  NativeEngine engine_;
};

}  // namespace mcusim::emulator::e200
