#include "profiler/trace_window.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "common/error.h"
#include "profiled_run.h"

namespace mcusim::profiler {
namespace {

emulator::Image calls() { return emulator::load_image(MCUSIM_TEST_PROGRAMS "/calls.elf"); }

Profile traced(const std::string& window, Scenario scenario = recursion, const std::string& timing = "full") {
  const emulator::Image image = calls();
  RecordOptions options;
  options.trace = parse_trace_window(window, image);
  return profile_of(image, timing, scenario, options);
}

std::vector<Address> addresses(const TraceWindow& window) {
  std::vector<Address> all;
  for (const TracedStep& step : window.steps) all.push_back(step.address);
  return all;
}

TEST(TraceWindow, SteppingLeavesTheCyclesAsTheyAre) {
  for (const char* timing : {"off", "table", "full"}) {
    const Profile plain = profile_of(calls(), timing, interrupts);
    const Profile stepped = traced("0:100000", interrupts, timing);
    EXPECT_EQ(stepped.run.cycles, plain.run.cycles) << timing;
    EXPECT_EQ(stepped.run.instructions, plain.run.instructions) << timing;
    EXPECT_EQ(stepped.stalls, plain.stalls) << timing;
  }
}

TEST(TraceWindow, HoldsEachInstructionWithAllOfItsCycles) {
  const Profile profile = traced("0:100000", interrupts);
  std::uint64_t instructions = 0;
  Cycles cycles = 0;
  CyclesByCause by_cause(profile.stalls.size());
  for (const TracedStep& step : profile.trace.steps) {
    instructions += step.kind == TracedStep::Kind::issued;
    cycles += step.cycles;
    for (const TracedStep::Part& part : step.spent) by_cause[part.cause] += part.cycles;
  }
  EXPECT_EQ(instructions, profile.run.instructions);
  EXPECT_EQ(cycles, profile.run.cycles);
  EXPECT_EQ(by_cause, profile.stalls);
}

TEST(TraceWindow, BeginsBehindSoManyInstructions) {
  const TraceWindow whole = traced("0:30").trace, part = traced("20:10").trace;
  EXPECT_EQ(part.first_instruction, 20u);
  ASSERT_EQ(part.steps.size(), 10u);
  const std::vector<Address> all = addresses(whole);
  EXPECT_EQ(addresses(part), std::vector<Address>(all.begin() + 20, all.end()));
  Cycles before = 0;
  for (std::size_t i = 0; i < 20; ++i) before += whole.steps[i].cycles;
  EXPECT_EQ(part.begin, before);
}

TEST(TraceWindow, BeginsWhereASymbolIsReached) {
  const TraceWindow window = traced("recurse:20").trace;
  ASSERT_EQ(window.steps.size(), 20u);
  EXPECT_EQ(window.steps[0].address, calls().find_symbol("recurse")->address);
}

TEST(TraceWindow, ShowsExceptionsBetweenInstructions) {
  const TraceWindow window = traced("0:100000", interrupts).trace;
  const auto entry = std::ranges::find(window.steps, TracedStep::Kind::exception, &TracedStep::kind);
  ASSERT_NE(entry, window.steps.end());
  EXPECT_GE(entry->cycles, 12u) << "an M4 takes no less";
  const emulator::Image image = calls();
  const auto after = std::next(entry);
  ASSERT_NE(after, window.steps.end());
  const emulator::Symbol* handler = image.symbol_at(after->address);
  ASSERT_NE(handler, nullptr);
  EXPECT_EQ(handler->name, "irq0_handler");
  EXPECT_EQ(handler->address, after->address) << "its first instruction";
}

TEST(TraceWindow, NamesItsInstructions) {
  const TraceWindow window = traced("recurse:20").trace;
  for (const TracedStep& step : window.steps) {
    const auto line = std::ranges::lower_bound(window.code, step.address, {}, &TraceWindow::Code::address);
    ASSERT_TRUE(line != window.code.end() && line->address == step.address);
    EXPECT_NE(line->text, "");
    EXPECT_NE(line->size, 0u);
  }
}

TEST(TraceWindow, WhatCannotBeAskedForIsRefused) {
  const emulator::Image image = calls();
  for (const char* text : {"", "5", ":5", "0:", "0:0", "0:100001", "nothing:5", "0:5x"})
    EXPECT_THROW(parse_trace_window(text, image), InputError) << text;
}

TEST(TraceWindow, AnEngineThatCannotStepRefuses) {
  const mcu_models::McuModel mcu = mcu_models::load_mcu("stm32f446");
  emulator::MachineOptions options;
  options.engine = "unicorn";
  emulator::Machine machine(mcu, mcu_models::load_board(mcu, ""), options);
  machine.load(calls());
  EXPECT_THROW(InstructionTracer(machine, {0, std::nullopt, 5}), InputError);
}

}  // namespace
}  // namespace mcusim::profiler
