#include <gtest/gtest.h>

#include <string>

#include "common/files.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::mcu_models {
namespace {

TEST(Documentation, ExamplePartLoads) {
  const auto bytes = read_file(std::string(MCUSIM_SOURCE_DIR) + "/docs/mcu-models.md");
  const std::string text(bytes.begin(), bytes.end());
  const std::string fence = "```toml\n";
  const std::size_t begin = text.find(fence);
  ASSERT_NE(begin, std::string::npos);
  const std::size_t end = text.find("```", begin + fence.size());
  ASSERT_NE(end, std::string::npos);
  TemporaryDirectory folder;
  const auto path = folder.path() / "stm32f405.toml";
  write_file(path, text.substr(begin + fence.size(), end - begin - fence.size()));
  const McuModel mcu = load_mcu(path.string());
  EXPECT_EQ(mcu.name, "stm32f405");
  EXPECT_EQ(mcu.family, "stm32f4");
  EXPECT_FALSE(mcu.find_memory("CCM")->executable);
}

}  // namespace
}  // namespace mcusim::mcu_models
