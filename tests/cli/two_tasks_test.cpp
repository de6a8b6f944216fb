#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "command.h"

// examples/two_tasks: a kernel that switches tasks, on every timing and under lockstep.
namespace mcusim::test {
namespace {

/// The lines that the firmware printed.
std::vector<std::string> console(const Outcome& outcome) {
  std::istringstream stream(outcome.output.substr(0, outcome.output.find("\n\n")));
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> beginning_with(const std::vector<std::string>& lines, const std::string& text) {
  std::vector<std::string> found;
  std::ranges::copy_if(lines, std::back_inserter(found),
                       [&](const std::string& line) { return line.starts_with(text); });
  return found;
}

class TwoTasks : public ::testing::TestWithParam<const char*> {};

TEST_P(TwoTasks, BothComputeTheirResultsAndPrintWholeLines) {
  const std::string option = GetParam();
  std::vector<std::string> command{"run", MCUSIM_FIRMWARE "/two_tasks.elf", "--mcu", "stm32f446"};
  if (!option.empty()) command.push_back(option);
  const Outcome outcome = mcusim(command);
  ASSERT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find(" in board_end"), std::string::npos) << "it ends by itself";
  const std::vector<std::string> lines = console(outcome);
  // 168, 303, 430 and 550 primes are not above 1000, 2000, 3000 and 4000.
  EXPECT_EQ(beginning_with(lines, "primes"),
            (std::vector<std::string>{"primes: 168", "primes: 303", "primes: 430", "primes: 550"}));
  // Leibniz' sum of 1001, 2001.. terms: pi + 1/1001, rounded.
  EXPECT_EQ(beginning_with(lines, "pi"), (std::vector<std::string>{"pi * 1000: 3143", "pi * 1000: 3142",
                                                                   "pi * 1000: 3142", "pi * 1000: 3142"}));
  ASSERT_EQ(lines.size(), 9u) << outcome.output;
  ASSERT_TRUE(lines.back().starts_with("ticks: ")) << lines.back();
  EXPECT_GE(std::stoi(lines.back().substr(7)), 10) << "they took turns";
}

INSTANTIATE_TEST_SUITE_P(Timings, TwoTasks,
                         ::testing::Values("--timing=table", "--timing=off", "--timing=full", "--lockstep"),
                         [](const auto& instance) {
                           std::string name = instance.param;
                           std::erase_if(name, [](char letter) { return letter == '-' || letter == '='; });
                           return name;
                         });

}  // namespace
}  // namespace mcusim::test
