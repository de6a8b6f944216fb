#include <gtest/gtest.h>

#include <string>

#include "emulator/e200/core.h"
#include "emulator/image/image.h"
#include "powerpc_binutils.h"
#include "test_core.h"

// Programs of a few instructions, written as for the assembler.
namespace mcusim::emulator::e200 {
namespace {

class Program : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_powerpc_binutils()) GTEST_SKIP() << "binutils-powerpc-linux-gnu is not installed";
  }

  /// Runs from the start of the code until it ends; handlers are at kCode + 0x1000 + 16 * IVOR number.
  Stop run(const std::string& source, Cycles limit = 100'000) {
    core_.load(kCode, assemble(source, kCode));
    core_.engine().reset(kCode);
    core_.engine().core().set_spr(spr::ivpr, kCode);
    for (std::uint16_t number = 0; number < 16; ++number)
      core_.engine().core().set_spr(static_cast<std::uint16_t>(spr::ivor0 + number), 0x1000u + number * 16u);
    return core_.engine().run({limit});
  }
  std::uint32_t r(unsigned index) { return core_.engine().core().registers().r[index]; }

  TestCore core_;
};

const std::string kEnd = "\nend: se_b end\n";

TEST_F(Program, SumsALoop) {
  const Stop stop =
      run("e_li r3,0\n e_li r4,10\n mtctr r4\nloop: add r3,r3,r4\n se_subi r4,1\n e_bdnz loop" + kEnd);
  EXPECT_EQ(stop.reason, StopReason::self_branch);
  EXPECT_EQ(r(3), 55u);
  EXPECT_EQ(core_.engine().counters().instructions, 3u + 30u + 1u);
}

TEST_F(Program, SystemCallReturnsBehindItself) {
  const Stop stop = run(
      "e_li r3,1\n se_sc\n e_add16i r3,r3,1\n e_b end\n .org 0x1080\n e_add16i r3,r3,100\n se_rfi" + kEnd);
  EXPECT_EQ(stop.reason, StopReason::self_branch);
  EXPECT_EQ(r(3), 102u);
}

TEST_F(Program, MemoryIsBigEndian) {
  run("e_lis r5,0x4000\n e_lis r3,0x1122\n e_or2i r3,0x3344\n e_stw r3,0(r5)\n e_lbz r6,0(r5)\n e_lhz "
      "r7,2(r5)\n"
      "e_li r8,4\n lwbrx r9,r0,r5" +
      kEnd);
  EXPECT_EQ(r(6), 0x11u);
  EXPECT_EQ(r(7), 0x3344u);
  std::uint8_t bytes[4];
  core_.bus().fetch(0x40000000, bytes, 4);
  EXPECT_EQ(bytes[3], 0x44);
}

TEST_F(Program, AccessToNothingIsToldWithItsPcWhenNoHandlerIsThere) {
  core_.load(kCode, assemble("e_lis r5,0x7000\n se_nop\n e_lwz r3,4(r5)" + kEnd, kCode));
  core_.engine().reset(kCode);
  const Stop stop = core_.engine().run({1000});
  EXPECT_EQ(stop.reason, StopReason::fault);
  ASSERT_TRUE(stop.fault);
  EXPECT_EQ(stop.fault->exception, "Machine check");
  EXPECT_EQ(stop.fault->cause, "read of 0x70000004, where nothing is");
  EXPECT_EQ(stop.fault->pc, kCode + 6);
}

TEST_F(Program, AFrameBelowTheEndOfItsStackIsAFaultAndIsNotMade) {
  Image image;
  image.symbols = {{"__stack_limit", kData + 0x100, 0}, {"__stack_top", kData + 0x200, 0}};
  core_.engine().set_stack_areas(StackAreas(image));
  const Stop stop = run("e_lis r1,0x4000\n e_or2i r1,0x200\nagain: e_stwu r1,-0x40(r1)\n e_b again" + kEnd);
  ASSERT_TRUE(stop.fault) << stop.detail;
  EXPECT_EQ(stop.fault->exception, FaultRecord::kStackOverflow);
  EXPECT_EQ(stop.fault->cause, "the stack pointer falls below 0x40000100 (__stack_limit)");
  EXPECT_EQ(stop.fault->pc, kCode + 8);
  EXPECT_EQ(r(1), kData + 0x100) << "four frames fit exactly";
}

TEST_F(Program, AHandlerMayRepairAFault) {
  const Stop stop =
      run("e_lis r5,0x7000\n e_lwz r3,0(r5)\n e_b end\n .org 0x1010\n mfspr r6,570\n mfspr r7,573\n se_addi "
          "r6,4\n"
          "mtspr 570,r6\n se_rfmci" +
          kEnd);
  EXPECT_EQ(stop.reason, StopReason::self_branch);
  EXPECT_EQ(r(7), 0x70000000u) << "MCAR";
}

