#include "emulator/call_chain/call_chain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <ranges>

#include "common/error.h"
#include "common/files.h"
#include "emulator/image/debug_info.h"
#include "emulator/image/elf_image.h"
#include "emulator/machine.h"
#include "tests/emulator/test_mcu.h"

namespace mcusim::emulator {
namespace {

enum Scenario : std::uint32_t { nested, recursion, deep, in_interrupt, threads, frame, leaf, overflow };

using Names = std::vector<std::string>;

/// programs/chains.c in one scenario, run to its fault.
class Chains {
 public:
  Chains(const std::string& program, Scenario scenario)
      : image(load_image(MCUSIM_TEST_PROGRAMS "/" + program + ".elf")),
        machine(test_mcu(), test_board(), {.engine = "native"}) {
    machine.load(image);
    const std::uint32_t number = scenario;
    machine.bus().load(image.find_symbol("scenario")->address, &number, 4);
    stop = machine.run({.cycles = 1'000'000});
    std::optional<Address> fault_pc;
    if (stop.fault) fault_pc = stop.fault->pc;
    chain = call_chain(machine.engine().registers(), machine.bus(), image, fault_pc);
  }

  Names names() const {
    Names all;
    for (const CallFrame& found : chain) all.push_back(found.source ? found.source->at.function : "?");
    return all;
  }
  std::size_t count(FrameOrigin origin) const {
    return static_cast<std::size_t>(std::ranges::count(chain, origin, &CallFrame::origin));
  }

