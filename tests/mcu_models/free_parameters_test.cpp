#include "mcu_models/free_parameters.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "common/error.h"
#include "common/files.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::mcu_models {
namespace {

std::vector<std::string> names(const std::vector<FreeParameter>& parameters) {
  std::vector<std::string> names;
  for (const FreeParameter& parameter : parameters) names.push_back(parameter.name());
  return names;
}

TEST(FreeParameters, AreTheNumbersOfTheMemorySystemThatAreAssumed) {
  EXPECT_EQ(
      names(free_parameters("stm32h743")),
      (std::vector<std::string>{"line_fill.ram_overhead", "line_fill.ram_beat", "line_fill.device_access"}))
      << "flash_overhead and flash_gap are measured";
  EXPECT_EQ(names(free_parameters("stm32f446")),
            (std::vector<std::string>{"core_override.pipeline.device_access",
                                      "core_override.pipeline.code_on_system_bus"}));
}

TEST(FreeParameters, HaveTheValuesOfTheModel) {
  const McuModel mcu = load_mcu("stm32h743");
  const std::vector<FreeParameter> parameters = free_parameters("stm32h743");
  EXPECT_EQ(parameters[0].value, mcu.line_fill->ram_overhead);
  EXPECT_EQ(parameters[1].value, mcu.line_fill->ram_beat);
}

TEST(FreeParameters, AnUnknownMcuIsRefused) { EXPECT_THROW(free_parameters("../x"), InputError); }

TEST(FreeParameters, APartWithOtherValuesIsThatPartOtherwise) {
  for (const char* name : {"stm32h743", "stm32f446", "stm32g0b1", "stm32u575"}) {
    std::vector<FreeParameter> parameters = free_parameters(name);
    for (FreeParameter& parameter : parameters) parameter.value += 3;
    const TemporaryDirectory folder;
    // Whatever the file is called, its board knows the part by its name.
    write_file(folder.path() / "fitted.toml", part_with(name, parameters, "a board's \"log\""));
    const McuModel fitted = load_mcu((folder.path() / "fitted.toml").string()), before = load_mcu(name);
    EXPECT_EQ(fitted.name, name);
    EXPECT_EQ(fitted.memory.size(), before.memory.size());
    EXPECT_EQ(fitted.peripherals.size(), before.peripherals.size());
    EXPECT_EQ(fitted.max_clock, before.max_clock);
    EXPECT_NO_THROW(load_board(fitted, ""));
    if (!before.line_fill) continue;
    EXPECT_EQ(fitted.line_fill->ram_overhead, before.line_fill->ram_overhead + 3);
    EXPECT_EQ(fitted.line_fill->flash_overhead, before.line_fill->flash_overhead);
  }
}

}  // namespace
}  // namespace mcusim::mcu_models
