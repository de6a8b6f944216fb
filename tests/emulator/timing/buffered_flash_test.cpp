#include "emulator/timing/buffered_flash.h"

#include <gtest/gtest.h>

#include "common/error.h"

// Flash of the STM32G0 at 2 wait states: a line of 8 bytes takes 3 cycles, the first of which is the access.
namespace mcusim::emulator {
namespace {

constexpr std::uint32_t kWaitStates = 2, kPrefetch = 1u << 8, kKeep = 1u << 9;

class BufferedFlashTest : public ::testing::Test {
 protected:
  BufferedFlash make(std::uint32_t control) {
    BufferedFlash flash(mcu_models::load_mcu("stm32g0b1"), [control](Address) { return control; });
    flash.reset();
    return flash;
  }
};

TEST_F(BufferedFlashTest, ReadsALineInOnePlusTheWaitStates) {
  BufferedFlash flash = make(kWaitStates);
  EXPECT_EQ(flash.fetch(10, 100), 2u);
  EXPECT_EQ(flash.fetch(11, 103), 2u);
}

TEST_F(BufferedFlashTest, FollowsTheWaitStatesThatAreProgrammed) {
  EXPECT_EQ(make(0).fetch(10, 100), 0u);
  EXPECT_EQ(make(1).fetch(10, 100), 1u);
}

TEST_F(BufferedFlashTest, ReadsTheNextLineAhead) {
  BufferedFlash flash = make(kWaitStates | kPrefetch);
  EXPECT_EQ(flash.fetch(10, 100), 2u);  // until 102; the next one from 103 to 105
  EXPECT_EQ(flash.fetch(11, 106), 0u);
}

TEST_F(BufferedFlashTest, WaitsForWhatIsLeftOfTheReadAhead) {
  BufferedFlash flash = make(kWaitStates | kPrefetch);
  flash.fetch(10, 100);
  EXPECT_EQ(flash.fetch(11, 104), 1u);
}

TEST_F(BufferedFlashTest, ABranchElsewhereWaitsForTheReadAhead) {
  BufferedFlash flash = make(kWaitStates | kPrefetch);
  flash.fetch(10, 100);
  EXPECT_EQ(flash.fetch(50, 104), 2u + 2u);  // to 105, then its own from 106 to 108
}

TEST_F(BufferedFlashTest, KeepsFourLinesBesideTheOneInUse) {
  BufferedFlash flash = make(kWaitStates | kKeep);
  for (BufferedFlash::Line line = 10; line < 15; ++line) flash.fetch(line, 100 * line);
  for (BufferedFlash::Line line = 10; line < 15; ++line)
    EXPECT_EQ(flash.fetch(line, 100 * line + 5000), 0u) << line;
}

TEST_F(BufferedFlashTest, ALoopOfSixLinesReadsEachAgain) {
  BufferedFlash flash = make(kWaitStates | kKeep);
  for (BufferedFlash::Line line = 10; line < 16; ++line) flash.fetch(line, 100 * line);
  for (BufferedFlash::Line line = 10; line < 16; ++line)
    EXPECT_EQ(flash.fetch(line, 100 * line + 5000), 2u) << line;
}

TEST_F(BufferedFlashTest, KeepsNothingWhenItIsSwitchedOff) {
  BufferedFlash flash = make(kWaitStates);
  flash.fetch(10, 100);
  flash.fetch(11, 200);
  EXPECT_EQ(flash.fetch(10, 300), 2u);
}

TEST_F(BufferedFlashTest, DataHasALineOfItsOwn) {
  BufferedFlash flash = make(kWaitStates);
  EXPECT_EQ(flash.data(0x08001000, 100), 2u);
  EXPECT_EQ(flash.data(0x08001007, 110), 0u);
  EXPECT_EQ(flash.data(0x08001008, 120), 2u);
  EXPECT_EQ(flash.data(0x08001000, 130), 2u);
}

TEST_F(BufferedFlashTest, ADataReadTakesThePortFromTheReadAhead) {
  BufferedFlash flash = make(kWaitStates | kPrefetch);
  flash.fetch(10, 100);                        // the next one from 103
  EXPECT_EQ(flash.data(0x08001000, 104), 2u);  // at once, to 106; the read ahead again from 107 to 109
  EXPECT_EQ(flash.fetch(11, 108), 1u);
}

TEST(BufferedFlash, RefusesACacheOfAnotherKind) {
  mcu_models::McuModel mcu = mcu_models::load_mcu("stm32g0b1");
  mcu.caches["ICACHE"].ways = 2;
  EXPECT_THROW(BufferedFlash(mcu, [](Address) { return 0u; }), InputError);
}

}  // namespace
}  // namespace mcusim::emulator