  Image image;
  Machine machine;
  Stop stop;
  std::vector<CallFrame> chain;
};

TEST(CallChain, FollowsTheTablesThroughTheFaultToTheResetHandler) {
  const Chains run("chains", nested);
  ASSERT_EQ(run.stop.reason, StopReason::fault) << run.stop.detail;
  EXPECT_EQ(run.names(), (Names{"bus_fault", "leaf", "inlined", "reset_handler"}));
  EXPECT_EQ(run.count(FrameOrigin::guess), 0u);
  EXPECT_EQ(run.chain[1].origin, FrameOrigin::exception);
  ASSERT_EQ(run.chain[2].source->inlined_into.size(), 1u);
  EXPECT_EQ(run.chain[2].source->inlined_into[0].function, "middle");
}

TEST(CallChain, TheFaultNamesCauseAddressAndInstruction) {
  const Chains run("chains", nested);
  ASSERT_TRUE(run.stop.fault.has_value()) << run.stop.detail;
  EXPECT_EQ(run.stop.fault->exception, "BusFault");
  EXPECT_EQ(run.stop.fault->cause, "write to 0x70000000, where nothing is");
  EXPECT_EQ(run.stop.fault->pc, run.chain[1].pc);
  EXPECT_EQ(run.stop.fault->bfar, 0x70000000u);
  EXPECT_FALSE(run.stop.fault->escalated);
  EXPECT_EQ(run.stop.fault->interrupted, "");
}

TEST(CallChain, RecursionIsShownCallByCall) {
  const Chains run("chains", recursion);
  const Names names = run.names();
  EXPECT_EQ(names.back(), "reset_handler");
  // Of four, the innermost has jumped to leaf as its last act.
  EXPECT_EQ(std::ranges::count(names, "recurse"), 3);
}

TEST(CallChain, DeepRecursionIsCut) {
  const Chains run("chains", deep);
  EXPECT_EQ(run.chain.size(), kMostCallFrames);
  EXPECT_EQ(run.names().back(), "recurse");
}

TEST(CallChain, AFaultInAnInterruptGoesThroughBothExceptionFrames) {
  const Chains run("chains", in_interrupt);
  EXPECT_EQ(run.names(), (Names{"hard_fault", "leaf", "inlined", "pend_sv", "interrupted", "before_interrupt",
                                "reset_handler"}));
  EXPECT_EQ(run.count(FrameOrigin::exception), 2u);
  ASSERT_TRUE(run.stop.fault.has_value());
  EXPECT_EQ(run.stop.fault->interrupted, "PendSV");
  EXPECT_TRUE(run.stop.fault->escalated) << "PendSV and BusFault have the same priority";
}

TEST(CallChain, AThreadsFramesAreOnItsOwnStack) {
  const Chains run("chains", threads);
  const Names expected{"hard_fault",      "leaf", "inlined", "pend_sv", "interrupted", "before_interrupt",
                       "on_process_stack"};
  const Names names = run.names();
  ASSERT_GE(names.size(), expected.size());
  EXPECT_TRUE(std::ranges::equal(expected, names | std::views::take(expected.size())))
      << ::testing::PrintToString(names);
  const Symbol* stack = run.image.find_symbol("thread_stack");
  EXPECT_GT(run.chain[4].sp, stack->address);
  EXPECT_LE(run.chain[4].sp, stack->address + stack->size);
}

TEST(CallChain, AssemblyWithAFrameIsCrossedByAMarkedGuess) {
  const Chains run("chains", frame);
  EXPECT_EQ(run.names(), (Names{"bus_fault", "leaf", "inlined", "assembly_frame", "reset_handler"}));
  EXPECT_EQ(run.chain[3].origin, FrameOrigin::table);
  EXPECT_EQ(run.chain[4].origin, FrameOrigin::guess);
}

TEST(CallChain, AnAssemblyLeafIsLeftByItsLinkRegister) {
  const Chains run("chains", leaf);
  EXPECT_EQ(run.names(), (Names{"bus_fault", "assembly_leaf", "reset_handler"}));
  EXPECT_EQ(run.chain[2].origin, FrameOrigin::guess);
}

TEST(CallChain, AnOverflowedStackStillNamesWhoOverflowed) {
  Chains run("chains", overflow);
  ASSERT_EQ(run.stop.reason, StopReason::fault) << run.stop.detail;
  ASSERT_TRUE(run.stop.fault.has_value());
  EXPECT_EQ(run.image.symbol_at(run.stop.fault->pc)->name, "overflow");
  EXPECT_LT(run.machine.engine().registers().msp, 0x20000000u);
  EXPECT_EQ(run.chain.size(), kMostCallFrames);
  EXPECT_EQ(run.names()[1], "overflow");
  EXPECT_EQ(run.chain[1].pc, run.stop.fault->pc);
  EXPECT_EQ(run.names().back(), "overflow");
}

TEST(CallChain, WithoutAnyTableTheCallsAreGuessedFromTheStack) {
  const Chains run("chains_stripped", in_interrupt);
  EXPECT_EQ(run.names(), (Names{"hard_fault", "leaf", "middle", "pend_sv", "interrupted", "before_interrupt",
                                "reset_handler"}));
  EXPECT_EQ(run.count(FrameOrigin::table), 0u);
}

TEST(CallChain, RegistersAndStacksOfAnyContentEndTheChain) {
  Chains run("chains", nested);
  std::mt19937 random(5);
  Registers registers = run.machine.engine().registers();
  const Address code = run.image.find_symbol("reset_handler")->address;
  std::size_t longest = 0;
  for (unsigned round = 0; round < 3000; ++round) {
    // A stack of addresses in code, exception returns and addresses of the stack.
    std::vector<std::uint32_t> stack(1024);
    for (std::uint32_t& word : stack) {
      switch (random() % 4) {
        case 0:
          word = 0x08000000u + random() % 0x800;
          break;
        case 1:
          word = 0xffffff80u + random() % 0x80;
          break;
        case 2:
          word = 0x20008000u + random() % 0x1000;
          break;
        default:
          word = static_cast<std::uint32_t>(random());
      }
    }
    run.machine.bus().load(0x20008000, stack.data(), stack.size() * 4);
    for (std::uint32_t& word : registers.r) word = static_cast<std::uint32_t>(random());
    registers.r[13] = 0x20008000u + random() % 0x1000;
    registers.r[14] = random() % 2 == 0 ? 0xffffff80u + random() % 0x80 : 0x08000000u + random() % 0x800;
    registers.r[15] = code + random() % 0x80;
    registers.psp = random() % 2 == 0 ? 0x20008000u + random() % 0x1000 : 0xfffffff0u;
    const auto chain = call_chain(registers, run.machine.bus(), run.image);
    ASSERT_LE(chain.size(), kMostCallFrames);
    ASSERT_GE(chain.size(), 1u);
    longest = std::max(longest, chain.size());
  }
  EXPECT_GT(longest, 5u) << "the stacks led nowhere: nothing was tested";
}

TEST(CallChain, DamagedTablesLoseFramesOnly) {
  const std::vector<std::uint8_t> whole = read_file(MCUSIM_TEST_PROGRAMS "/chains.elf");
  Chains run("chains", in_interrupt);
  const Registers registers = run.machine.engine().registers();
  std::mt19937 random(6);
  unsigned changed_chains = 0;
  // The debug sections stand behind the last byte that is loaded.
  const std::size_t first = whole.size() / 8;
  for (unsigned round = 0; round < 4000; ++round) {
    std::vector<std::uint8_t> changed = whole;
    for (unsigned count = 0; count < 8; ++count) {
      changed[first + random() % (whole.size() - first)] = static_cast<std::uint8_t>(random());
    }
    Image image;
    try {
      image = parse_elf("chains.elf", std::move(changed));
    } catch (const InputError&) {
      continue;  // section headers and symbols, which must be whole
    }
    const auto chain = call_chain(registers, run.machine.bus(), image);
    ASSERT_LE(chain.size(), kMostCallFrames);
    changed_chains += chain.size() != run.chain.size();
  }
  EXPECT_GT(changed_chains, 20u);
}

}  // namespace
}  // namespace mcusim::emulator
