#include "common/network_note.h"

#include <gtest/gtest.h>

#include "common/error.h"

namespace mcusim {
namespace {

NetworkNote sample() {
  NetworkNote note;
  note.name = "net";
  note.signature = "0123456789abcdef";
  note.run_function = "net_run";
  note.inference_count = "net_inferences";
  note.layers = {{0, "conv", "CONV_2D", {{1, 8, 8, 3}}, {1, 8, 8, 4}, 1234, "net_layer_0_conv"}};
  note.inputs = {{"in", "net_arena", 16, DataType::int8, {1, 8, 8, 3}, 0.1, -3}};
  note.outputs = {{"out", "net_arena", 256, DataType::float32, {1, 4}, 0, 0}};
  note.layers[0].inputs = {0};
  note.layers[0].outputs = {1};
  note.activations = {{note.inputs[0], -1, 0}, {note.outputs[0], 0, 1}};
  return note;
}

TEST(NetworkNote, TextKeepsEveryField) {
  const std::string text = to_json(sample());
  const NetworkNote back = parse_network_note(text, "net.elf");
  EXPECT_EQ(to_json(back), text);
  ASSERT_EQ(back.layers.size(), 1u);
  EXPECT_EQ(back.layers[0].function, "net_layer_0_conv");
  EXPECT_EQ(back.layers[0].macc, 1234u);
  ASSERT_EQ(back.inputs.size(), 1u);
  EXPECT_EQ(back.inputs[0].offset, 16u);
  EXPECT_EQ(back.inputs[0].scale, 0.1);
  EXPECT_EQ(back.inputs[0].zero_point, -3);
  EXPECT_EQ(back.layers[0].outputs, std::vector<std::uint32_t>{1});
  ASSERT_EQ(back.activations.size(), 2u);
  EXPECT_EQ(back.activations[1].tensor.offset, 256u);
  EXPECT_EQ(back.activations[0].first, -1);
  EXPECT_EQ(back.activations[1].last, 1);
}

TEST(NetworkNote, WhatIsOptionalMayBeMissing) {
  NetworkNote note = sample();
  note.layers[0].inputs = note.layers[0].outputs = {};
  note.activations.clear();
  std::string text = to_json(note);
  const std::size_t key = text.find(",\n \"activations\"");
  ASSERT_NE(key, std::string::npos);
  text.replace(key, text.rfind('}') - key, "\n");
  EXPECT_EQ(to_json(parse_network_note(text, "net.elf")), to_json(note));
}

TEST(NetworkNote, TensorsThatAreNotThereAreRefused) {
  NetworkNote note = sample();
  note.layers[0].inputs = {2};
  EXPECT_THROW(parse_network_note(to_json(note), "net.elf"), InputError);
  note = sample();
  note.activations[0].last = 2;
  EXPECT_THROW(parse_network_note(to_json(note), "net.elf"), InputError);
}

TEST(NetworkNote, DamagedTextIsRefusedInOneLineThatNamesTheFile) {
  const std::string good = to_json(sample());
  for (std::size_t length = 0; length + 2 < good.size(); length += 7) {
    try {
      parse_network_note(good.substr(0, length), "net.elf");
      FAIL() << "accepted when cut to " << length << " bytes";
    } catch (const InputError& error) {
      const std::string text = error.what();
      EXPECT_TRUE(text.starts_with("net.elf: ")) << text;
      EXPECT_EQ(text.find('\n'), std::string::npos) << text;
    }
  }
}

TEST(NetworkNote, ImpossibleShapesAndVersionsAreRefused) {
  NetworkNote note = sample();
  note.inputs[0].shape = {1ll << 40, 1ll << 40};
  EXPECT_THROW(parse_network_note(to_json(note), "net.elf"), InputError);
  note.inputs[0].shape = {0};
  EXPECT_THROW(parse_network_note(to_json(note), "net.elf"), InputError);
  std::string newer = to_json(sample());
  newer.replace(newer.find("\"version\": 1"), 12, "\"version\": 9");
  EXPECT_THROW(parse_network_note(newer, "net.elf"), InputError);
}

}  // namespace
}  // namespace mcusim
