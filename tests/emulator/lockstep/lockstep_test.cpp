#include <gtest/gtest.h>

#include <vector>

#include "common/error.h"
#include "emulator/machine.h"

namespace mcusim::emulator {
namespace {

constexpr Address kFlash = 0x08000000;

/// A machine with the native core checked by Unicorn, and a program of half-words behind its two vectors.
class LockstepTest : public ::testing::Test {
 protected:
  void load(const std::vector<std::uint16_t>& program) {
    Image image;
    image.file = "program";
    Segment segment{kFlash, {0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08}};
    for (const std::uint16_t half : program) {
      segment.bytes.push_back(static_cast<std::uint8_t>(half));
      segment.bytes.push_back(static_cast<std::uint8_t>(half >> 8));
    }
    image.segments.push_back(segment);
    machine_.load(image);
  }

  mcu_models::McuModel mcu_ = mcu_models::load_mcu("stm32f446");
  Machine machine_{mcu_, mcu_models::load_board(mcu_, ""), {.engine = "native", .lockstep = true}};
};

TEST_F(LockstepTest, EnginesThatAgreeRunToTheEnd) {
  load({0x2005,    // movs r0, #5
        0x2100,    // movs r1, #0
        0x1809,    // 1: adds r1, r1, r0
        0x3801,    // subs r0, #1
        0xd1fc,    // bne 1b
        0x2803,    // cmp r0, #3
        0xbf3c,    // itt lo
        0x3110,    // addlo r1, #16
        0x3101,    // addlo r1, #1
        0xe7fe});  // b .
  const Stop stop = machine_.run({10'000});
  EXPECT_EQ(stop.reason, StopReason::self_branch) << stop.detail;
  EXPECT_EQ(machine_.engine().registers().r[1], 15u + 17u);
}

TEST_F(LockstepTest, DevicesAndSystemRegistersMayAnswerWhatTheyLike) {
  load({0x4802,            // ldr r0, [pc, #8]
        0x6801,            // ldr r1, [r0]
        0x6041,            // str r1, [r0, #4]
        0xe7fe, 0, 0,      // b .
        0xe010, 0xe000});  // SysTick CTRL
  const Stop stop = machine_.run({10'000});
  EXPECT_EQ(stop.reason, StopReason::self_branch) << stop.detail;
}

TEST_F(LockstepTest, AHandlerMayReadWhatEntryHasPushedOnTheProcessStack) {
  load({0x4806,                        // ldr r0, [pc, #24]
        0xf380, 0x8809,                // msr psp, r0
        0x2002, 0xf380, 0x8814,        // movs r0, #2; msr control, r0
        0xf3bf, 0x8f6f,                // isb
        0xdf00,                        // svc #0
        0xe7fe, 0,      0,      0, 0,  // b .
        0x0800, 0x2000, 0,      0,     // the process stack
        0x0031, 0x0800,                // the vector of SVC, here
        0xf3ef, 0x8009,                // mrs r0, psp
        0x6981,                        // ldr r1, [r0, #24]
        0x4770});                      // bx lr
  const Stop stop = machine_.run({10'000});
  EXPECT_EQ(stop.reason, StopReason::self_branch) << stop.detail;
}

TEST_F(LockstepTest, ADifferenceEndsTheRunAndNamesInstructionAndRegister) {
  load({0x2001,    // movs r0, #1
        0x0740,    // lsls r0, r0, #29
        0x6801,    // ldr r1, [r0]
        0xe7fe});  // b .
  // Changed behind the reference's back: the two engines now read different words.
  const std::uint32_t word = 0x1234;
  machine_.bus().load(0x20000000, &word, sizeof word);
  const Stop stop = machine_.run({10'000});
  EXPECT_EQ(stop.reason, StopReason::fault);
  EXPECT_NE(stop.detail.find("after the instruction at 0x0800000c (6801"), std::string::npos) << stop.detail;
  EXPECT_NE(stop.detail.find("r1 native 0x00001234 unicorn 0x00000000"), std::string::npos) << stop.detail;
}

TEST(Lockstep, NeedsTheNativeEngine) {
  const mcu_models::McuModel mcu = mcu_models::load_mcu("stm32f446");
  EXPECT_THROW(Machine(mcu, mcu_models::load_board(mcu, ""), {.engine = "unicorn", .lockstep = true}),
               InputError);
}

}  // namespace
}  // namespace mcusim::emulator
