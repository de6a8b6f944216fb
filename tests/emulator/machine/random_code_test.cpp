// Whatever the bytes are that firmware executes, the host survives and the run ends.
#include <map>
#include <random>

#include "tests/emulator/machine/routine_runner.h"

namespace mcusim::emulator {
namespace {

constexpr Address kFlash = 0x08000000, kFlashBytes = 128 * 1024, kProgramBytes = 64;
constexpr int kPrograms = 20'000;
constexpr Cycles kLimit = 300;

std::vector<std::uint8_t> random_flash(std::mt19937& random) {
  std::vector<std::uint8_t> flash(kFlashBytes);
  for (std::uint8_t& byte : flash) byte = static_cast<std::uint8_t>(random());
  const std::uint8_t vectors[] = {0, 0, 1, 0x20, 9, 0, 0, 8};
  std::copy(std::begin(vectors), std::end(vectors), flash.begin());
  return flash;
}

// Registers that often point somewhere.
std::uint32_t random_value(std::mt19937& random) {
  static constexpr std::uint32_t kBases[] = {0x20000000, 0x08000000, 0x40004800, 0xe000e000, 0x2000fff0};
  const std::uint32_t value = random();
  return value % 4 == 0 ? value : kBases[value / 4 % std::size(kBases)] + (value >> 8 & 0xfff);
}

TEST(RandomCode, EndsWithoutHarmToTheHost) {
  std::mt19937 random(20260101);
  Machine machine(test_mcu(), test_board(), {});
  std::map<StopReason, int> ends;
  for (int number = 0; number < kPrograms; ++number) {
    const Address slot = kFlash + 64 + static_cast<Address>(number) * kProgramBytes % (kFlashBytes - 64);
    if (slot == kFlash + 64) {
      Image image;
      image.file = "random";
      image.segments = {{kFlash, random_flash(random)}};
      machine.load(image);
    }
    Registers registers;
    for (std::size_t i = 0; i < 15; ++i) registers.r[i] = random_value(random);
    registers.r[13] = registers.msp = registers.r[13] & ~3u;
    registers.r[15] = slot;
    registers.xpsr = 1u << 24 | (random() & 0xf0000000);
    machine.engine().set_registers(registers);
    const Counters before = machine.engine().counters();
    const Stop stop = machine.run({.cycles = before.cycles + kLimit});
    const Counters after = machine.engine().counters();
    ++ends[stop.reason];
    ASSERT_GE(after.cycles, before.cycles) << "program " << number;
    ASSERT_LE(after.cycles - before.cycles, kLimit + 64) << "program " << number;
    if (stop.reason == StopReason::fault) {
      ASSERT_NE(stop.detail, "") << "program " << number;
      ASSERT_EQ(stop.detail.find("Unicorn ended"), std::string::npos) << stop.detail;
    }
  }
  EXPECT_GT(ends[StopReason::fault], kPrograms / 2);
  EXPECT_GT(ends[StopReason::cycle_limit], 0);
}

}  // namespace
}  // namespace mcusim::emulator
