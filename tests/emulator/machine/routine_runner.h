#pragma once

#include <gtest/gtest.h>

#include <string>

#include "emulator/machine.h"
#include "tests/emulator/test_mcu.h"

namespace mcusim::emulator {

inline std::string program(const std::string& name) {
  return std::string(MCUSIM_TEST_PROGRAMS "/") + name + ".elf";
}

/// A machine with programs/routines.S in flash that runs one routine after the other.
class RoutineRunner : public ::testing::Test {
 protected:
  explicit RoutineRunner(const std::string& engine = "unicorn")
      : image_(load_image(program("routines"))),
        machine_(test_mcu(), test_board(),
                 {.engine = engine, .console = [this](std::string_view text) { console_ += text; }}) {
    machine_.load(image_);
  }

  Address address(const std::string& symbol) const {
    const Symbol* found = image_.find_symbol(symbol);
    EXPECT_NE(found, nullptr) << symbol;
    return found == nullptr ? 0 : found->address;
  }

  /// Runs from `symbol` on, with the stack at the top of RAM and at most 10,000 cycles.
  Stop run(const std::string& symbol) {
    Registers registers;
    registers.r[13] = registers.msp = 0x20010000;
    registers.r[14] = 0xffffffff;
    registers.r[15] = address(symbol);
    registers.xpsr = 1u << 24;
    machine_.engine().set_registers(registers);
    before_ = machine_.engine().counters();
    return resume();
  }

  Stop resume() { return machine_.run({.cycles = before_.cycles + 10'000}); }

  std::uint32_t reg(int number) { return machine_.engine().registers().r[static_cast<std::size_t>(number)]; }
  Cycles cycles() { return machine_.engine().counters().cycles - before_.cycles; }
  std::uint64_t instructions() { return machine_.engine().counters().instructions - before_.instructions; }
  std::uint64_t skipped() { return machine_.engine().counters().skipped - before_.skipped; }

  std::string console_;
  Image image_;
  Machine machine_;
  Counters before_;
};

}  // namespace mcusim::emulator
