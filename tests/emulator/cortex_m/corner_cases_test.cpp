#include <gtest/gtest.h>

#include <algorithm>

#include "firmware_runner.h"

// firmware/corner_cases.c, built for each core: late arrival, refused returns, faults of the exception
// mechanism itself, escalation, lockup and lazy FP state. Rules: DDI 0403E B1.5, for Armv8-M DDI 0553 B3.
namespace mcusim::emulator::cortex_m::testing {
namespace {

enum Scenario : std::uint32_t {
  arrivals,
  svc_masked,
  svc_in_more_urgent_handler,
  undefined,
  nmi,
  faultmask,
  bus_fault_ignored,
  less_urgent_fault,
  fetch_from_hole,
  fetch_from_device,
  other_coprocessor,
  forbidden_write,
  link_that_is_none,
  return_to_no_handler,
  thread_frame_of_handler,
  return_outside_thumb,
  return_of_inactive,
  return_to_thread_from_nested,
  non_base_thread,
  stacking_by_bus,
  stacking_without_bus_fault,
  stacking_of_less_urgent_fault,
  unstacking_by_bus,
  stacking_by_mpu,
  unstacking_by_mpu,
  push_below_limit,
  entry_below_limit,
  lazy_saved_by_the_inner,
  lazy_saved_by_both,
  eager,
  no_automatic_frame,
  lazy_by_mpu,
  lazy_by_bus,
  fp_for_privileged_only,
};

struct CornerCases : FirmwareRunner {
  explicit CornerCases(const std::string& core) : FirmwareRunner("corner_cases", core) {}
};

// What Fault_Handler notes.
enum Note : unsigned { exception, link, cfsr, hfsr, mmfar, bfar, shcsr };

constexpr std::uint32_t kForced = 1u << 30, kSvcPended = 1u << 15;

class CornerCasesOfAll : public ::testing::TestWithParam<const char*> {
 protected:
  bool v8m() const { return std::string(GetParam()) == "cortex-m33"; }
  std::uint32_t to_thread() const { return thread_link(GetParam()); }
  std::uint32_t to_process() const { return to_thread() | 4; }
  std::uint32_t to_handler() const { return v8m() ? 0xffffffb0u : 0xfffffff1u; }

