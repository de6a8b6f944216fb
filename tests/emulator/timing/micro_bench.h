#pragma once

#include <gtest/gtest.h>

#include <string>

#include "emulator/cortex_m/core.h"
#include "emulator/cortex_m/native_engine.h"
#include "emulator/image/image.h"

namespace mcusim::emulator {

/// A sequence of instructions in an ELF, between the symbols NAME_from and NAME_to.
struct MicroProgram {
  const char* name;
  Cycles cycles;
  const char* rule;  ///< Where the number comes from.
};

/// The engine with memories but no peripherals: registers read as 0, that is no wait states and no caches.
struct MicroBench {
  static constexpr Address kSram1 = 0x20000000;

  MicroBench(mcu_models::McuModel model, const char* programs)
      : mcu(std::move(model)),
        image(load_image(programs)),
        engine(mcu, bus, scheduler, {cortex_m::NativeOptions::Timing::full}) {
    bus.add_memory("flash", 0x08000000, 0x10000, false);
    bus.add_memory("sram", kSram1, 0x10000, true);
    for (const Segment& segment : image.segments)
      bus.load(segment.address, segment.bytes.data(), segment.bytes.size());
  }

  Address symbol(const std::string& name) const { return image.find_symbol(name)->address & ~1u; }

  /// Cycles between NAME_from and NAME_to. R0 to R2 are addresses in SRAM, the first of a pointer.
  Cycles measure(const std::string& name) {
    engine.reset(0x08000000);
    const std::uint32_t pointer = kSram1 + 0x300;
    bus.load(kSram1 + 0x100, &pointer, 4);
    Registers registers = engine.registers();
    registers.r = {kSram1 + 0x100, kSram1 + 0x200, kSram1 + 0x400, 4, 1, 9, 7, 0, 0, 0, 0, 0xffffffff, 1,
                   kSram1 + 0x1000};
    const Address from = symbol(name + "_from"), to = symbol(name + "_to");
    registers.r[14] = to | 1;
    registers.r[15] = from - 16;
    engine.set_registers(registers);
    engine.core().state.fp_ready = true;
    engine.add_probe(from);
    engine.add_probe(to);
    EXPECT_EQ(engine.run({10'000}).pc, from);
    engine.remove_probe(from);
    const Cycles start = engine.counters().cycles;
    EXPECT_EQ(engine.run({10'000}).pc, to);
    return engine.counters().cycles - start;
  }

  mcu_models::McuModel mcu;
  Image image;
  Bus bus;
  Scheduler scheduler;
  cortex_m::NativeEngine engine;
};

}  // namespace mcusim::emulator
