// How a run ends: every kind of fault names what happened and where, and is not counted as executed.
#include "tests/emulator/machine/routine_runner.h"

namespace mcusim::emulator {
namespace {

struct Expectation {
  const char* routine;
  const char* at;  ///< Symbol of the instruction; null: `address`.
  Address address;
  std::uint64_t instructions;
  const char* detail;  ///< Must be part of the text.
};

class Faults : public RoutineRunner, public ::testing::WithParamInterface<Expectation> {};

TEST_P(Faults, StopTheRunAndNameTheInstruction) {
  const Expectation& expected = GetParam();
  const Stop stop = run(expected.routine);
  EXPECT_EQ(stop.reason, StopReason::fault) << stop.detail;
  EXPECT_EQ(stop.pc, expected.at != nullptr ? address(expected.at) : expected.address);
  EXPECT_NE(stop.detail.find(expected.detail), std::string::npos) << stop.detail;
  EXPECT_EQ(instructions(), expected.instructions);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, Faults,
    ::testing::Values(
        Expectation{"write_flash", "write_flash_at", 0, 1,
                    "write of 4 bytes at 0x08000000, which is read-only"},
        Expectation{"read_nothing", "read_nothing_at", 0, 2,
                    "read of 2 bytes at 0x10000004, where nothing is"},
        Expectation{"write_nothing", "write_nothing_at", 0, 1, "write of 1 bytes at 0x90000000"},
        Expectation{"fetch_nothing", nullptr, 0x10000000, 2, "fetch at 0x10000000"},
        Expectation{"fetch_device", nullptr, 0x40000000, 2, "fetch at 0x40000000"},
        Expectation{"arm_state", "arm_state_at", 0, 1, "invalid state: branch to 0x20000000"},
        Expectation{"supervisor_call", "supervisor_call_at", 0, 1, "SVC"},
        Expectation{"breakpoint", "breakpoint_at", 0, 1, "BKPT #7"},
        Expectation{"undefined", "undefined_at", 0, 1, "UDF #9"},
        Expectation{"undefined_wide", "undefined_wide_at", 0, 1, "undefined instruction f7f0 a000"},
        Expectation{"exception_return", nullptr, 0xfffffff8, 2, "fetch at 0xfffffff8"}),
    [](const auto& test) { return std::string(test.param.routine); });

class RunEnds : public RoutineRunner {};

TEST_F(RunEnds, AWaitThatNothingWakesIsSleep) {
  const Stop stop = run("wait_for_interrupt");
  EXPECT_EQ(stop.reason, StopReason::sleep);
  EXPECT_EQ(stop.pc, address("wait_for_interrupt_at"));
}

TEST_F(RunEnds, AnEventOfItsOwnWakesAWaitForEventOnce) {
  const Stop stop = run("events");
  EXPECT_EQ(stop.reason, StopReason::sleep) << stop.detail;
  EXPECT_EQ(stop.pc, address("events_at"));
  EXPECT_EQ(reg(0), 1u);
  EXPECT_EQ(instructions(), 4u);
}

TEST_F(RunEnds, RunawayCodeEndsAtTheCycleLimitAndCanGoOn) {
  Stop stop = run("endless");
  EXPECT_EQ(stop.reason, StopReason::cycle_limit);
  EXPECT_GE(cycles(), 10'000u);
  EXPECT_LE(cycles(), 10'003u);
  const std::uint32_t count = reg(0);
  EXPECT_EQ(count, 2500u);  // 1 + 2500 * (1 + 3) cycles.
  stop = machine_.run({.cycles = before_.cycles + 20'000});
  EXPECT_EQ(stop.reason, StopReason::cycle_limit);
  EXPECT_EQ(reg(0), 5000u);
}

TEST_F(RunEnds, ProbesStopBeforeTheInstructionAndAreResumedOver) {
  machine_.engine().add_probe(address("callee"));
  machine_.engine().add_probe(address("after_call"));
  Stop stop = run("calls");
  EXPECT_EQ(stop.reason, StopReason::probe);
  EXPECT_EQ(stop.pc, address("callee"));
  EXPECT_EQ(cycles(), 1u + 3u);
  EXPECT_EQ(reg(0), 5u);
  stop = resume();
  EXPECT_EQ(stop.reason, StopReason::probe);
  EXPECT_EQ(stop.pc, address("after_call"));
  EXPECT_EQ(cycles(), 4u + 1u + 3u);
  EXPECT_EQ(reg(0), 6u);
  stop = resume();
  EXPECT_EQ(stop.reason, StopReason::self_branch);
  EXPECT_EQ(cycles(), 9u);
  EXPECT_EQ(instructions(), 5u);
}

TEST_F(RunEnds, ARemovedProbeStopsNoMore) {
  machine_.engine().add_probe(address("callee"));
  run("calls");
  machine_.engine().remove_probe(address("callee"));
  EXPECT_EQ(run("calls").reason, StopReason::self_branch);
}

TEST_F(RunEnds, AProbeInALoopStopsEachTime) {
  machine_.engine().add_probe(address("loop") + 2);
  run("loop");
  int stops = 1;
  while (resume().reason == StopReason::probe) ++stops;
  EXPECT_EQ(stops, 10);
  EXPECT_EQ(cycles(), 39u);
}

TEST_F(RunEnds, ADeviceCanAskForTheEnd) {
  machine_.scheduler().at(50, [&] { machine_.engine().request_stop(); });
  const Stop stop = run("endless");
  EXPECT_EQ(stop.reason, StopReason::requested);
  EXPECT_LE(cycles(), 60u);
}

TEST_F(RunEnds, TheFpuIsUsable) {
  EXPECT_EQ(run("fpu").reason, StopReason::self_branch);
  EXPECT_EQ(reg(0), 11u);
}

TEST_F(RunEnds, CodeInRamIsDecodedAgainWhenItChanges) {
  EXPECT_EQ(run("from_ram").reason, StopReason::self_branch);
  EXPECT_EQ(reg(0), 6u);
}

TEST_F(RunEnds, AnUnusableResetVectorIsAFault) {
  Machine machine(test_mcu(), test_board(), {});
  Image image;
  image.file = "vectors.elf";
  // Stack, then a reset vector whose Thumb bit is clear.
  image.segments = {{0x08000000, {0, 0, 1, 0x20, 0x10, 0, 0, 0x08}}};
  machine.load(image);
  const Stop stop = machine.run({.cycles = 100});
  EXPECT_EQ(stop.reason, StopReason::fault);
  EXPECT_NE(stop.detail.find("bit 0 (Thumb) clear"), std::string::npos) << stop.detail;
}

}  // namespace
}  // namespace mcusim::emulator
