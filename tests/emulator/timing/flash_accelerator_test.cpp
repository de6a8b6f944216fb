#include "emulator/timing/flash_accelerator.h"

#include <gtest/gtest.h>

#include <algorithm>

// The ART of the STM32L4+ with one bank: lines of 16 bytes, a read takes 1 + wait states. RM0432 ch. 3.
namespace mcusim::emulator {
namespace {

constexpr std::uint32_t kAllOn = 0x705, kWithoutPrefetch = 0x605, kNothingOn = 0x005;

struct Art {
  explicit Art(std::uint32_t control)
      : acr(control), flash(mcu_models::load_mcu("stm32l4r5"), 0x200000, [this](Address) { return acr; }) {
    flash.reset();
  }
  std::uint32_t acr;
  FlashAccelerator flash;
};

TEST(FlashAccelerator, AMissWaitsForTheArray) { EXPECT_EQ(Art(kWithoutPrefetch).flash.fetch(0, 10), 5u); }

TEST(FlashAccelerator, ALineThatWasReadIsKept) {
  Art art(kWithoutPrefetch);
  art.flash.fetch(0, 10);
  art.flash.fetch(64, 30);
  EXPECT_EQ(art.flash.fetch(4, 50), 0u);
}

TEST(FlashAccelerator, WithoutItsCacheALineIsReadAgain) {
  Art art(kNothingOn);
  art.flash.fetch(0, 10);
  art.flash.fetch(64, 30);
  EXPECT_EQ(art.flash.fetch(4, 50), 5u);
}

TEST(FlashAccelerator, WaitStatesAreThoseProgrammedLast) {
  Art art(kWithoutPrefetch);
  art.acr = 0x602;
  art.flash.refresh();
  EXPECT_EQ(art.flash.fetch(0, 10), 2u);
}

TEST(FlashAccelerator, TheNextLineIsReadAheadOnceThePortIsFree) {
  Art art(kAllOn);
  EXPECT_EQ(art.flash.fetch(0, 10), 5u);   // The array is read in 10 to 15, the next line in 16 to 21.
  EXPECT_EQ(art.flash.fetch(16, 19), 2u);  // 19 + 2: delivered in 21.
  EXPECT_EQ(art.flash.fetch(32, 40), 0u);  // Read in 22 to 27.
}

TEST(FlashAccelerator, TheCacheHolds64LinesAndGivesUpTheOldest) {
  Art art(kWithoutPrefetch);
  for (unsigned line = 0; line < 64; ++line) art.flash.fetch(line * 16, 100 * (line + 1));
  EXPECT_EQ(art.flash.fetch(0, 10'000), 0u);
  EXPECT_EQ(art.flash.fetch(64 * 16, 10'100), 5u);
  EXPECT_EQ(art.flash.fetch(0, 10'200), 0u);
  EXPECT_EQ(art.flash.fetch(16, 10'300), 5u) << "line 1 was the oldest";
}

TEST(FlashAccelerator, DataWaitsForAnInstructionReadThatRuns) {
  Art art(kWithoutPrefetch);
  art.flash.fetch(0, 10);  // 10 to 15.
  EXPECT_EQ(art.flash.data(0x1000, 12),
            9u);  // Begins in 16, that is 4 later, and delivers 5 later than a hit.
}

TEST(FlashAccelerator, DataOfOneLineIsReadOnce) {
  Art art(kAllOn);
  EXPECT_EQ(art.flash.data(0x1000, 10), 5u);
  EXPECT_EQ(art.flash.data(0x100c, 20), 0u);
}

TEST(FlashAccelerator, DataGoesBeforeAReadAheadThatHasNotBegun) {
  Art art(kAllOn);
  art.flash.fetch(0, 10);  // Read ahead planned for 16.
  EXPECT_EQ(art.flash.data(0x1000, 16), 11u) << "it begins in the same cycle and runs to 21";
  Art earlier(kAllOn);
  earlier.flash.fetch(0, 10);
  EXPECT_EQ(earlier.flash.data(0x1000, 15), 6u) << "read in 16 to 21; the read ahead follows";
}

struct Family {
  const char* part;
  std::uint32_t control;  ///< 5 wait states (F1: 2), prefetch and caches on where there are any.
  Cycles wait;
  Address read;                     ///< Bytes that one read delivers.
  unsigned code_lines, data_lines;  ///< Kept; 0: none.
};

class FamilyOfFlash : public ::testing::TestWithParam<Family> {
 protected:
  FamilyOfFlash()
      : flash(mcu_models::load_mcu(GetParam().part), 0x10000, [this](Address) { return control; }) {
    flash.reset();
  }
  void without_prefetch() {
    control &= ~(GetParam().code_lines == 0 ? 0x10u : 0x100u);
    flash.refresh();
  }
  std::uint32_t control = GetParam().control;
  FlashAccelerator flash;
};

TEST_P(FamilyOfFlash, DeliversAReadAndReadsTheNextOneAhead) {
  const auto& [part, acr, wait, read, code_lines, data_lines] = GetParam();
  EXPECT_EQ(flash.fetch(0, 10), wait);
  EXPECT_EQ(flash.fetch(read - 4, 30), 0u) << "the read's last word";
  EXPECT_EQ(flash.fetch(read, 50), 0u) << "read ahead";
  EXPECT_EQ(flash.fetch(8 * read, 100), wait) << "elsewhere";
}

TEST_P(FamilyOfFlash, KeepsAsManyLinesOfCodeAsItsCacheHolds) {
  const auto& [part, acr, wait, read, code_lines, data_lines] = GetParam();
  without_prefetch();
  const unsigned lines = std::max(code_lines, 1u);
  for (unsigned line = 0; line < lines; ++line) flash.fetch(line * read, 100 * (line + 1));
  EXPECT_EQ(flash.fetch(0, 100'000), 0u);
  flash.fetch(lines * read, 100'100);
  EXPECT_EQ(flash.fetch(0, 100'200), code_lines > 1 ? 0u : wait) << "used last";
  if (code_lines > 1) {
    EXPECT_EQ(flash.fetch(read, 100'300), wait) << "the oldest";
  }
}

TEST_P(FamilyOfFlash, KeepsDataWhereItHasACacheForThem) {
  const auto& [part, acr, wait, read, code_lines, data_lines] = GetParam();
  EXPECT_EQ(flash.data(0x1000, 10), wait);
  EXPECT_EQ(flash.data(0x1000 + read - 4, 100), data_lines != 0 ? 0 : wait);
}

INSTANTIATE_TEST_SUITE_P(Manuals, FamilyOfFlash,
                         ::testing::Values(Family{"stm32f407", 0x705, 5, 16, 64, 8},
                                           Family{"stm32l476", 0x704, 4, 8, 128, 32},
                                           Family{"stm32g474", 0x705, 5, 8, 128, 32},
                                           Family{"stm32l4r5", 0x705, 5, 16, 64, 8},
                                           Family{"stm32f103", 0x12, 2, 8, 0, 0}),
                         [](const auto& row) { return std::string(row.param.part); });

}  // namespace
}  // namespace mcusim::emulator
