#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "command.h"
#include "common/files.h"

namespace mcusim::test {
namespace {

const std::string kElf = MCUSIM_FIRMWARE "/two_tasks.elf";

TEST(Region, IsALayerInTableAndJson) {
  const TemporaryDirectory folder;
  const std::string json = (folder.path() / "a.json").string();
  const Outcome run =
      mcusim({"run", kElf, "--mcu", "stm32f446", "--region", "print=print_line", "--json", json});
  ASSERT_EQ(run.status, 0) << run.errors;
  EXPECT_NE(run.output.find("print    region"), std::string::npos) << run.output;
  const auto bytes = read_file(json);
  const auto report = nlohmann::json::parse(bytes.begin(), bytes.end());
  ASSERT_EQ(report["layers"].size(), 1u);
  EXPECT_EQ(report["layers"][0]["name"], "print");
  std::uint64_t self = 0;
  for (const auto& function : report["functions"]) self += function["self_cycles"].get<std::uint64_t>();
  EXPECT_EQ(self, report["cycles"].get<std::uint64_t>());
}

TEST(Region, UnusableOnesEndWithOneLine) {
  const Outcome unknown = mcusim({"run", kElf, "--mcu", "stm32f446", "--region", "x=nothing"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_EQ(unknown.errors, "mcusim: --region x=nothing: " + kElf +
                                " has no symbol 'nothing'; give NAME=SYMBOL or NAME=FROM..TO\n");
  const Outcome heap = mcusim({"run", kElf, "--mcu", "stm32f446", "--heap", "alloc=x"});
  EXPECT_EQ(heap.status, 2);
}

}  // namespace
}  // namespace mcusim::test
