#include "emulator/timing/replay.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "emulator/timing/m7/pipeline_m7.h"
#include "emulator/timing/pipeline_m0.h"
#include "emulator/timing/pipeline_m33.h"
#include "emulator/timing/pipeline_m4.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {
namespace {

constexpr InstructionClass kClasses[] = {InstructionClass::alu,
                                         InstructionClass::alu,
                                         InstructionClass::dsp_accumulate,
                                         InstructionClass::load,
                                         InstructionClass::load,
                                         InstructionClass::store,
                                         InstructionClass::load_multiple,
                                         InstructionClass::store_multiple,
                                         InstructionClass::fp_add,
                                         InstructionClass::fp_fused_mac,
                                         InstructionClass::fp_divide,
                                         InstructionClass::if_then,
                                         InstructionClass::divide,
                                         InstructionClass::store_register,
                                         InstructionClass::branch_conditional,
                                         InstructionClass::branch_register};

bool is_load(InstructionClass of) {
  return of == InstructionClass::load || of == InstructionClass::load_multiple;
}
bool is_store(InstructionClass of) {
  return of == InstructionClass::store || of == InstructionClass::store_register ||
         of == InstructionClass::store_multiple;
}

/// What the outside does to a core: the same for all that execute the program.
struct Event {
  bool suppressed = false, taken = false;
  unsigned target = 0, division = 1;
  std::vector<Address> accesses;
};

template <typename Pipeline>
class Executed {
 public:
  Executed(Pipeline pipeline, bool remembers) : replay_(std::move(pipeline)) {
    replay_.remember(remembers);
    replay_.reset();
  }

  void execute(const InstructionFacts& facts, Address pc, const Event& event, Address next) {
    std::uint32_t& number = numbers_[pc];
    if (number == 0) {  // As the interpreter does where code has to be decoded.
      settle();
      number = replay_.enlist(pc, replay_.pipeline().prepare(facts), facts.instruction_class);
    }
    if (event.suppressed || facts.conditional) cycles = replay_.condition(!event.suppressed, pc, now());
    if constexpr (Pipeline::kDividesByOperands) {
      if (facts.instruction_class == InstructionClass::divide && !event.suppressed)
        cycles = replay_.division(event.division, pc, now());
    }
    executed_ += !event.suppressed;
    if (!replay_.replaying()) cycles = replay_.issue(number, event.suppressed, cycles);
    if (event.suppressed) return;
    for (const Address address : event.accesses) {
      cycles = is_load(facts.instruction_class)
                   ? replay_.template access<4, false>(number, address, cycles, deadline, executed_)
                   : replay_.template access<4, true>(number, address, cycles, deadline, executed_);
    }
    if (facts.instruction_class == InstructionClass::branch_conditional) {
      cycles = event.taken ? replay_.template branch<true>(number, next, cycles, deadline, executed_)
                           : replay_.template branch<false>(number, next, cycles, deadline, executed_);
    } else if (facts.instruction_class == InstructionClass::branch_register) {
      cycles = replay_.jump(number, next, now());
    }
  }
  Cycles decided() const { return replay_.decided(cycles); }
  bool interrupted() const { return cycles >= deadline; }
  void settle() { cycles = replay_.settle(now()); }
  /// The code at `pc` is another one from now on.
  void overwrite(Address pc) {
    settle();
    numbers_[pc] = 0;
  }
  std::vector<std::tuple<Address, std::uint64_t, StallCycles>> account() {
    std::vector<std::tuple<Address, std::uint64_t, StallCycles>> account;
    for (const auto& record : replay_.records()) account.emplace_back(record.pc, record.count, record.causes);
    return account;
  }
  Replay<Pipeline>& replay() { return replay_; }

  Cycles cycles = 0, deadline = 300;

 private:
  Moment now() const { return {cycles, deadline, executed_}; }

