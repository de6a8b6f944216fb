#include "profiler/network_inputs.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "common/error.h"

namespace mcusim::profiler {
namespace {

NetworkNote note_with(DataType type, double scale, std::int64_t zero_point) {
  NetworkNote note;
  note.name = "net";
  note.inputs = {{"in", "arena", 0, type, {1, 2}, scale, zero_point}};
  return note;
}

NpyArray floats(std::vector<std::int64_t> shape, const std::vector<float>& values) {
  NpyArray array{DataType::float32, std::move(shape), {}};
  array.bytes.resize(values.size() * 4);
  if (!values.empty()) std::memcpy(array.bytes.data(), values.data(), array.bytes.size());
  return array;
}

std::vector<int> as_int8(const std::vector<std::uint8_t>& bytes) {
  std::vector<int> values;
  for (const std::uint8_t byte : bytes) values.push_back(static_cast<std::int8_t>(byte));
  return values;
}

std::string fault_of(const NetworkNote& note, const std::vector<NpyArray>& arrays) {
  try {
    convert_inputs(note, arrays, std::vector<std::string>(arrays.size(), "in.npy"));
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

TEST(NetworkInputs, FloatsAreQuantisedWithRoundingAwayFromZeroAndSaturation) {
  const auto note = note_with(DataType::int8, 0.5, 10);
  const auto inputs = convert_inputs(note, {floats({3, 2}, {0.25F, -0.25F, 0.2F, 1000.F, -1000.F, NAN})}, {"in.npy"});
  ASSERT_EQ(inputs.samples.size(), 3u);
  EXPECT_TRUE(inputs.has_sample_axis);
  EXPECT_EQ(as_int8(inputs.samples[0][0]), (std::vector<int>{11, 9})) << "0.25/0.5 rounds to 1, -0.25/0.5 to -1";
  EXPECT_EQ(as_int8(inputs.samples[1][0]), (std::vector<int>{10, 127}));
  EXPECT_EQ(as_int8(inputs.samples[2][0]), (std::vector<int>{-128, 10}));
}

TEST(NetworkInputs, TheTensorsOwnShapeIsOneSample) {
  const auto inputs = convert_inputs(note_with(DataType::float32, 0, 0), {floats({1, 2}, {1, 2})}, {"in.npy"});
  EXPECT_EQ(inputs.samples.size(), 1u);
  EXPECT_FALSE(inputs.has_sample_axis);
}

TEST(NetworkInputs, ASampleAxisMayReplaceTheBatchOrStandBeforeIt) {
  const auto note = note_with(DataType::float32, 0, 0);
  EXPECT_EQ(convert_inputs(note, {floats({2, 2}, {1, 2, 3, 4})}, {"a"}).samples.size(), 2u);
  EXPECT_EQ(convert_inputs(note, {floats({2, 1, 2}, {1, 2, 3, 4})}, {"a"}).samples.size(), 2u);
}

TEST(NetworkInputs, WrongShapesTypesAndNumbersAreNamed) {
  const auto note = note_with(DataType::int8, 0.5, 0);
  EXPECT_NE(fault_of(note, {floats({1, 3}, {1, 2, 3})}).find("in.npy: shape (1,3) does not fit input 'in' of shape (1,2)"),
            std::string::npos);
  EXPECT_NE(fault_of(note, {floats({0, 2}, {})}).find("does not fit"), std::string::npos);
  EXPECT_NE(fault_of(note, {}).find("0 given, but network 'net' has 1 input"), std::string::npos);
  EXPECT_NE(fault_of(note, {NpyArray{DataType::int16, {1, 2}, {0, 0, 0, 0}}}).find("holds int16, but input 'in' takes int8"),
            std::string::npos);
}

}  // namespace
}  // namespace mcusim::profiler
