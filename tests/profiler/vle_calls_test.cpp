#include <gtest/gtest.h>

#include <algorithm>

#include "emulator/image/elf_image.h"
#include "profiled_run.h"

// Calls of an e200; programs/calls_vle.s says what each function executes.
namespace mcusim::profiler {
namespace {

using Names = std::vector<std::string>;

Profile profile_of_calls(const char* timing, Scenario scenario) {
  const emulator::Image image =
      emulator::load_image_for(mcu_models::Architecture::vle, MCUSIM_TEST_PROGRAMS "/calls_vle.elf");
  return profile_of(image, timing, scenario, {}, "spc58ec80");
}

class VleCalls : public testing::TestWithParam<const char*> {
 protected:
  Profile run(Scenario scenario) {
    Profile profile = profile_of_calls(GetParam(), scenario);
    EXPECT_EQ(profile.stop.reason, emulator::StopReason::self_branch) << profile.stop.detail;
    EXPECT_EQ(profile.stop_function, "reset_handler");
    EXPECT_EQ(function(profile, "reset_handler").self_instructions, 16u);
    expect_exact_sums(profile);
    return profile;
  }
};

TEST_P(VleCalls, RecursionCountsItsTimeOnce) {
  const Profile profile = run(recursion);
  EXPECT_EQ(
      paths(profile),
      (Names{"reset_handler", "reset_handler/recursion", "reset_handler/recursion/recurse",
             "reset_handler/recursion/recurse/recurse", "reset_handler/recursion/recurse/recurse/recurse",
             "reset_handler/recursion/recurse/recurse/recurse/recurse",
             "reset_handler/recursion/recurse/recurse/recurse/recurse/recurse"}));
  const FunctionProfile& recurse = function(profile, "recurse");
  EXPECT_EQ(recurse.calls, 5u);
  EXPECT_EQ(recurse.self_instructions, 4u * 10 + 9);
  EXPECT_EQ(recurse.total_cycles, recurse.self_cycles);
  const FunctionProfile& caller = function(profile, "recursion");
  EXPECT_EQ(caller.self_instructions, 9u);
  EXPECT_EQ(caller.total_cycles, caller.self_cycles + recurse.total_cycles);
  EXPECT_EQ(function(profile, "reset_handler").total_cycles, profile.work.cycles);
}

TEST_P(VleCalls, TailCallsAreCallsThatEndWithTheirCaller) {
  const Profile profile = run(tail_calls);
  const std::string base = "reset_handler/tail_calls";
  EXPECT_EQ(paths(profile), (Names{"reset_handler", base, base + "/first", base + "/first/second",
                                   base + "/first/second/third", base + "/first/second/third/fourth",
                                   base + "/first/second/third/fourth/leaf", base + "/leaf"}));
  EXPECT_EQ(function(profile, "tail_calls").self_instructions, 9u);
  EXPECT_EQ(function(profile, "first").self_instructions, 2u);
  EXPECT_EQ(function(profile, "second").self_instructions, 4u);
  EXPECT_EQ(function(profile, "third").self_instructions, 2u);
  EXPECT_EQ(function(profile, "fourth").self_instructions, 8u);
  EXPECT_EQ(function(profile, "leaf").calls, 2u);
}

TEST_P(VleCalls, ALongJumpLeavesTheFunctionsThatItSkips) {
  const Profile profile = run(long_jump);
  const std::string base = "reset_handler/long_jump";
  EXPECT_EQ(paths(profile),
            (Names{"reset_handler", base, base + "/leaf", base + "/outer", base + "/outer/inner"}));
  EXPECT_EQ(function(profile, "long_jump").self_instructions, 12u);
  EXPECT_EQ(function(profile, "outer").self_instructions, 4u);
  EXPECT_EQ(function(profile, "inner").self_instructions, 4u);
}

TEST_P(VleCalls, NestedInterruptsStandApartFromWhatTheyInterrupt) {
  const Profile profile = run(interrupts);
  EXPECT_EQ(paths(profile),
            (Names{"reset_handler", "reset_handler/interrupts", "reset_handler/interrupts/leaf",
                   "reset_handler/interrupts/victim", "vector0", "vector0/irq0_handler",
                   "vector0/irq0_handler/leaf", "vector1", "vector1/irq1_handler"}));
  EXPECT_EQ(function(profile, "interrupts").self_instructions, 19u);
  EXPECT_EQ(function(profile, "victim").self_instructions, 5u);
  EXPECT_EQ(function(profile, "victim").total_cycles, function(profile, "victim").self_cycles);
  EXPECT_EQ(function(profile, "irq0_handler").self_instructions, 20u);
  EXPECT_EQ(function(profile, "irq1_handler").self_instructions, 8u);
  EXPECT_TRUE(function(profile, "vector1").is_handler);
  EXPECT_FALSE(function(profile, "victim").is_handler);
  // The entry (8 cycles) is the handler's.
  EXPECT_GE(function(profile, "vector1").self_cycles, 9u);
}

TEST_P(VleCalls, JumpTablesStayInTheirFunction) {
  const Profile profile = run(switch_table);
  const std::string base = "reset_handler/switch_table";
  EXPECT_EQ(paths(profile), (Names{"reset_handler", base, base + "/leaf"}));
  EXPECT_EQ(function(profile, "switch_table").self_instructions, 13u);
}

TEST_P(VleCalls, FunctionsThatTailCallEachOtherDoNotGrowAPath) {
  const Profile profile = run(tail_loop);
  const std::string base = "reset_handler/tail_loop";
  EXPECT_EQ(paths(profile), (Names{"reset_handler", base, base + "/ping", base + "/ping/pong"}));
  EXPECT_EQ(function(profile, "ping").calls, 10u);
  EXPECT_EQ(function(profile, "pong").calls, 10u);
  EXPECT_EQ(function(profile, "tail_loop").self_instructions, 9u);
}

TEST_P(VleCalls, ASystemCallIsAHandlerOfItsOwn) {
  const Profile profile = run(supervisor);
  EXPECT_EQ(paths(profile),
            (Names{"reset_handler", "reset_handler/supervisor", "system_call", "system_call/leaf"}));
  EXPECT_EQ(function(profile, "supervisor").self_instructions, 8u);
  EXPECT_EQ(function(profile, "system_call").self_instructions, 6u);
}

TEST_P(VleCalls, LinkAndCountRegisterCallAlike) {
  const Profile profile = run(link_register);
  EXPECT_EQ(paths(profile),
            (Names{"reset_handler", "reset_handler/link_register", "reset_handler/link_register/leaf"}));
  EXPECT_EQ(function(profile, "link_register").self_instructions, 11u);
}

TEST_P(VleCalls, AReturnFromNoInterruptIsAJump) {
  const Profile profile = run(launch);
  const std::string base = "reset_handler/launch";
  EXPECT_EQ(paths(profile), (Names{"reset_handler", base, base + "/task", base + "/task/leaf"}));
  EXPECT_EQ(function(profile, "launch").self_instructions, 9u);
  EXPECT_EQ(function(profile, "task").self_instructions, 5u);
}

INSTANTIATE_TEST_SUITE_P(Timing, VleCalls, testing::Values("table", "full"));

TEST(VleInstructions, HaveTextCountAndSource) {
  const Profile profile = profile_of_calls("full", recursion);
  // Behind se_mflr, e_stwu and e_stw.
  const Address address = function(profile, "recurse").address + 10;
  const auto found = std::ranges::find(profile.instructions, address, &InstructionProfile::address);
  ASSERT_NE(found, profile.instructions.end());
  EXPECT_EQ(found->text, "se_subi. r3,1");
  EXPECT_EQ(found->size, 2u);
  EXPECT_EQ(found->count, 5u);
  ASSERT_NE(found->place, InstructionProfile::kNoPlace);
  EXPECT_TRUE(profile.source_places[found->place].at.file.ends_with("calls_vle.s"));
}

TEST(VleStacks, DoNotReachBelowWhereFirmwareSetsThemUp) {
  const Profile profile = profile_of_calls("table", recursion);
  ASSERT_EQ(profile.stacks.size(), 1u);
  EXPECT_EQ(profile.stacks[0].highest, 0x400b8000u);
  // recursion and four activations of recurse had stored their frames when the fifth was called.
  EXPECT_EQ(profile.stacks[0].peak, 5u * 16);
}

}  // namespace
}  // namespace mcusim::profiler
