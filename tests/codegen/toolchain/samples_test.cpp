#include "codegen/toolchain/samples.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>

#include "common/error.h"

namespace mcusim::codegen {
namespace {

NetworkNote note_with(DataType type, std::int64_t elements) {
  NetworkNote note;
  note.name = "network";
  note.inputs = {{"in", "net_arena", 0, type, {1, elements}, 0, 0}};
  return note;
}

TEST(Samples, DefaultSampleOfInt8CoversTheRange) {
  const auto sample = default_sample(note_with(DataType::int8, 8192));
  ASSERT_EQ(sample[0].size(), 8192u);
  EXPECT_EQ(std::set<int>(sample[0].begin(), sample[0].end()).size(), 256u);
}

TEST(Samples, DefaultSampleOfFloatLiesBetweenMinusOneAndOne) {
  const auto sample = default_sample(note_with(DataType::float32, 1000));
  ASSERT_EQ(sample[0].size(), 4000u);
  float least = 0;
  float most = 0;
  for (std::size_t i = 0; i < 1000; ++i) {
    float value;
    std::memcpy(&value, sample[0].data() + 4 * i, 4);
    least = std::min(least, value);
    most = std::max(most, value);
  }
  EXPECT_GE(least, -1.0f);
  EXPECT_LT(most, 1.0f);
  EXPECT_LT(least, -0.9f);
  EXPECT_GT(most, 0.9f);
}

TEST(Samples, DefaultSampleOfIndicesIsZeroOrOne) {
  const auto sample = default_sample(note_with(DataType::int64, 64));
  for (std::size_t i = 0; i < sample[0].size(); ++i) EXPECT_LE(sample[0][i], i % 8 == 0 ? 1 : 0);
}

TEST(Samples, SampleOfWrongSizeIsRefused) {
  BuildOptions options;
  options.samples = {{std::vector<std::uint8_t>(3)}};
  EXPECT_THROW(samples_of(note_with(DataType::int8, 4), options), InputError);
  options.samples = {{}};
  EXPECT_THROW(samples_of(note_with(DataType::int8, 4), options), InputError);
}

}  // namespace
}  // namespace mcusim::codegen
