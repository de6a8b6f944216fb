// Every kernel, warnings as errors, for each kind of target that generated code is meant for.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "common/files.h"

namespace mcusim::codegen::testing {
namespace {

class CrossCompiler : public ::testing::TestWithParam<const char*> {};

TEST_P(CrossCompiler, TakesAllKernelsWithoutAWarning) {
  if (std::system("arm-none-eabi-gcc --version > /dev/null 2>&1") != 0)
    GTEST_SKIP() << "arm-none-eabi-gcc is missing";
  const TemporaryDirectory folder;
  const std::string command = fmt::format(
      "cd '{}' && arm-none-eabi-gcc {} -std=c99 -O2 -Wall -Wextra -Wshadow -Wconversion -Werror -pedantic "
      "-ffp-contract=off -c {}/codegen/kernels/*.c 2>&1",
      folder.path().string(), GetParam(), MCUSIM_SOURCE_DIR);
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
}

INSTANTIATE_TEST_SUITE_P(Cores, CrossCompiler,
                         ::testing::Values("-mthumb -mcpu=cortex-m0plus -mfloat-abi=soft",
                                           "-mthumb -mcpu=cortex-m3 -mfloat-abi=soft",
                                           "-mthumb -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16",
                                           "-mthumb -mcpu=cortex-m33 -mfloat-abi=hard -mfpu=fpv5-sp-d16",
                                           "-mthumb -mcpu=cortex-m7 -mfloat-abi=hard -mfpu=fpv5-d16"));

}  // namespace
}  // namespace mcusim::codegen::testing
