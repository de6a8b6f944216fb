#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "emulator/call_chain/call_chain.h"
#include "emulator/image/elf_image.h"
#include "emulator/machine.h"

// Chains of an e200; programs/chains_vle.s.
namespace mcusim::emulator {
namespace {

enum Scenario : std::uint8_t { nested, called_before, in_interrupt, other_stack, with_tables };

using Names = std::vector<std::string>;
using Origins = std::vector<FrameOrigin>;

class Chains {
 public:
  explicit Chains(Scenario scenario)
      : image(load_image_for(mcu_models::Architecture::vle, MCUSIM_TEST_PROGRAMS "/chains_vle.elf")),
        machine(mcu_, mcu_models::load_board(mcu_, ""), {}) {
    machine.load(image);
    machine.bus().load(image.find_symbol("scenario")->address + 3, &scenario, 1);
    stop = machine.run({.cycles = 1'000'000});
    chain = call_chain(machine.engine().registers(), machine.bus(), image, {},
                       machine.engine().interrupted_code());
  }

  Names names() const {
    Names all;
    for (const CallFrame& found : chain) all.push_back(found.source ? found.source->at.function : "?");
    return all;
  }
  Origins origins() const {
    Origins all;
    for (const CallFrame& found : chain) all.push_back(found.origin);
    return all;
  }

 private:
  const mcu_models::McuModel mcu_ = mcu_models::load_mcu("spc58ec80");

 public:
  const Image image;
  Machine machine;
  Stop stop;
  std::vector<CallFrame> chain;
};

constexpr FrameOrigin kStop = FrameOrigin::stop, kGuess = FrameOrigin::guess, kTable = FrameOrigin::table,
                      kException = FrameOrigin::exception;

TEST(PowerChain, WithoutTablesALeafIsLeftByLrAndItsCallersByTheBackChain) {
  const Chains run(nested);
  ASSERT_EQ(run.stop.reason, StopReason::fault) << run.stop.detail;
  EXPECT_EQ(run.names(), (Names{"leaf", "middle", "nested", "reset_handler"}));
  EXPECT_EQ(run.origins(), (Origins{kStop, kGuess, kGuess, kGuess}));
  EXPECT_EQ(run.chain.back().sp, run.image.find_symbol("stack_top")->address - 16);
}

TEST(PowerChain, LrThatPointsIntoTheFunctionItselfIsNotItsCaller) {
  EXPECT_EQ(Chains(called_before).names(), (Names{"calls_and_faults", "called_before", "reset_handler"}));
}

TEST(PowerChain, GoesThroughInterruptsToWhatTheyInterrupted) {
  const Chains run(in_interrupt);
  EXPECT_EQ(run.names(), (Names{"machine_check", "leaf", "irq0_handler", "victim", "raise", "in_interrupt",
                                "reset_handler"}));
  EXPECT_EQ(run.origins(), (Origins{kStop, kException, kGuess, kException, kGuess, kGuess, kGuess}));
  ASSERT_TRUE(run.stop.fault);
  EXPECT_EQ(run.stop.fault->pc, run.chain[1].pc);
}

TEST(PowerChain, AHandlerOnAStackOfItsOwnEndsAtWhatItInterrupted) {
  EXPECT_EQ(Chains(other_stack).names(), (Names{"machine_check", "leaf", "irq0_handler", "victim", "raise",
                                                "other_stack", "reset_handler"}));
}

TEST(PowerChain, TablesKnowFramesThatTheStackPointerHasLeft) {
  const Chains run(with_tables);
  EXPECT_EQ(run.names(), (Names{"leaf_with_table", "with_tables", "reset_handler"}));
  EXPECT_EQ(run.origins(), (Origins{kStop, kTable, kTable}));
}

TEST(PowerChain, RegistersAndStacksOfAnyContentEndTheChain) {
  Chains run(in_interrupt);
  std::mt19937 random(7);
  const Address code = run.image.find_symbol("reset_handler")->address;
  const Address stack_base = run.image.find_symbol("stack_top")->address - 0x2000;
  std::vector<Address> returns;
  for (const Scenario scenario : {nested, called_before, in_interrupt, with_tables})
    for (const CallFrame& frame : Chains(scenario).chain) returns.push_back(frame.pc);
  const auto any_word = [&]() -> std::uint32_t {
    switch (random() % 3) {
      case 0:
        return returns[random() % returns.size()];
      case 1:
        return stack_base + random() % 0x1000 * 4;
      default:
        return static_cast<std::uint32_t>(random());
    }
  };
  std::size_t longest = 0;
  for (unsigned round = 0; round < 500; ++round) {
    for (Address at = stack_base; at < stack_base + 0x1000; at += 4) {
      const std::uint32_t word = __builtin_bswap32(any_word());
      run.machine.bus().load(at, &word, 4);
    }
    const auto any_registers = [&] {
      Registers registers;
      registers.power.emplace();
      for (std::uint32_t& word : registers.power->r) word = any_word();
      registers.power->r[1] = stack_base + random() % 0x400 * 4;
      registers.r[14] = any_word();
      registers.r[15] = code + random() % 0x200;
      return registers;
    };
    const auto chain =
        call_chain(any_registers(), run.machine.bus(), run.image, {}, {any_registers(), any_registers()});
    ASSERT_LE(chain.size(), kMostCallFrames);
    ASSERT_GE(chain.size(), 3u) << "what was interrupted is always there";
    longest = std::max(longest, chain.size());
  }
  EXPECT_GT(longest, 5u) << "the stacks led nowhere: nothing was tested";
}

}  // namespace
}  // namespace mcusim::emulator