  /// Runs to the fault handler and gives what it noted, behind `skipped` earlier notes.
  Notes fault_of(Scenario scenario, unsigned skipped = 0, const char* vectors = "kVectors") {
    CornerCases firmware(GetParam());
    const Stop stop = firmware.run(scenario, vectors);
    EXPECT_EQ(stop.reason, StopReason::fault) << stop.detail;
    EXPECT_EQ(stop.detail.find("lockup"), std::string::npos) << stop.detail;
    Notes notes = firmware.notes(skipped + 7);
    notes.erase(notes.begin(), notes.begin() + skipped);
    return notes;
  }
  void expect_lockup(Scenario scenario, const char* vectors = "kVectors") {
    CornerCases firmware(GetParam());
    const Stop stop = firmware.run(scenario, vectors);
    EXPECT_EQ(stop.reason, StopReason::fault);
    EXPECT_EQ(stop.detail.rfind("lockup", 0), 0u) << stop.detail;
  }
};
class CornerCasesOfMainline : public CornerCasesOfAll {};
class CornerCasesOfFp : public CornerCasesOfAll {};

// --- Arrivals ---

struct Arrivals {
  std::uint32_t link0 = 0, link1 = 0;  ///< EXC_RETURN in the handlers of interrupts 0 and 1.
  bool second = false;                 ///< Interrupt 0's handler had begun before that of 1.
  Cycles end = 0;
};

// Raises interrupt 0 at cycle 500 and interrupt 1, more urgent, `later` cycles behind.
Arrivals arrivals_at(const char* core, Cycles later) {
  CornerCases firmware(core);
  firmware.prepare(arrivals);
  const auto pulse = [&](unsigned irq) {
    return [&firmware, irq] {
      firmware.engine.interrupt_lines().set(irq, true);
      firmware.engine.interrupt_lines().set(irq, false);
    };
  };
  firmware.scheduler.at(500, pulse(0));
  firmware.scheduler.at(500 + later, pulse(1));
  const Stop stop = firmware.engine.run({100'000});
  EXPECT_EQ(stop.reason, StopReason::self_branch) << stop.detail;
  const Notes notes = firmware.notes(6);
  EXPECT_EQ(notes[2], 1u) << "interrupt 0, with 1 at " << later;
  EXPECT_EQ(notes[5], 1u) << "interrupt 1 at " << later;
  return {notes[1], notes[4], notes[3] != 0, firmware.engine.counters().cycles};
}

TEST_P(CornerCasesOfAll, AMoreUrgentInterruptThatArrivesDuringStackingGoesFirstAndSharesTheFrame) {
  for (const Cycles later : {1, 8}) {
    const Arrivals late = arrivals_at(GetParam(), later);
    EXPECT_FALSE(late.second);
    EXPECT_EQ(late.link0, to_thread());
    EXPECT_EQ(late.link1, to_thread());
  }
}

TEST_P(CornerCasesOfAll, AMoreUrgentInterruptThatArrivesBehindTheEntryPreempts) {
  const Arrivals nested = arrivals_at(GetParam(), 20);
  EXPECT_EQ(nested.link0, to_thread());
  EXPECT_EQ(nested.link1, to_handler());
}

TEST_P(CornerCasesOfAll, ALateArrivalCostsOneEntryOneTailChainAndOneReturn) {
  const Cycles saved = arrivals_at(GetParam(), 400).end - arrivals_at(GetParam(), 4).end;
  // Apart: two entries and two returns; late: a tail-chain in place of an entry and a return. The entry of M0
  // takes 16 cycles (Arm DDI 0432C 3.3), that of the others 12 (Arm article 103489845).
  const bool v6m = std::string(GetParam()) == "cortex-m0";
  EXPECT_EQ(saved, v6m ? 16u + 13u - 8u : 12u + 10u - 6u);
}

TEST_P(CornerCasesOfAll, AnArrivalDuringUnstackingIsChainedTo) {
  // Of what an entry and a return cost, all but the part of the unstacking that was in vain is saved.
  const Cycles apart = arrivals_at(GetParam(), 400).end;
  Cycles most = 0, least = ~Cycles{0};
  for (Cycles later = 20; later < 100; ++later) {
    const Arrivals chained = arrivals_at(GetParam(), later);
    if (!chained.second || chained.link1 != to_thread() || chained.end == apart) continue;
    most = std::max(most, apart - chained.end);
    least = std::min(least, apart - chained.end);
  }
  const bool v6m = std::string(GetParam()) == "cortex-m0";
  EXPECT_EQ(most, v6m ? 16u + 13u - 8u : 12u + 10u - 6u) << "at the return itself";
  EXPECT_EQ(least, most - (v6m ? 12u : 9u)) << "in its last cycle";
}

TEST_P(CornerCasesOfAll, WhenEverItArrivesEachHandlerRunsOnceAndTheFrameMatchesItsLink) {
  unsigned late = 0, nested = 0, behind = 0;
  for (Cycles later = 0; later < 100; ++later) {
    const Arrivals arrivals = arrivals_at(GetParam(), later);
    EXPECT_EQ(arrivals.link0, to_thread()) << later;
    if (arrivals.link1 == to_handler()) {
      ++nested;
    } else {
      EXPECT_EQ(arrivals.link1, to_thread()) << later;
      ++(arrivals.second ? behind : late);
    }
  }
  EXPECT_GT(late, 8u) << "arrived during the entry";
  EXPECT_GT(nested, 8u) << "arrived in the handler";
  EXPECT_GT(behind, 8u) << "arrived during or behind the return";
}

// --- Escalation and lockup ---

TEST_P(CornerCasesOfAll, SvcThatCannotBeTakenIsAHardFault) {
  for (const auto& [scenario, to] :
       {std::pair{svc_masked, to_thread()}, std::pair{svc_in_more_urgent_handler, to_handler()}}) {
    const Notes notes = fault_of(scenario);
    EXPECT_EQ(notes[exception], 3u);
    EXPECT_EQ(notes[link], to);
    if (std::string(GetParam()) == "cortex-m0") continue;
    EXPECT_EQ(notes[cfsr], 0u);
    EXPECT_EQ(notes[hfsr], kForced);
  }
}

TEST_P(CornerCasesOfAll, AFaultInTheNmiHandlerLocksUp) { expect_lockup(nmi); }
TEST_P(CornerCasesOfAll, SvcInTheHardFaultHandlerLocksUp) {
  expect_lockup(undefined, "kVectorsWhoseHardFaultCalls");
}
TEST_P(CornerCasesOfMainline, AFaultUnderFaultmaskLocksUp) { expect_lockup(faultmask); }

TEST_P(CornerCasesOfAll, AHardFaultWhoseVectorIsOutsideThumbLocksUp) {
  expect_lockup(undefined, "kVectorsWithoutHardFault");
}

TEST_P(CornerCasesOfMainline, AFaultNoMoreUrgentThanItsHandlerEscalates) {
  const Notes notes = fault_of(less_urgent_fault);
  EXPECT_EQ(notes[exception], 3u);
  EXPECT_EQ(notes[link], to_handler());
  EXPECT_EQ(notes[cfsr], 1u << 16);
  EXPECT_EQ(notes[hfsr], kForced);
}

TEST_P(CornerCasesOfMainline, BfhfnmignLetsFaultmaskedCodeTouchHoles) {
  CornerCases firmware(GetParam());
  EXPECT_EQ(firmware.run(bus_fault_ignored).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(1), (Notes{0xff}));
}

// --- Status and address registers ---

TEST_P(CornerCasesOfMainline, AFetchFromAHoleIsIbuserrWithoutAnAddress) {
  const Notes notes = fault_of(fetch_from_hole);
  EXPECT_EQ(notes[exception], 5u);
  EXPECT_EQ(notes[cfsr], 1u << 8);
  EXPECT_EQ(notes[bfar], 0x1234u) << "as it was";
}

TEST_P(CornerCasesOfMainline, AFetchFromADeviceIsIaccviolWithoutAnAddress) {
  const Notes notes = fault_of(fetch_from_device);
  EXPECT_EQ(notes[exception], 4u);
  EXPECT_EQ(notes[cfsr], 1u << 0);
  EXPECT_EQ(notes[mmfar], 0x1234u) << "as it was";
}

TEST_P(CornerCasesOfMainline, AForbiddenWriteIsDaccviolWithItsAddress) {
  const Notes notes = fault_of(forbidden_write);
  EXPECT_EQ(notes[exception], 4u);
  EXPECT_EQ(notes[cfsr], 1u << 1 | 1u << 7);
  EXPECT_EQ(notes[mmfar], 0x2000c026u);
}

TEST_P(CornerCasesOfMainline, ACoprocessorThatIsNotThereIsNocp) {
  const Notes notes = fault_of(other_coprocessor);
  EXPECT_EQ(notes[exception], 6u);
  EXPECT_EQ(notes[cfsr], 1u << 19);
}

TEST_P(CornerCasesOfMainline, AHandlerOutsideThumbStateIsInvstate) {
  const Notes notes = fault_of(svc_in_more_urgent_handler, 0, "kVectorsOutsideThumb");
  EXPECT_EQ(notes[exception], 3u) << "UsageFault is off";
  EXPECT_EQ(notes[link], to_handler()) << "the handler was entered";
  EXPECT_EQ(notes[cfsr], 1u << 17);
}

// --- EXC_RETURN ---

TEST_P(CornerCasesOfMainline, ReturnsThatAreNotValidAreInvpc) {
  struct Row {
    Scenario scenario;
    const char* why;
    std::uint32_t link;
  };
  const Row rows[] = {
      {link_that_is_none, "a bit that must not be", to_thread() ^ 1u << 1 ^ 1u << 4},
      {return_to_no_handler, "Handler mode, though nothing else is active", to_thread() & ~0xcu},
      {thread_frame_of_handler, "Thread mode, but the frame has an exception number", to_thread()},
      {return_of_inactive, "the exception is not active", to_thread()},
  };
  for (const Row& row : rows) {
    const Notes notes = fault_of(row.scenario);
    EXPECT_EQ(notes[exception], 6u) << row.why;
    EXPECT_EQ(notes[cfsr], 1u << 18) << row.why;
    EXPECT_EQ(notes[link], row.link) << row.why << ": the fault is chained to with the refused value";
  }
}

TEST_P(CornerCasesOfMainline, AReturnOutsideThumbStateIsInvstateAtTheTarget) {
  const Notes notes = fault_of(return_outside_thumb);
  EXPECT_EQ(notes[exception], 6u);
  EXPECT_EQ(notes[cfsr], 1u << 17);
  EXPECT_EQ(notes[link], to_thread()) << "the return is done";
}

TEST_P(CornerCasesOfMainline, ReturningToThreadModeWhileAnotherIsActiveNeedsItsBit) {
  if (!v8m()) {
    const Notes notes = fault_of(return_to_thread_from_nested);
    EXPECT_EQ(notes[exception], 6u);
    EXPECT_EQ(notes[cfsr], 1u << 18);
  }
  CornerCases firmware(GetParam());
  const Stop stop = firmware.run(non_base_thread);
  EXPECT_EQ(stop.reason, StopReason::self_branch) << stop.detail;
  EXPECT_EQ(firmware.notes(2), (Notes{0, 1})) << "Thread mode; on Armv8-M the bit is always set";
}

// --- Stacking and unstacking ---

TEST_P(CornerCasesOfMainline, AFrameThatTheBusRefusesIsStkerrAndTheSvcWaits) {
  const Notes notes = fault_of(stacking_by_bus);
  EXPECT_EQ(notes[exception], 5u);
  EXPECT_EQ(notes[link], to_process());
  EXPECT_EQ(notes[cfsr], 1u << 12) << "no BFARVALID";
  EXPECT_NE(notes[shcsr] & kSvcPended, 0u);
}

TEST_P(CornerCasesOfMainline, StkerrWithoutBusFaultEscalates) {
  const Notes notes = fault_of(stacking_without_bus_fault);
  EXPECT_EQ(notes[exception], 3u);
  EXPECT_EQ(notes[cfsr], 1u << 12);
  EXPECT_EQ(notes[hfsr], kForced);
  EXPECT_NE(notes[shcsr] & kSvcPended, 0u);
}

TEST_P(CornerCasesOfMainline, ALessUrgentStackingFaultFollowsTheHandler) {
  const Notes notes = fault_of(stacking_of_less_urgent_fault, 1);
  EXPECT_EQ(notes[exception], 5u);
  EXPECT_EQ(notes[link], to_process()) << "chained";
  EXPECT_EQ(notes[cfsr], 1u << 12);
  EXPECT_EQ(notes[shcsr] & kSvcPended, 0u) << "its handler has run";
}

TEST_P(CornerCasesOfMainline, AFrameThatCannotBeReadIsUnstkerr) {
  const Notes notes = fault_of(unstacking_by_bus);
  EXPECT_EQ(notes[exception], 5u);
  EXPECT_EQ(notes[link], to_process());
  EXPECT_EQ(notes[cfsr], 1u << 11);
}

TEST_P(CornerCasesOfMainline, AFrameThatTheMpuForbidsIsMstkerrOrMunstkerr) {
  Notes notes = fault_of(stacking_by_mpu);
  EXPECT_EQ(notes[exception], 4u);
  EXPECT_EQ(notes[cfsr], 1u << 4) << "no MMARVALID";
  EXPECT_NE(notes[shcsr] & kSvcPended, 0u);
  notes = fault_of(unstacking_by_mpu);
  EXPECT_EQ(notes[exception], 4u);
  EXPECT_EQ(notes[cfsr], 1u << 3);
  EXPECT_EQ(notes[link], to_process());
}

TEST(StackLimitOfArmv8M, APushBelowItFaultsAndWritesNothing) {
  CornerCases firmware("cortex-m33");
  EXPECT_EQ(firmware.run(push_below_limit).reason, StopReason::fault);
  const Notes notes = firmware.notes(3);
  EXPECT_EQ(notes[exception], 6u);
  EXPECT_EQ(notes[cfsr], 1u << 20);
}

TEST(StackLimitOfArmv8M, AnEntryBelowItIsStkofOfTheEntry) {
  CornerCases firmware("cortex-m33");
  EXPECT_EQ(firmware.run(entry_below_limit).reason, StopReason::fault);
  const Notes notes = firmware.notes(7);
  EXPECT_EQ(notes[exception], 6u);
  EXPECT_EQ(notes[link], 0xffffffbcu);
  EXPECT_EQ(notes[cfsr], 1u << 20);
  EXPECT_NE(notes[shcsr] & kSvcPended, 0u);
}

// --- Lazy FP state ---

constexpr std::uint32_t kOne = 0x3f800000, kThree = 0x40400000;

TEST_P(CornerCasesOfFp, AnInnerHandlerSavesTheStateThatTheOuterOneLeft) {
  CornerCases firmware(GetParam());
  EXPECT_EQ(firmware.run(lazy_saved_by_the_inner).reason, StopReason::self_branch);
  // Outer: extended frame and LSPACT; inner: basic frame, since the outer handler has no FP context.
  EXPECT_EQ(firmware.notes(5), (Notes{to_thread() & ~0x10u, 1, to_handler(), 0, kOne}));
}

TEST_P(CornerCasesOfFp, HandlersThatBothUseFpEachHaveTheirOwnFrame) {
  CornerCases firmware(GetParam());
  EXPECT_EQ(firmware.run(lazy_saved_by_both).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(4), (Notes{to_thread() & ~0x10u, to_handler() & ~0x10u, kThree, kOne}));
}

TEST_P(CornerCasesOfFp, WithoutLspenTheFrameHoldsTheStateAtOnce) {
  CornerCases firmware(GetParam());
  EXPECT_EQ(firmware.run(eager).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(3), (Notes{to_thread() & ~0x10u, 0, kOne}));
}

TEST_P(CornerCasesOfFp, WithoutAspenThereIsNoFrameForFp) {
  CornerCases firmware(GetParam());
  EXPECT_EQ(firmware.run(no_automatic_frame).reason, StopReason::self_branch);
  EXPECT_EQ(firmware.notes(2), (Notes{to_thread(), 0}));
}

TEST_P(CornerCasesOfFp, StateThatCannotBeSavedIsMlsperrOrLsperr) {
  Notes notes = fault_of(lazy_by_mpu);
  EXPECT_EQ(notes[exception], 4u);
  EXPECT_EQ(notes[cfsr], 1u << 5) << "no MMARVALID";
  notes = fault_of(lazy_by_bus);
  EXPECT_EQ(notes[exception], 5u);
  EXPECT_EQ(notes[cfsr], 1u << 13) << "no BFARVALID";
}

TEST_P(CornerCasesOfFp, CpacrCanLeaveFpToPrivilegedCode) {
  const Notes notes = fault_of(fp_for_privileged_only, 1);
  EXPECT_EQ(notes[exception], 6u);
  EXPECT_EQ(notes[cfsr], 1u << 19);
}

// --- Event counters of the DWT ---

using Timing = NativeOptions::Timing;

std::uint32_t event(FirmwareRunner& firmware, unsigned index) {
  return firmware.engine.core().load(0xe0001008 + 4 * index, 4);
}

void enable_events(FirmwareRunner& firmware) {
  Core& core = firmware.engine.core();
  core.store(0xe000edfc, 4, 1u << 24);
  core.store(0xe0001fb0, 4, 0xc5acce55);
  core.store(0xe0001000, 4, 1 | 0x1fu << 17);
}

TEST_P(CornerCasesOfMainline, EventCountersAddUpToTheInstructionsExecuted) {
  const std::map<std::string, mcu_models::InstructionCost> costs = {
      {"load", {3, 0, 0}},   {"load_multiple", {1, 1, 3}},      {"if_then", {0, 0, 0}},
      {"branch", {1, 0, 2}}, {"branch_conditional", {1, 0, 2}}, {"store", {2, 0, 0}}};
  for (const char* program : {"exceptions", "corner_cases"}) {
    for (const Timing timing : {Timing::off, Timing::table}) {
      for (std::uint32_t number = 0; number < 5; ++number) {
        FirmwareRunner firmware(program, GetParam(), timing, costs);
        firmware.prepare(number);
        enable_events(firmware);
        firmware.engine.run({200'000});
        const Counters counters = firmware.engine.counters();
        const std::uint64_t sum = counters.cycles - event(firmware, 0) - event(firmware, 1) -
                                  event(firmware, 2) - event(firmware, 3) + event(firmware, 4);
        EXPECT_EQ(sum & 0xff, counters.instructions & 0xff) << program << " " << number;
      }
    }
  }
}

TEST_P(CornerCasesOfMainline, ExccntCountsEntryAndReturn) {
  CornerCases firmware(GetParam());
  firmware.prepare(arrivals);
  enable_events(firmware);
  firmware.scheduler.at(500, [&] {
    firmware.engine.interrupt_lines().set(0, true);
    firmware.engine.interrupt_lines().set(0, false);
  });
  firmware.engine.run({100'000});
  EXPECT_EQ(event(firmware, 1), 12u + 10u);
}

TEST_P(CornerCasesOfMainline, SleepcntCountsTheTimeAsleepInEveryTiming) {
  constexpr std::uint32_t kWakeByMaskedInterrupt = 4;  // of exceptions.c: 1000 cycles to the tick
  for (const Timing timing : {Timing::off, Timing::table}) {
    FirmwareRunner firmware("exceptions", GetParam(), timing);
    firmware.prepare(kWakeByMaskedInterrupt);
    enable_events(firmware);
    firmware.engine.run({100'000});
    const Counters counters = firmware.engine.counters();
    EXPECT_GT(counters.cycles, 1000u);
    // Unit costs and no exception: what is no instruction was sleep.
    EXPECT_EQ(event(firmware, 2), (counters.cycles - counters.instructions) & 0xff);
    EXPECT_EQ(event(firmware, 0), 0u);
  }
}

TEST(EventCounters, LoadsAndStoresBeyondTheirFirstCycleAreLsucntTheRestCpicnt) {
  FirmwareRunner firmware("exceptions", "cortex-m4", Timing::table,
                          {{"load", {3, 0, 0}}, {"store", {2, 0, 0}}, {"divide", {7, 0, 0}}});
  firmware.prepare(0);
  // ldr r0, [r1]; ldr r0, [r1]; str r0, [r1]; udiv r0, r0, r2; it eq; moveq r0, r0; nop; b .
  const std::uint16_t code[] = {0x6808, 0x6808, 0x6008, 0xfbb0, 0xf0f2, 0xbf08, 0x4600, 0xbf00, 0xe7fe};
  constexpr Address kCode = kRam + 0x8000;
  firmware.bus.load(kCode, code, sizeof code);
  CpuState& state = firmware.engine.core().state;
  state.pc = kCode;
  state.r[1] = kRam + 0x9000;
  state.r[2] = 1;
  state.set_nzcv(0);  // NE: the move is suppressed
  enable_events(firmware);
  firmware.engine.run({1000});
  EXPECT_EQ(event(firmware, 3), 2u + 2u + 1u);
  EXPECT_EQ(event(firmware, 0), 6u + 1u) << "division, and what the IT block suppressed";
  EXPECT_EQ(event(firmware, 4), 0u);
}

TEST(EventCounters, InstructionsThatTakeNoTimeAreFoldcnt) {
  FirmwareRunner firmware("exceptions", "cortex-m4", Timing::table, {{"if_then", {0, 0, 0}}});
  firmware.prepare(0);
  const std::uint16_t code[] = {0xbf08, 0x4600, 0xbf08, 0x4600, 0xbf00, 0xe7fe};  // it eq; mov r0, r0 twice
  constexpr Address kCode = kRam + 0x8000;
  firmware.bus.load(kCode, code, sizeof code);
  firmware.engine.core().state.pc = kCode;
  firmware.engine.core().state.set_nzcv(1u << 30);
  enable_events(firmware);
  firmware.engine.run({1000});
  EXPECT_EQ(event(firmware, 4), 2u);
  EXPECT_EQ(event(firmware, 0), 0u);
}

INSTANTIATE_TEST_SUITE_P(Cores, CornerCasesOfAll,
                         ::testing::Values("cortex-m0", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33"),
                         kCoreName);
INSTANTIATE_TEST_SUITE_P(Cores, CornerCasesOfMainline,
                         ::testing::Values("cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33"), kCoreName);
INSTANTIATE_TEST_SUITE_P(Cores, CornerCasesOfFp, ::testing::Values("cortex-m4", "cortex-m7", "cortex-m33"),
                         kCoreName);

}  // namespace
}  // namespace mcusim::emulator::cortex_m::testing