TEST_F(Program, FirmwareThatHangsInItsFaultHandlerHasFaulted) {
  const Stop stop = run("e_lis r5,0x7000\n e_stw r3,0(r5)" + kEnd + ".org 0x1010\nhang: se_b hang");
  EXPECT_EQ(stop.reason, StopReason::fault);
  ASSERT_TRUE(stop.fault);
  EXPECT_EQ(stop.fault->cause, "write to 0x70000000, where nothing is that can be written");
}

TEST_F(Program, BookECodeIsAProgramInterrupt) {
  const Stop stop = run(".long 0x7c000278\n .long 0\n" + kEnd + ".org 0x1060\n mfspr r3,62\nhang: se_b hang");
  EXPECT_EQ(stop.reason, StopReason::fault);
  EXPECT_NE(stop.detail.find("Book E"), std::string::npos) << stop.detail;
  EXPECT_EQ(r(3), kEsrIllegal | kEsrVle);
}

TEST_F(Program, AnUnknownSpecialPurposeRegisterEndsTheRunWithItsNumberAndPc) {
  const Stop stop = run("se_nop\n mfspr r3,777" + kEnd);
  EXPECT_EQ(stop.reason, StopReason::fault);
  EXPECT_NE(stop.detail.find("special purpose register 777"), std::string::npos) << stop.detail;
  EXPECT_EQ(stop.fault->pc, kCode + 2);
}

TEST_F(Program, ProblemStateMayNotTouchTheMachineState) {
  const Stop stop = run("e_li r3,0x4000\n mtmsr r3\n mfmsr r4" + kEnd + ".org 0x1060\nhang: se_b hang");
  EXPECT_EQ(stop.reason, StopReason::fault);
  EXPECT_NE(stop.detail.find("privileged"), std::string::npos) << stop.detail;
}

TEST_F(Program, FloatingPointNeedsItsBitInMsr) {
  const Stop stop = run("efsadd r3,r4,r5" + kEnd);
  EXPECT_EQ(stop.reason, StopReason::fault);
  EXPECT_NE(stop.detail.find("MSR[SPE]"), std::string::npos) << stop.detail;
}

TEST_F(Program, UnalignedMultiplesInterruptAndWordsDoNot) {
  const Stop stop = run("e_lis r5,0x4000\n e_lwz r3,1(r5)\n e_lmw r28,2(r5)" + kEnd +
                        ".org 0x1050\n mfspr r6,61\nhang: se_b hang");
  EXPECT_EQ(stop.reason, StopReason::fault);
  EXPECT_EQ(r(6), 0x40000002u) << "DEAR";
}

TEST_F(Program, TheDecrementerInterrupts) {
  const Stop stop =
      run("e_lis r3,0x0400\n mtspr 340,r3\n e_li r4,100\n mtspr 22,r4\n wrteei 1\nwait: e_cmp16i r5,0\n "
          "se_beq wait\n e_b end\n"
          ".org 0x10a0\n e_lis r6,0x0800\n mtspr 336,r6\n se_li r5,1\n se_rfi" +
          kEnd);
  EXPECT_EQ(stop.reason, StopReason::self_branch);
  EXPECT_EQ(r(5), 1u);
  EXPECT_GE(core_.engine().counters().cycles, 100u);
}

TEST_F(Program, TheFixedIntervalTimerInterruptsWhenItsBitOfTheTimeBaseRises) {
  // Bit 56 counted from the highest: every 256 cycles, first after 128.
  const Stop stop =
      run("e_li r3,0x4000\n mtspr 1008,r3\n e_lis r4,0x0081\n e_or2i r4,0xc000\n mtspr 340,r4\n wrteei 1\n"
          "wait: e_cmp16i r5,3\n e_bne wait\n wrteei 0\n e_b end\n"
          ".org 0x10b0\n e_lis r6,0x0400\n mtspr 336,r6\n se_addi r5,1\n se_rfi" +
          kEnd);
  EXPECT_EQ(stop.reason, StopReason::self_branch);
  EXPECT_EQ(r(5), 3u);
  const Cycles cycles = core_.engine().counters().cycles;
  EXPECT_GE(cycles, 128u + 2 * 256);
  EXPECT_LT(cycles, 128u + 2 * 256 + 60);
}

