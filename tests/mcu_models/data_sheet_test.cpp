#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "mcu_models/mcu_model.h"

namespace mcusim::mcu_models {
namespace {

struct DataSheet {
  const char* mcu;
  const char* part;
  Bytes flash_kib;
  Bytes ram_kib;  ///< With tightly coupled, core-coupled and backup memory.
  Hertz mhz;
};
// First pages of the data sheets named in the part files.
constexpr DataSheet kDataSheets[] = {
    {"stm32f103", "STM32F103RB", 128, 20, 72},     {"stm32f407", "STM32F407VG", 1024, 192 + 4, 168},
    {"stm32f411", "STM32F411RE", 512, 128, 100},   {"stm32f446", "STM32F446RE", 512, 128 + 4, 180},
    {"stm32f746", "STM32F746ZG", 1024, 340, 216},  {"stm32g0b1", "STM32G0B1RE", 512, 144, 64},
    {"stm32g474", "STM32G474RE", 512, 128, 170},   {"stm32h743", "STM32H743ZI", 2048, 1060, 480},
    {"stm32h7a3", "STM32H7A3ZI", 2048, 1380, 280}, {"stm32l476", "STM32L476RG", 1024, 128, 80},
    {"stm32l4r5", "STM32L4R5ZI", 2048, 640, 120},  {"stm32u575", "STM32U575ZI", 2048, 786, 160},
    {"spc58ec80", "SPC58EC80E5", 4096 + 128, 384 + 2 * (16 + 64), 180},
};

class EveryDataSheet : public testing::TestWithParam<DataSheet> {};

Bytes sum_of(const McuModel& mcu, bool flash) {
  Bytes sum = 0;
  for (const MemoryRegion& region : mcu.memory) {
    if ((region.kind == MemoryKind::flash) == flash) sum += region.size;
  }
  return sum;
}

TEST_P(EveryDataSheet, AgreesInMemorySizesAndClock) {
  const McuModel mcu = load_mcu(GetParam().mcu);
  EXPECT_EQ(sum_of(mcu, true) / 1024, GetParam().flash_kib);
  EXPECT_EQ(sum_of(mcu, false) / 1024, GetParam().ram_kib);
  EXPECT_EQ(mcu.max_clock, GetParam().mhz * 1'000'000);
}

INSTANTIATE_TEST_SUITE_P(BuiltIn, EveryDataSheet, testing::ValuesIn(kDataSheets),
                         [](const auto& test) { return std::string(test.param.mcu); });

TEST(EveryDataSheet, CoversAllBuiltInMcus) {
  for (const std::string& name : mcu_names()) {
    EXPECT_TRUE(std::ranges::any_of(kDataSheets, [&](const DataSheet& sheet) { return name == sheet.mcu; }))
        << name;
  }
}

std::vector<std::string> split_csv(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back().push_back(c);
    }
  }
  return fields;
}

TEST(PartsTable, AgreesInFlashClockAndInterruptPriorities) {
  const std::filesystem::path path =
      std::filesystem::path(MCUSIM_MODELS_DIR) / ".." / "facts" / "stm32-parts.csv";
  std::ifstream file(path);
  if (!file) GTEST_SKIP() << "no table of parts at " << path;
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> header = split_csv(line);
  std::map<std::string, std::map<std::string, std::string>> rows;
  while (std::getline(file, line)) {
    const std::vector<std::string> fields = split_csv(line);
    ASSERT_EQ(fields.size(), header.size()) << line;
    for (std::size_t i = 0; i < fields.size(); ++i) rows[fields[0]][header[i]] = fields[i];
  }
  for (const DataSheet& sheet : kDataSheets) {
    SCOPED_TRACE(sheet.part);
    if (!std::string_view(sheet.part).starts_with("STM32")) continue;
    ASSERT_TRUE(rows.contains(sheet.part));
    auto& row = rows[sheet.part];
    const McuModel mcu = load_mcu(sheet.mcu);
    EXPECT_EQ(std::to_string(sum_of(mcu, true) / 1024), row["flash_kib"]);
    EXPECT_EQ(std::to_string(mcu.max_clock / 1'000'000), row["max_clock_mhz"]);
    EXPECT_EQ(std::to_string(mcu.priority_bits), row["nvic_prio_bits"]);
    EXPECT_GE(mcu.interrupt_count, std::stoul(row["irq_count"])) << "the table counts used lines only";
    EXPECT_LE(std::stoul(row["ram_total_kib"]), sum_of(mcu, false) / 1024) << "known gaps are omissions";
    constexpr std::pair<Fpu, const char*> kFpus[] = {
        {Fpu::none, "none"}, {Fpu::fpv4_sp, "SP"}, {Fpu::fpv5_sp, "SP"}, {Fpu::fpv5_dp, "DP"}};
    for (const auto& [fpu, text] : kFpus) {
      EXPECT_TRUE(fpu != mcu.fpu || row["fpu"] == text) << row["fpu"];
    }
  }
}

}  // namespace
}  // namespace mcusim::mcu_models
