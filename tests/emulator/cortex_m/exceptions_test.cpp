#include <gtest/gtest.h>

#include <vector>

#include "firmware_runner.h"

// firmware/exceptions.c, built for each core, run from reset; what it noted is compared with the manual's
// rule.
namespace mcusim::emulator::cortex_m::testing {
namespace {

enum Scenario : std::uint32_t {
  supervisor_call,
  two_tasks,
  tail_chain,
  preemption,
  wake_by_masked_interrupt,
  sleep_forever,
  count_flag,
  undefined,
  base_priority,
  usage_fault,
  bus_fault,
  write_to_flash,
  divide_trap,
  unaligned_trap,
  unaligned_multiple,
  arm_state,
  branch_to_nowhere,
  coprocessor_off,
  it_across_exception,
  protected_memory,
  unprivileged,
  cycle_counter,
  code_in_ram,
  system_reset,
  lazy_fp,
};

struct Firmware : FirmwareRunner {
  explicit Firmware(const std::string& core, NativeOptions::Timing timing = NativeOptions::Timing::table)
      : FirmwareRunner("exceptions", core, timing) {}
};

class AllCores : public ::testing::TestWithParam<const char*> {};
class MainlineCores : public AllCores {};
class FpCores : public AllCores {};

TEST_P(AllCores, SupervisorCallEntersExceptionElevenAndKeepsTheCallersRegisters) {
  Firmware firmware(GetParam());
  EXPECT_EQ(firmware.run(supervisor_call).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(2), (Notes{0x10b, 1234}));
}

TEST_P(AllCores, PendSvSwitchesTwoTasksOnProcessStacksAtEachTick) {
  Firmware firmware(GetParam());
  const Stop stop = firmware.run(two_tasks);
  EXPECT_EQ(stop.reason, StopReason::self_branch) << stop.detail;
  EXPECT_EQ(firmware.notes(4), (Notes{10, 1, 1, 2}));
}

TEST_P(AllCores, PendingInterruptsOfOnePriorityRunInOrderOfTheirNumbersAndChain) {
  Firmware firmware(GetParam());
  EXPECT_EQ(firmware.run(tail_chain).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(3), (Notes{0xa0, 0xb0, 0xff}));
}

TEST_P(AllCores, AMoreUrgentInterruptPreemptsARunningHandler) {
  Firmware firmware(GetParam());
  EXPECT_EQ(firmware.run(preemption).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(4), (Notes{0xa0, 0xb0, 0xa1, 0xff}));
}

TEST_P(AllCores, WfiWakesForAnInterruptThatPrimaskKeepsPending) {
  Firmware firmware(GetParam());
  EXPECT_EQ(firmware.run(wake_by_masked_interrupt).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(3), (Notes{1, 0, 0}));
  EXPECT_GE(firmware.engine.counters().cycles, 1000u) << "sleeping takes time";
}

TEST_P(AllCores, WfiThatNothingCanWakeStopsTheRun) {
  Firmware firmware(GetParam());
  EXPECT_EQ(firmware.run(sleep_forever).reason, StopReason::sleep);
}

TEST_P(AllCores, SysTickCountFlagIsSetAtZeroAndClearedByReading) {
  Firmware firmware(GetParam());
  EXPECT_EQ(firmware.run(count_flag).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(2), (Notes{0, 1}));
}

TEST_P(AllCores, UndefinedInstructionWithoutUsageFaultIsAHardFault) {
  Firmware firmware(GetParam());
  EXPECT_EQ(firmware.run(undefined).reason, StopReason::self_branch);
  if (std::string(GetParam()) == "cortex-m0") {
    EXPECT_EQ(firmware.notes(3), (Notes{3, 0xfffffff9, 0xff}));
  } else {
    EXPECT_EQ(firmware.notes(5), (Notes{3, 1u << 16, 1u << 30, thread_link(GetParam()), 0xff}));
  }
}

TEST_P(AllCores, AFaultWhoseHandlerLoopsEndsTheRunWithItsDescription) {
  Firmware firmware(GetParam());
  const Stop stop = firmware.run(undefined, "kVectorsThatLoop");
  EXPECT_EQ(stop.reason, StopReason::fault);
  EXPECT_NE(stop.detail.find("undefined instruction"), std::string::npos) << stop.detail;
}

TEST_P(AllCores, AFaultInTheHardFaultHandlerLocksUp) {
  Firmware firmware(GetParam());
  const Stop stop = firmware.run(undefined, "kVectorsThatLockUp");
  EXPECT_EQ(stop.reason, StopReason::fault);
  EXPECT_EQ(stop.detail.rfind("lockup", 0), 0u) << stop.detail;
}

TEST_P(MainlineCores, BasepriMasksItsOwnAndLessUrgentPriorities) {
  Firmware firmware(GetParam());
  EXPECT_EQ(firmware.run(base_priority).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(3), (Notes{1, 0xa0, 2}));
}

TEST_P(MainlineCores, UndefinedInstructionIsAUsageFaultWhenEnabled) {
  Firmware firmware(GetParam());
  EXPECT_EQ(firmware.run(usage_fault).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(5), (Notes{6, 1u << 16, 0, thread_link(GetParam()), 0xff}));
}

TEST_P(MainlineCores, ReadOfAHoleIsAPreciseBusFaultWithItsAddress) {
  Firmware firmware(GetParam());
  EXPECT_EQ(firmware.run(bus_fault).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(5), (Notes{5, 1u << 9 | 1u << 15, 0, thread_link(GetParam()), 0x60000010}));
}

TEST_P(MainlineCores, WriteToFlashIsAPreciseBusFault) {
  Firmware firmware(GetParam());
  EXPECT_EQ(firmware.run(write_to_flash).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(5), (Notes{5, 1u << 9 | 1u << 15, 0, thread_link(GetParam()), 0x08000100}));
}

TEST_P(MainlineCores, DivisionByZeroTrapsOnlyWithDiv0Trp) {
  Firmware firmware(GetParam());
  EXPECT_EQ(firmware.run(divide_trap).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(5), (Notes{6, 1u << 25, 0, thread_link(GetParam()), 0}));
}

TEST_P(MainlineCores, UnalignedLoadTrapsOnlyWithUnalignTrp) {
  Firmware firmware(GetParam());
  EXPECT_EQ(firmware.run(unaligned_trap).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(4), (Notes{0x55443322, 6, 1u << 24, 0}));
}

TEST_P(MainlineCores, UnalignedLdmFaultsAlways) {
  Firmware firmware(GetParam());
  EXPECT_EQ(firmware.run(unaligned_multiple).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(2), (Notes{6, 1u << 24}));
}

TEST_P(MainlineCores, BranchToAnEvenAddressFaultsWithInvState) {
  Firmware firmware(GetParam());
  EXPECT_EQ(firmware.run(arm_state).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(2), (Notes{6, 1u << 17}));
}

TEST_P(MainlineCores, FetchFromAHoleIsReportedWithItsAddress) {
  Firmware firmware(GetParam());
  const Stop stop = firmware.run(branch_to_nowhere, "kVectorsThatLoop");
  EXPECT_EQ(stop.reason, StopReason::fault);
  EXPECT_NE(stop.detail.find("PC 0x60000000"), std::string::npos) << stop.detail;
}

TEST_P(MainlineCores, FpInstructionWithoutCpacrFaultsWithNocp) {
  Firmware firmware(GetParam());
  EXPECT_EQ(firmware.run(coprocessor_off).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(2), (Notes{6, 1u << 19}));
}

TEST_P(MainlineCores, ItStateSurvivesAnExceptionInsideItsBlock) {
  Firmware firmware(GetParam());
  EXPECT_EQ(firmware.run(it_across_exception).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(2), (Notes{0x10b, 2}));
}

TEST_P(MainlineCores, UnprivilegedCodeCannotReadTheSystemSpaceNorMaskInterrupts) {
  Firmware firmware(GetParam());
  EXPECT_EQ(firmware.run(unprivileged).reason, StopReason::self_branch);
  const Notes notes = firmware.notes(6);
  EXPECT_EQ(notes[0], 1u);
  EXPECT_EQ(notes[1], 5u) << "BusFault";
  EXPECT_EQ(notes[5], 0u) << "PRIMASK";
}

TEST_P(MainlineCores, CycleCounterOfCortexM7CountsOnlyAfterItsKey) {
  Firmware firmware(GetParam());
  EXPECT_EQ(firmware.run(cycle_counter).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(2), (Notes{std::string(GetParam()) == "cortex-m7" ? 0u : 1u, 1}));
}

TEST_P(MainlineCores, CodeThatWasOverwrittenIsDecodedAnew) {
  for (const auto timing : {NativeOptions::Timing::off, NativeOptions::Timing::table}) {
    Firmware firmware(GetParam(), timing);
    EXPECT_EQ(firmware.run(code_in_ram).reason, StopReason::self_branch);
    EXPECT_EQ(firmware.notes(2), (Notes{5, 7}));
  }
}

TEST_P(MainlineCores, SystemResetRequestRestartsFromTheVectorTable) {
  Firmware firmware(GetParam());
  EXPECT_EQ(firmware.run(system_reset).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(1), (Notes{0x77}));
}

TEST(MpuOfArmv7M, AForbiddenReadIsAMemManageFaultWithItsAddress) {
  Firmware firmware("cortex-m4");
  EXPECT_EQ(firmware.run(protected_memory).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(6), (Notes{4, 1u << 1 | 1u << 7, 0, 0xfffffff9, 0x20008010, 0xff}));
}

TEST_P(FpCores, FpStateIsSavedLazilyWhenAHandlerUsesIt) {
  Firmware firmware(GetParam());
  const Stop stop = firmware.run(lazy_fp);
  EXPECT_EQ(stop.reason, StopReason::self_branch) << stop.detail;
  // CONTROL.FPCA before and after the first FP instruction; LSPACT in the handler before and after its
  // own; 4.0.
  EXPECT_EQ(firmware.notes(5), (Notes{0, 4, 1, 0, 0x40800000}));
}

TEST_P(AllCores, TheSameRunGivesTheSameCyclesAndCounts) {
  Firmware first(GetParam()), second(GetParam());
  first.run(two_tasks);
  second.run(two_tasks);
  EXPECT_EQ(first.engine.counters().cycles, second.engine.counters().cycles);
  EXPECT_EQ(first.engine.counters().instructions, second.engine.counters().instructions);
}

TEST_P(AllCores, CountsPerInstructionAddUpToTheInstructionsExecuted) {
  Firmware firmware(GetParam());
  firmware.run(two_tasks);
  std::uint64_t sum = 0;
  for (const InstructionCount& count : firmware.engine.instruction_counts()) sum += count.count;
  EXPECT_EQ(sum, firmware.engine.counters().instructions);
}

INSTANTIATE_TEST_SUITE_P(Cores, AllCores,
                         ::testing::Values("cortex-m0", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33"),
                         kCoreName);
INSTANTIATE_TEST_SUITE_P(Cores, MainlineCores,
                         ::testing::Values("cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33"), kCoreName);
INSTANTIATE_TEST_SUITE_P(Cores, FpCores, ::testing::Values("cortex-m4", "cortex-m7", "cortex-m33"),
                         kCoreName);

}  // namespace
}  // namespace mcusim::emulator::cortex_m::testing
