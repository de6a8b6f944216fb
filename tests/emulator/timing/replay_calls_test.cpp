#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "emulator/call_listener.h"
#include "emulator/cortex_m/native_engine.h"
#include "emulator/image/elf_image.h"
#include "mcu_models/library.h"

namespace mcusim::emulator {
namespace {

struct Seen {
  Address target;
  Cycles cycles;
  std::uint64_t instructions;

  bool operator==(const Seen&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  return out << std::hex << seen.target << std::dec << " at cycle " << seen.cycles << ", instruction "
             << seen.instructions;
}

class Journal : public CallListener {
 public:
  void called(Address target, Address, const FlowPoint& now) override { note(target, now); }
  void jumped(Address target, const FlowPoint& now) override { note(target, now); }
  void stack_changed(const FlowPoint&) override {}
  void exception_entered(const ExceptionEntry&, const FlowPoint&) override {}
  void exception_returned(const ExceptionReturn&, const FlowPoint&) override {}
  void restarted(Address, const FlowPoint&) override {}

  std::vector<Seen> seen;

 private:
  void note(Address target, const FlowPoint& now) { seen.push_back({target, now.cycles, now.instructions}); }
};

std::vector<Seen> follow(const std::string& part, bool remembers) {
  mcu_models::McuModel mcu = mcu_models::load_mcu(part);
  const Image image = load_image(MCUSIM_CALLS_PROGRAM);
  Bus bus;
  Scheduler scheduler;
  cortex_m::NativeEngine engine(mcu, bus, scheduler,
                                {.timing = cortex_m::NativeOptions::Timing::full, .remember = remembers});
  bus.add_memory("flash", 0x08000000, 0x10000, false);
  bus.add_memory("sram", 0x20000000, 0x10000, true);
  for (const Segment& segment : image.segments)
    bus.load(segment.address, segment.bytes.data(), segment.bytes.size());
  Journal journal;
  engine.follow_calls(&journal, {image.find_symbol("fibonacci")->address & ~1u});
  engine.reset(0x08000000);
  EXPECT_EQ(engine.run({}).reason, StopReason::self_branch) << part;
  return journal.seen;
}

class ReplayedCalls : public ::testing::TestWithParam<const char*> {};

// Whoever follows calls looks at the counter in the middle of what is replayed.
TEST_P(ReplayedCalls, HappenInTheCycleInWhichTheyHappenWorkedOut) {
  const std::vector<Seen> replayed = follow(GetParam(), true), worked_out = follow(GetParam(), false);
  ASSERT_GT(worked_out.size(), 40u * 100);
  ASSERT_EQ(replayed.size(), worked_out.size());
  for (std::size_t i = 0; i < replayed.size(); ++i) ASSERT_EQ(replayed[i], worked_out[i]) << "call " << i;
}

INSTANTIATE_TEST_SUITE_P(Parts, ReplayedCalls,
                         ::testing::Values("stm32g0b1", "stm32l4r5", "stm32u575", "stm32h743"),
                         [](const auto& part) { return std::string(part.param); });

}  // namespace
}  // namespace mcusim::emulator
