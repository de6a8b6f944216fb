#include "profiler/call_tracker.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <ostream>

#include "emulator/image/debug_info.h"
#include "profiled_run.h"

namespace mcusim::profiler {
namespace {

emulator::Image calls() { return emulator::load_image(MCUSIM_TEST_PROGRAMS "/calls.elf"); }

using Names = std::vector<std::string>;

class Calls : public testing::TestWithParam<const char*> {
 protected:
  Profile run(Scenario scenario) {
    Profile profile = profile_of(calls(), GetParam(), scenario);
    EXPECT_EQ(profile.stop.reason, emulator::StopReason::self_branch) << profile.stop.detail;
    EXPECT_EQ(profile.stop_function, "reset_handler");
    expect_exact_sums(profile);
    return profile;
  }
};

TEST_P(Calls, RecursionCountsItsTimeOnce) {
  const Profile profile = run(recursion);
  EXPECT_EQ(
      paths(profile),
      (Names{"reset_handler", "reset_handler/recursion", "reset_handler/recursion/recurse",
             "reset_handler/recursion/recurse/recurse", "reset_handler/recursion/recurse/recurse/recurse",
             "reset_handler/recursion/recurse/recurse/recurse/recurse",
             "reset_handler/recursion/recurse/recurse/recurse/recurse/recurse"}));
  const FunctionProfile& recurse = function(profile, "recurse");
  EXPECT_EQ(recurse.calls, 5u);
  EXPECT_EQ(recurse.self_instructions, 5u * 4 + 4);
  EXPECT_EQ(recurse.total_cycles, recurse.self_cycles);
  const FunctionProfile& caller = function(profile, "recursion");
  EXPECT_EQ(caller.self_instructions, 4u);
  EXPECT_EQ(caller.total_cycles, caller.self_cycles + recurse.total_cycles);
  const FunctionProfile& top = function(profile, "reset_handler");
  EXPECT_EQ(top.total_cycles, profile.work.cycles);
  EXPECT_EQ(top.self_instructions, 7u);
}

TEST_P(Calls, TailCallsAreCallsThatEndWithTheirCaller) {
  const Profile profile = run(tail_calls);
  const std::string base = "reset_handler/tail_calls";
  EXPECT_EQ(paths(profile), (Names{"reset_handler", base, base + "/first", base + "/first/second",
                                   base + "/first/second/third", base + "/first/second/third/fourth",
                                   base + "/first/second/third/fourth/leaf", base + "/leaf"}));
  EXPECT_EQ(function(profile, "tail_calls").self_instructions, 4u);
  EXPECT_EQ(function(profile, "first").self_instructions, 3u);
  EXPECT_EQ(function(profile, "second").self_instructions, 3u);
  EXPECT_EQ(function(profile, "third").self_instructions, 2u);
  EXPECT_EQ(function(profile, "fourth").self_instructions, 3u);
  EXPECT_EQ(function(profile, "leaf").calls, 2u);
}

TEST_P(Calls, ALongJumpLeavesTheFunctionsThatItSkips) {
  const Profile profile = run(long_jump);
  const std::string base = "reset_handler/long_jump";
  EXPECT_EQ(paths(profile),
            (Names{"reset_handler", base, base + "/leaf", base + "/outer", base + "/outer/inner"}));
  EXPECT_EQ(function(profile, "long_jump").self_instructions, 6u);
  EXPECT_EQ(function(profile, "outer").self_instructions, 2u);
  EXPECT_EQ(function(profile, "inner").self_instructions, 3u);
  EXPECT_EQ(function(profile, "reset_handler").self_instructions, 7u);
}

TEST_P(Calls, InterruptsStandApartFromWhatTheyInterrupt) {
  const Profile profile = run(interrupts);
  EXPECT_EQ(paths(profile), (Names{"irq0_handler", "irq0_handler/leaf", "irq1_handler", "reset_handler",
                                   "reset_handler/interrupts", "reset_handler/interrupts/leaf",
                                   "reset_handler/interrupts/victim"}));
  EXPECT_EQ(function(profile, "victim").self_instructions, 6u);
  EXPECT_EQ(function(profile, "victim").total_cycles, function(profile, "victim").self_cycles);
  EXPECT_EQ(function(profile, "irq0_handler").self_instructions, 8u);
  EXPECT_EQ(function(profile, "irq1_handler").self_instructions, 1u);
  EXPECT_TRUE(function(profile, "irq1_handler").is_handler);
  EXPECT_FALSE(function(profile, "victim").is_handler);
  // Entry (12 cycles) and return (10) are the handler's.
  EXPECT_GE(function(profile, "irq1_handler").self_cycles, 22u);
  EXPECT_EQ(function(profile, "interrupts").self_instructions, 10u);
}

TEST_P(Calls, AChainedHandlerFollowsTheOther) {
  const Profile profile = run(chain);
  EXPECT_EQ(paths(profile), (Names{"chained_handler", "chained_handler/leaf", "irq1_handler", "reset_handler",
                                   "reset_handler/chain", "reset_handler/chain/leaf"}));
  EXPECT_EQ(function(profile, "chained_handler").self_instructions, 3u);
  EXPECT_EQ(function(profile, "chain").self_instructions, 13u);
}

TEST_P(Calls, JumpTablesStayInTheirFunction) {
  const Profile profile = run(switch_table);
  const std::string base = "reset_handler/switch_table";
  EXPECT_EQ(paths(profile), (Names{"reset_handler", base, base + "/case_helper", base + "/leaf"}));
  EXPECT_EQ(function(profile, "switch_table").self_instructions, 7u);
  EXPECT_EQ(function(profile, "case_helper").self_instructions, 3u);
}

TEST_P(Calls, FunctionsThatTailCallEachOtherDoNotGrowAPath) {
  const Profile profile = run(tail_loop);
  const std::string base = "reset_handler/tail_loop";
  EXPECT_EQ(paths(profile), (Names{"reset_handler", base, base + "/ping", base + "/ping/pong"}));
  EXPECT_EQ(function(profile, "ping").calls, 10u);
  EXPECT_EQ(function(profile, "pong").calls, 10u);
  EXPECT_EQ(function(profile, "tail_loop").self_instructions, 5u);
}

TEST_P(Calls, ASupervisorCallIsAHandlerOfItsOwn) {
  const Profile profile = run(supervisor);
  EXPECT_EQ(paths(profile),
            (Names{"reset_handler", "reset_handler/supervisor", "svc_handler", "svc_handler/leaf"}));
  EXPECT_EQ(function(profile, "supervisor").self_instructions, 3u);
}

INSTANTIATE_TEST_SUITE_P(Timing, Calls, testing::Values("table", "full"));

TEST(CallTracker, FlatImagesGetTheirFunctionsFromCalls) {
  const emulator::Image with_symbols = calls();
  emulator::Image flat = with_symbols;
  flat.symbols.clear();
  flat.debug.reset();
  flat.code.clear();
  const Profile profile = profile_of(flat, "table");
  expect_exact_sums(profile);
  const std::string recurse = fmt::format("sub_{:08x}", with_symbols.find_symbol("recurse")->address);
  EXPECT_EQ(function(profile, recurse).calls, 5u);
  EXPECT_EQ(function(profile, recurse).self_instructions, 24u);
}

TEST(Instructions, HaveTextCountAndSource) {
  const Profile profile = profile_of(calls(), "full");
  // Not the first one: to that the assembler's DWARF gives the function before, because of the Thumb bit.
  const Address recurse = calls().find_symbol("recurse")->address + 2;
  const auto found = std::ranges::find(profile.instructions, recurse, &InstructionProfile::address);
  ASSERT_NE(found, profile.instructions.end());
  EXPECT_EQ(found->text, "subs r0, #1");
  EXPECT_EQ(found->size, 2u);
  EXPECT_EQ(found->count, 5u);
  ASSERT_NE(found->place, InstructionProfile::kNoPlace);
  const emulator::SourceLine& line = profile.source_places[found->place].at;
  EXPECT_TRUE(line.file.ends_with("calls.S")) << line.file;
  EXPECT_EQ(line.function, "recurse");
}

class TwoTasks : public testing::TestWithParam<const char*> {};

TEST_P(TwoTasks, EachTaskKeepsItsOwnCalls) {
  const Profile profile = profile_of(emulator::load_image(MCUSIM_TEST_PROGRAMS "/two_tasks.elf"), GetParam());
  ASSERT_EQ(profile.stop.reason, emulator::StopReason::self_branch) << profile.stop.detail;
  expect_exact_sums(profile);
  EXPECT_TRUE(function(profile, "PendSV_Handler").is_handler);
  EXPECT_TRUE(function(profile, "SysTick_Handler").is_handler);
  const Names all = paths(profile);
  for (const std::string& path : all) {
    const bool computes_primes = path.find("primes") != std::string::npos;
    const bool computes_pi = path.find("/pi") != std::string::npos || path.starts_with("pi");
    EXPECT_FALSE(computes_primes && computes_pi) << path;
    if (path.find("next_task") != std::string::npos) {
      EXPECT_TRUE(path.starts_with("PendSV_Handler")) << path;
    }
  }
  // 4001 numbers are tried; the compiler may inline it.
  EXPECT_EQ(function(profile, "primes").calls, 1u);
  EXPECT_EQ(function(profile, "pi").calls, 1u);
  EXPECT_GT(function(profile, "PendSV_Handler").calls, 10u);
  EXPECT_EQ(function(profile, "next_task").calls, function(profile, "PendSV_Handler").calls);
}

INSTANTIATE_TEST_SUITE_P(Timing, TwoTasks, testing::Values("table", "full"));

}  // namespace
}  // namespace mcusim::profiler