// Bit 57 of the time base: every 128 cycles.
const std::string kWatchdog =
    "e_li r3,0x4000\n mtspr 1008,r3\n e_lis r4,0x481c\n mtspr 340,r4\n e_lis r3,0x0002\n e_or2i r3,0x8000\n "
    "mtmsr r3\nwait: e_cmp16i r5,2\n e_bne wait\n mfmsr r9\n se_li r3,0\n "
    "mtmsr r3\n e_b end\n";

TEST_F(Program, TheWatchdogTimerInterruptsAtTheCriticalLevelTheSecondTime) {
  const Stop stop = run(kWatchdog +
                        ".org 0x10c0\n mfspr r6,58\n mfspr r7,59\n mfmsr r8\n e_lis r10,0x4000\n"
                        " mtspr 336,r10\n se_addi r5,1\n se_rfci" +
                        kEnd);
  EXPECT_EQ(stop.reason, StopReason::self_branch) << stop.detail;
  EXPECT_EQ(r(5), 2u);
  EXPECT_GE(r(6), kCode + 26) << "CSRR0: in the loop";
  EXPECT_EQ(r(7), 0x00028000u) << "CSRR1";
  EXPECT_EQ(r(8), 0u) << "neither critical nor external interrupts in the handler";
  EXPECT_EQ(r(9), 0x00028000u) << "rfci";
  const Cycles cycles = core_.engine().counters().cycles;
  EXPECT_GE(cycles, 64u + 2 * 128) << "armed, interrupted, interrupted";
  EXPECT_LT(cycles, 64u + 2 * 128 + 60);
}

TEST_F(Program, TheWatchdogTimerThatIsNotServedResetsTheThirdTimeIfItMay) {
  // Without its interrupt, and with a reset of the core.
  const Stop stop =
      run("e_li r3,0x4000\n mtspr 1008,r3\n e_lis r4,0x501c\n mtspr 340,r4\nwait: se_addi r5,1\n e_b wait" +
          kEnd);
  EXPECT_EQ(stop.reason, StopReason::fault);
  ASSERT_TRUE(stop.fault);
  EXPECT_EQ(stop.fault->exception, "Watchdog reset");
  EXPECT_GE(core_.engine().counters().cycles, 64u + 2 * 128);
}

TEST_F(Program, VolatileContextRestoresWhatItSaved) {
  const Stop stop =
      run("e_lis r13,0x4000\n se_li r3,3\n e_li r12,12\n e_stmvgprw 0(r13)\n e_stmvsprw 64(r13)\n se_li "
          "r3,0\n e_li r12,0\n"
          "e_lmvsprw 64(r13)\n e_lmvgprw 0(r13)" +
          kEnd);
  EXPECT_EQ(stop.reason, StopReason::self_branch);
  EXPECT_EQ(r(3), 3u);
  EXPECT_EQ(r(12), 12u);
}

TEST_F(Program, AReservationEndsWithItsStore) {
  run("e_lis r5,0x4000\n se_li r3,7\n lwarx r6,r0,r5\n stwcx. r3,r0,r5\n mfcr r7\n stwcx. r3,r0,r5\n mfcr "
      "r8" +
      kEnd);
  // r0 as a base is the value 0: addresses are r5 alone.
  EXPECT_EQ(r(7) >> 28, 2u);
  EXPECT_EQ(r(8) >> 28, 0u);
}

TEST_F(Program, CodeThatIsWrittenIsDecodedAnew) {
  const Stop stop =
      run("e_lis r5,sub@ha\n e_add16i r5,r5,sub@l\n e_li r7,2\nagain: e_bl sub\n e_li r6,0x4853\n e_sth "
          "r6,0(r5)\n"
          "se_subi. r7,1\n e_bne again\n e_b end\nsub: se_li r3,1\n se_blr" +
          kEnd);
  EXPECT_EQ(stop.reason, StopReason::self_branch);
  EXPECT_EQ(r(3), 5u) << "0x4853 is se_li r3,5";
}

TEST_F(Program, TheTimeBaseCountsWhileItIsEnabled) {
  run("mfspr r3,268\n e_li r4,0x4000\n mtspr 1008,r4\n mfspr r5,268\n se_nop\n mfspr r6,268" + kEnd);
  EXPECT_EQ(r(3), 0u);
  EXPECT_EQ(r(6) - r(5), 2u);
}

TEST_F(Program, TheSameRunGivesTheSameCounts) {
  const std::string source = "e_li r4,100\n mtctr r4\nloop: mullw r3,r4,r4\n e_bdnz loop" + kEnd;
  run(source);
  const Counters first = core_.engine().counters();
  run(source);
  EXPECT_EQ(core_.engine().counters().cycles, first.cycles);
  EXPECT_EQ(core_.engine().counters().instructions, first.instructions);
}

}  // namespace
}  // namespace mcusim::emulator::e200
