#include "emulator/timing/cached_flash.h"

#include <gtest/gtest.h>

#include <map>

#include "common/error.h"

// ICACHE and flash of the STM32U5 at 4 wait states: a read of 16 bytes takes 5 cycles, the first of which is
// the access; a refill 2 more.
namespace mcusim::emulator {
namespace {

constexpr Address kFlashAcr = 0x40022000, kIcacheCr = 0x40030400;
constexpr std::uint32_t kPrefetch = 1u << 8;
constexpr std::uint32_t kEnable = 1, kInvalidate = 2, kTwoWays = 4;
constexpr CachedFlash::Line kLinesOfAWay = 8192 / 16 / 2;

class CachedFlashTest : public ::testing::Test {
 protected:
  CachedFlashTest()
      : flash_(mcu_models::load_mcu("stm32u575"), [this](Address address) { return registers_[address]; }) {
    write(kFlashAcr, 4 | kPrefetch);
    write(kIcacheCr, kEnable | kTwoWays);
    flash_.reset();
  }
  void write(Address address, std::uint32_t value) {
    registers_[address] = value;
    flash_.refresh();
  }

  std::map<Address, std::uint32_t> registers_;
  CachedFlash flash_;
};

TEST_F(CachedFlashTest, AMissWaitsForTheReadAndTheRefill) {
  EXPECT_EQ(flash_.fetch(1000, 100), 4u + 2u);
  EXPECT_EQ(flash_.fetch(1000, 110), 0u);
}

TEST_F(CachedFlashTest, TheNextLineIsReadBehindAMiss) {
  flash_.fetch(1000, 100);                 // until 104, the next one until 109
  EXPECT_EQ(flash_.fetch(1001, 120), 2u);  // only the refill
  EXPECT_EQ(flash_.fetch(1002, 200), 2u);  // and so on
}

TEST_F(CachedFlashTest, WaitsForWhatIsLeftOfTheReadOfTheNextLine) {
  flash_.fetch(1000, 100);
  EXPECT_EQ(flash_.fetch(1001, 107), 2u + 2u);  // delivered in 109
}

TEST_F(CachedFlashTest, OtherMissesWaitForTheRunningRead) {
  flash_.fetch(1000, 100);
  EXPECT_EQ(flash_.fetch(2000, 107), 3u + 4u + 2u);  // free from 110 on
}

TEST_F(CachedFlashTest, TwoWaysKeepTheTwoLinesUsedLast) {
  const CachedFlash::Line a = 1000, b = a + kLinesOfAWay, c = b + kLinesOfAWay;
  for (const CachedFlash::Line line : {a, b, a, c}) flash_.fetch(line, 100 * line);
  EXPECT_TRUE(flash_.hit(a));
  EXPECT_TRUE(flash_.hit(c));
  EXPECT_FALSE(flash_.hit(b));
}

TEST_F(CachedFlashTest, OneWayIsAsLarge) {
  write(kIcacheCr, kEnable);
  const CachedFlash::Line a = 1000, b = a + kLinesOfAWay, c = b + kLinesOfAWay;
  flash_.fetch(a, 100);
  flash_.fetch(b, 200);
  EXPECT_TRUE(flash_.hit(a));
  flash_.fetch(c, 300);
  EXPECT_FALSE(flash_.hit(a));
}

TEST_F(CachedFlashTest, InvalidatingEmptiesIt) {
  flash_.fetch(1000, 100);
  write(kIcacheCr, kEnable | kTwoWays | kInvalidate);
  EXPECT_FALSE(flash_.hit(1000));
}

TEST_F(CachedFlashTest, NoLineIsReadAheadWithoutPrefetch) {
  write(kFlashAcr, 4);
  flash_.fetch(1000, 100);
  EXPECT_EQ(flash_.fetch(1001, 120), 4u + 2u);
}

TEST_F(CachedFlashTest, SwitchedOffThereIsOnlyTheLineReadLast) {
  write(kFlashAcr, 4);
  write(kIcacheCr, kTwoWays);
  EXPECT_EQ(flash_.fetch(1000, 100), 4u);
  EXPECT_EQ(flash_.fetch(1000, 110), 0u);
  EXPECT_EQ(flash_.fetch(1001, 120), 4u);
  EXPECT_EQ(flash_.fetch(1000, 130), 4u);
}

TEST_F(CachedFlashTest, SwitchedOffThePrefetchBitReadsTheNextLine) {
  write(kIcacheCr, kTwoWays);
  write(kFlashAcr, 4 | kPrefetch);
  flash_.fetch(1000, 100);
  EXPECT_EQ(flash_.fetch(1001, 120), 0u);
}

TEST_F(CachedFlashTest, FollowsTheWaitStatesThatAreProgrammed) {
  write(kFlashAcr, 1 | kPrefetch);
  EXPECT_EQ(flash_.fetch(1000, 100), 1u + 2u);
}

TEST_F(CachedFlashTest, CountsAccessesAndMisses) {
  for (const CachedFlash::Line line : {1000u, 1000u, 1001u}) flash_.fetch(line, 100);
  EXPECT_EQ(flash_.counters().accesses, 3u);
  EXPECT_EQ(flash_.counters().misses, 2u);
}

TEST(CachedFlash, RefusesACacheOfAnotherKind) {
  mcu_models::McuModel mcu = mcu_models::load_mcu("stm32u575");
  mcu.caches["ICACHE"].line = 32;
  EXPECT_THROW(CachedFlash(mcu, [](Address) { return 0u; }), InputError);
}

}  // namespace
}  // namespace mcusim::emulator