  Replay<Pipeline> replay_;
  std::map<Address, std::uint32_t> numbers_;
  std::uint64_t executed_ = 0;
};

InstructionFacts random_instruction(std::mt19937& random, bool armv6m) {
  const auto below = [&random](std::uint32_t bound) { return static_cast<std::uint32_t>(random() % bound); };
  InstructionFacts facts;
  do {
    facts.instruction_class = kClasses[below(std::size(kClasses))];
  } while (armv6m && (facts.instruction_class >= InstructionClass::fp_add ||
                      facts.instruction_class == InstructionClass::if_then ||
                      facts.instruction_class == InstructionClass::divide));
  facts.slots = static_cast<std::uint8_t>(1 + below(2));
  facts.cycles = static_cast<std::uint8_t>(1 + below(3));
  facts.address = below(4) == 0 ? 1u << below(4) : 0;
  facts.operands = 1u << below(4);
  facts.results = 1u << below(4);
  facts.loaded = 1u << below(4);
  facts.base = below(4) == 0 ? 1u : 0u;
  facts.add_move_or_shift = below(2) == 0;
  if (facts.instruction_class == InstructionClass::load_multiple) {
    facts.items = 3;
    facts.loaded = 0xeu;
  }
  if (facts.instruction_class == InstructionClass::store_multiple) facts.items = 2;
  if (facts.instruction_class == InstructionClass::fp_add ||
      facts.instruction_class == InstructionClass::fp_fused_mac) {
    facts.results = RegisterSet{1} << (32 + below(2));
    facts.operands = RegisterSet{1} << (32 + below(3));
    facts.accumulators = facts.instruction_class == InstructionClass::fp_fused_mac ? facts.results : 0;
  }
  return facts;
}

template <typename Pipeline, typename... Environment>
void compare(const char* part, std::uint32_t control_value, unsigned seed, Environment... environment) {
  const mcu_models::McuModel mcu = mcu_models::load_mcu(part);
  const bool armv6m = mcu.core.architecture == mcu_models::Architecture::v6m;
  std::uint32_t control = control_value;
  const auto make = [&] {
    const auto read = [&control](Address) { return control; };
    if constexpr (sizeof...(Environment) == 0)
      return Pipeline(mcu, read);
    else
      return Pipeline(mcu, MemoryM7::Environment{read, environment...});
  };
  Executed<Pipeline> remembers(make(), true), works_out(make(), false);
  std::mt19937 random(seed);
  const auto below = [&random](std::uint32_t bound) { return static_cast<std::uint32_t>(random() % bound); };

  constexpr unsigned kProgram = 300;
  std::vector<InstructionFacts> program;
  for (unsigned i = 0; i < kProgram; ++i) program.push_back(random_instruction(random, armv6m));
  std::vector<Address> address_of(kProgram + 1);
  for (const auto& memory : mcu.memory)
    if (memory.kind == mcu_models::MemoryKind::flash) address_of[0] = memory.base + 0x100;
  for (unsigned i = 0; i < kProgram; ++i) address_of[i + 1] = address_of[i] + 2 * program[i].slots;

  unsigned at = 0;
  for (unsigned step = 0; step < 80'000; ++step) {
    const InstructionFacts& facts = program[at];
    Event event;
    event.suppressed = !armv6m && at % 11 == 0 && below(3) == 0;
    InstructionFacts executed = facts;
    executed.conditional = !armv6m && at % 11 == 0;
    event.division = 2 + below(10);
    const InstructionClass of = facts.instruction_class;
    if (is_load(of) || is_store(of)) {
      const std::uint32_t kind = below(200);
      const Address target = kind < 150   ? 0x20000000 + 4 * below(64)
                             : kind < 170 ? 0x20000000 + below(512)
                             : kind < 198 ? address_of[0] + 4 * below(256)
                                          : mcu.flash_timing->latency.address;
      if (kind >= 198 && is_store(of) && below(4) == 0) control ^= 1;
      const bool aligned = of == InstructionClass::load_multiple || of == InstructionClass::store_multiple;
      for (unsigned word = 0; word < std::max<unsigned>(facts.items, 1); ++word)
        event.accesses.push_back((aligned ? target & ~3u : target) + 4 * word);
    }
    unsigned next = at + 1 < kProgram ? at + 1 : 0;
    event.taken = below(3) != 0;
    // Mostly loops, so that instructions meet again and again in states they were in before.
    const unsigned loop = at - at % 20;
    if (!event.suppressed && of == InstructionClass::branch_conditional && event.taken)
      next = at % 7 == 0 ? (at * 37) % kProgram : loop;
    if (!event.suppressed && of == InstructionClass::branch_register)
      next = below(4) != 0 ? loop : below(kProgram);
    remembers.execute(executed, address_of[at], event, address_of[next]);
    works_out.execute(executed, address_of[at], event, address_of[next]);
    ASSERT_EQ(remembers.interrupted(), works_out.interrupted())
        << part << ", seed " << seed << ", step " << step;
    const bool decided =
        !event.suppressed && (!event.accesses.empty() || of == InstructionClass::branch_conditional ||
                              of == InstructionClass::branch_register);
    if (decided) {
      ASSERT_EQ(remembers.decided(), works_out.cycles)
          << part << ", seed " << seed << ", step " << step << ": instruction " << at;
    }
    if (remembers.interrupted() || step % 1000 == 999) {
      remembers.settle();
      works_out.settle();
      ASSERT_EQ(remembers.cycles, works_out.cycles) << part << ", seed " << seed << ", step " << step;
    }
    if (remembers.interrupted()) {
      const Cycles later = works_out.cycles + 12 + below(2) * 100;
      remembers.cycles = works_out.cycles = later;
      remembers.deadline = works_out.deadline = later + 57 + below(2000);
    }
    if (step % 20'000 == 19'999) {
      const unsigned other = below(kProgram);
      const std::uint8_t slots = program[other].slots;
      program[other] = random_instruction(random, armv6m);
      program[other].slots = slots;
      remembers.overwrite(address_of[other]);
      works_out.overwrite(address_of[other]);
    }
    at = next;
  }
  remembers.settle();
  works_out.settle();
  EXPECT_EQ(remembers.replay().stalls(remembers.cycles).by_cause,
            works_out.replay().stalls(works_out.cycles).by_cause)
      << part << ", seed " << seed;
  const auto a = remembers.account(), b = works_out.account();
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(std::get<0>(a[i]), std::get<0>(b[i]));
    EXPECT_EQ(std::get<1>(a[i]), std::get<1>(b[i])) << part << ", seed " << seed << ": executions of " << i;
    EXPECT_EQ(std::get<2>(a[i]).by_cause, std::get<2>(b[i]).by_cause)
        << part << ", seed " << seed << ": " << i;
  }
  const auto caches_a = remembers.replay().pipeline().caches(),
             caches_b = works_out.replay().pipeline().caches();
  for (std::size_t i = 0; i < caches_a.size(); ++i) {
    EXPECT_EQ(caches_a[i].counters.accesses, caches_b[i].counters.accesses)
        << part << ": " << caches_a[i].name;
    EXPECT_EQ(caches_a[i].counters.misses, caches_b[i].counters.misses) << part << ": " << caches_a[i].name;
  }
  EXPECT_GT(remembers.replay().replayed(), 8'000u) << part << ": otherwise nothing was compared";
  EXPECT_EQ(works_out.replay().replayed(), 0u);
}

// Random programs in a small address range, with loops, accesses to all memories, divisions, suppressed
// instructions, interrupts, overwritten code and writes to the flash interface.
TEST(ReplayedInstructions, TakeTheCyclesThatWorkingThemOutTakes) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    compare<PipelineM4>("stm32l4r5", 0x705, seed);
    compare<PipelineM4>("stm32f407", 0x705, seed);
    compare<PipelineM33>("stm32u575", 0x103, seed);
    compare<PipelineM0>("stm32g0b1", 0x702, seed);
    const auto cacheability = [](Address address) { return default_cacheability(address); };
    compare<PipelineM7>("stm32h743", 0x30003, seed, cacheability);
    compare<PipelineM7>("stm32f746", 0x30003, seed, cacheability);
  }
}

}  // namespace
}  // namespace mcusim::emulator
