#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "command.h"
#include "common/files.h"
#include "common/npy.h"

// --record-io on a network that mcusim builds.
namespace mcusim::test {
namespace {

using Json = nlohmann::json;

const std::string kModel = MCUSIM_SOURCE_DIR "/examples/saline/saline_int8.tflite";

Json recorded(const std::filesystem::path& path) {
  const auto content = read_file(path);
  return Json::parse(content.begin(), content.end())["recorded_io"];
}

std::vector<std::int8_t> values(const Json& tensor) {
  return tensor["values"].get<std::vector<std::int8_t>>();
}

TEST(RecordIo, KeepsWhatWentInAndCameOutOfEachInference) {
  const TemporaryDirectory folder;
  const auto run = [&](std::vector<std::string> more) {
    std::vector<std::string> command = {"run", kModel, "--mcu", "stm32h743", "--json", "r.json"};
    command.insert(command.end(), more.begin(), more.end());
    return mcusim(command, folder.path());
  };
  ASSERT_EQ(run({"--record-io"}).status, 0);
  const Json own = recorded(folder.path() / "r.json");
  ASSERT_FALSE(own.empty());
  const Json& input = own[0]["inputs"][0];
  ASSERT_EQ(input["type"], "int8");
  // Two samples that are no samples of the firmware's own.
  NpyArray samples{DataType::int8, input["shape"], {}};
  samples.shape[0] = 2;
  const std::size_t size = values(input).size();
  for (std::size_t i = 0; i < 2 * size; ++i) samples.bytes.push_back(static_cast<std::uint8_t>(i * 7));
  write_file(folder.path() / "in.npy", to_npy(samples));
  const Outcome outcome =
      run({"--record-io", "--input", "in.npy", "--output", "out.npy", "--profile", "r.mcuprof"});
  ASSERT_EQ(outcome.status, 0) << outcome.errors;
  const Json given = recorded(folder.path() / "r.json");
  ASSERT_EQ(given.size(), 2u);
  std::vector<std::uint8_t> inputs, outputs;
  for (const Json& inference : given) {
    for (const std::int8_t value : values(inference["inputs"][0]))
      inputs.push_back(static_cast<std::uint8_t>(value));
    for (const std::int8_t value : values(inference["outputs"][0]))
      outputs.push_back(static_cast<std::uint8_t>(value));
  }
  EXPECT_EQ(given[1]["inference"], 1);
  EXPECT_EQ(inputs, samples.bytes);
  EXPECT_EQ(outputs, read_npy(folder.path() / "out.npy").bytes);
  EXPECT_NE(outcome.output.find("inference 1  input  "), std::string::npos) << outcome.output;
  // The profile has the same.
  ASSERT_EQ(mcusim({"report", "r.mcuprof", "--format", "json", "-o", "again.json"}, folder.path()).status, 0);
  EXPECT_EQ(recorded(folder.path() / "again.json"), given);
}

TEST(RecordIo, IsNullWhereItWasNotAskedFor) {
  const TemporaryDirectory folder;
  ASSERT_EQ(mcusim({"run", kModel, "--mcu", "stm32h743", "--json", "r.json"}, folder.path()).status, 0);
  EXPECT_TRUE(recorded(folder.path() / "r.json").is_null());
}

TEST(RecordIo, NeedsANetworkNote) {
  const Outcome outcome = mcusim({"run", MCUSIM_FIRMWARE "/fault.elf", "--mcu", "stm32f446", "--record-io"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_NE(outcome.errors.find("has no network note"), std::string::npos) << outcome.errors;
}

}  // namespace
}  // namespace mcusim::test
