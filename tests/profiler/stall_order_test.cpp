#include <gtest/gtest.h>

#include <algorithm>

#include "profiled_run.h"
#include "profiler/trace_window.h"

// programs/stall_order.S: a load from flash at the target of a branch, and a load that is the last
// instruction of a line of the flash, whose result the first of the next one needs.
namespace mcusim::profiler {
namespace {

using Causes = std::vector<std::string>;

struct Part {
  const char* mcu;
  std::uint32_t scenario;  ///< Of the program.
  Causes user, from_flash;
};
void PrintTo(const Part& part, std::ostream* out) { *out << part.mcu; }

class StallOrder : public testing::TestWithParam<Part> {
 protected:
  /// What the instruction at `symbol` was spent on, from its first cycle to its last.
  Causes causes_of(const char* symbol) const {
    const Address address = program_.find_symbol(symbol)->address;
    for (const TracedStep& step : profile_.trace.steps) {
      if (step.address != address) continue;
      Causes causes;
      for (const TracedStep::Part& part : step.spent) causes.push_back(profile_.stall_causes[part.cause]);
      return causes;
    }
    return {};
  }

  const emulator::Image program_ = emulator::load_image(MCUSIM_TEST_PROGRAMS "/stall_order.elf");
  const Profile profile_ = [this] {
    RecordOptions options;
    options.trace = parse_trace_window("order:40", program_);
    return profile_of(program_, "full", static_cast<Scenario>(GetParam().scenario), options, GetParam().mcu);
  }();
};

TEST_P(StallOrder, OfAStepIsThatInWhichItsCyclesWereSpent) {
  EXPECT_EQ(causes_of("user"), GetParam().user);
  EXPECT_EQ(causes_of("from_flash"), GetParam().from_flash);
}

INSTANTIATE_TEST_SUITE_P(
    Pipelines, StallOrder,
    testing::Values(
        // The queue of an M4 fetches while the load takes its second cycle: what is left of the read comes
        // behind.
        Part{"stm32f446",
             0,
             {"load_use", "flash_fetch", "issue"},
             {"flash_fetch", "branch", "issue", "flash_data"}},
        // An M33 fetches the line, then finds that the result is late.
        Part{"stm32u575", 1, {"icache_miss", "load_use", "issue"}, {"icache_miss", "issue", "flash_data"}},
        // An M7 waits for what comes last: here for code, at the target for the address, which was loaded
        // before.
        Part{"stm32h743", 2, {"flash_fetch", "issue"}, {"load_use", "issue", "flash_data"}}),
    [](const auto& part) { return std::string(part.param.mcu); });

}  // namespace
}  // namespace mcusim::profiler
