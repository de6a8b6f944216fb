#include "codegen/emit/emit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "codegen/emit/signature.h"
#include "codegen/import/import.h"
#include "common/error.h"
#include "tests/codegen/support/golden.h"
#include "tests/codegen/support/graphs.h"
#include "tests/codegen/support/host_network.h"

namespace mcusim::codegen::testing {
namespace {

const std::filesystem::path kOps = std::filesystem::path(MCUSIM_SOURCE_DIR) / "tests/reference/ops";

const std::string& content_of(const EmittedNetwork& network, const std::string& name) {
  const auto file = std::find_if(network.files.begin(), network.files.end(),
                                 [&name](const SourceFile& candidate) { return candidate.name == name; });
  if (file == network.files.end()) throw std::runtime_error("no file " + name);
  return file->content;
}

bool has_file(const EmittedNetwork& network, const std::string& name) {
  return std::any_of(network.files.begin(), network.files.end(),
                     [&name](const SourceFile& file) { return file.name == name; });
}

TEST(Emit, IdenticalLayersKeepTheirOwnSymbols) {
  const Graph graph = dense_chain(3, 8);
  const EmittedNetwork network = emit_c(graph, plan_memory(graph));
  const HostNetwork compiled = HostCompiler().compile(network);
  for (const char* symbol : {"net_layer_0_fully_connected", "net_layer_1_fully_connected",
                             "net_layer_2_fully_connected", "net_run", "net_arena", "net_layers"}) {
    EXPECT_TRUE(compiled.has_symbol(symbol)) << symbol;
  }
  EXPECT_FALSE(compiled.has_symbol("net_layer_3_fully_connected"));
}

TEST(Emit, NoteListsLayersInOrderWithTheirFunctions) {
  const Graph graph = dense_chain(2, 8);
  const NetworkNote note = emit_c(graph, plan_memory(graph)).note;
  ASSERT_EQ(note.layers.size(), 2u);
  EXPECT_EQ(note.layers[1].index, 1);
  EXPECT_EQ(note.layers[1].op, "FULLY_CONNECTED");
  EXPECT_EQ(note.layers[1].function, "net_layer_1_fully_connected");
  EXPECT_EQ(note.layers[1].macc, 64u);
  EXPECT_EQ(note.layers[1].input_shapes, (std::vector<std::vector<std::int64_t>>{{1, 8}}));
  EXPECT_EQ(note.run_function, "net_run");
  EXPECT_EQ(note.inference_count, "net_inference_count");
  ASSERT_EQ(note.inputs.size(), 1u);
  EXPECT_EQ(note.inputs[0].symbol, "net_arena");
  EXPECT_DOUBLE_EQ(note.inputs[0].scale, 0.5);
}

TEST(Emit, NoteTellsWhichTensorsLinkTheLayersAndWhenTheyMatter) {
  const Graph graph = dense_chain(2, 8);
  const NetworkNote note = emit_c(graph, plan_memory(graph)).note;
  ASSERT_EQ(note.activations.size(), 3u);
  using Numbers = std::vector<std::uint32_t>;
  EXPECT_EQ(note.layers[0].inputs, Numbers{0});
  EXPECT_EQ(note.layers[0].outputs, Numbers{1});
  EXPECT_EQ(note.layers[1].inputs, Numbers{1});
  EXPECT_EQ(note.layers[1].outputs, Numbers{2});
  const auto lives = [&](std::size_t i) {
    return std::pair(note.activations[i].first, note.activations[i].last);
  };
  EXPECT_EQ(lives(0), std::pair(-1, 0));
  EXPECT_EQ(lives(1), std::pair(0, 1));
  EXPECT_EQ(lives(2), std::pair(1, 2));
  EXPECT_EQ(note.activations[2].tensor.offset, note.outputs[0].offset);
}

TEST(Emit, SharedWeightsAreWrittenOnce) {
  const Graph graph = dense_chain(3, 8);
  const EmittedNetwork network = emit_c(graph, plan_memory(graph));
  const std::string& weights = content_of(network, "net_weights.c");
  EXPECT_EQ(weights.find("const int8_t net_tensor_1[64]"), weights.rfind("const int8_t net_tensor_1[64]"));
  // 64 weights, and for each layer one multiplier of four bytes and one shift.
  EXPECT_EQ(network.weights_bytes, 64u + 3 * 5);
}

TEST(Emit, WritesOnlyTheKernelsThatTheNetworkCalls) {
  const Graph graph = dense_chain(1, 4);
  const EmittedNetwork network = emit_c(graph, plan_memory(graph));
  EXPECT_TRUE(has_file(network, "fully_connected_s8.c"));
  EXPECT_FALSE(has_file(network, "fully_connected_f32.c"));
  EXPECT_FALSE(has_file(network, "conv2d_s8.c"));
}

TEST(Emit, SameGraphGivesTheSameBytes) {
  const Graph graph = import_model(kOps / "conv2d_s8_3x3_same.tflite");
  const EmittedNetwork first = emit_c(graph, plan_memory(graph));
  const EmittedNetwork second = emit_c(graph, plan_memory(graph));
  ASSERT_EQ(first.files.size(), second.files.size());
  for (std::size_t i = 0; i < first.files.size(); ++i) {
    EXPECT_EQ(first.files[i].name, second.files[i].name);
    EXPECT_EQ(first.files[i].content, second.files[i].content) << first.files[i].name;
  }
  EXPECT_EQ(to_json(first.note), to_json(second.note));
}

TEST(Emit, ReshapeThatSharesItsBytesIsNoLayer) {
  const Graph graph = import_model(kOps / "reshape_s8.tflite");
  EXPECT_TRUE(emit_c(graph, plan_memory(graph)).note.layers.empty());
}

TEST(Emit, ReshapeInAPlanWithoutSharingCopies) {
  const Graph graph = import_model(kOps / "reshape_s8.tflite");
  MemoryPlan plan = plan_memory(graph);
  const auto output = static_cast<std::size_t>(graph.outputs[0]);
  plan.offsets[output] = static_cast<std::int64_t>(plan.arena_bytes);
  plan.arena_bytes += 32;
  const EmittedNetwork network = emit_c(graph, plan);
  EXPECT_EQ(network.note.layers.size(), 1u);
  const Bytes input = read_golden(kOps / "reshape_s8.golden", graph)[0].inputs[0];
  EXPECT_EQ(HostCompiler().compile(network).run({input})[0], input);
}

TEST(Emit, PrefixesLetTwoNetworksShareAProgram) {
  const Graph graph = dense_chain(1, 4);
  const MemoryPlan plan = plan_memory(graph);
  const std::vector<HostNetwork> both = HostCompiler().compile(
      {emit_c(graph, plan, {.prefix = "first"}), emit_c(graph, plan, {.prefix = "second"})});
  const std::vector<Bytes> input = {{1, 2, 3, 4}};
  EXPECT_TRUE(both[0].has_symbol("first_run"));
  EXPECT_TRUE(both[0].has_symbol("second_run"));
  EXPECT_EQ(both[0].run(input), both[1].run(input));
}

TEST(Emit, RefusesAPrefixThatIsNoIdentifier) {
  const Graph graph = dense_chain(1, 4);
  for (const char* prefix : {"", "1net", "a b", "Net", "net;"}) {
    EXPECT_THROW(emit_c(graph, plan_memory(graph), {.prefix = prefix}), InputError) << prefix;
  }
}

TEST(Emit, MeasuringHooksSurroundEachLayer) {
  const Graph graph = dense_chain(2, 4);
  EmittedNetwork network = emit_c(graph, plan_memory(graph));
  // A profile header as firmware would have it: it records the order of events.
  network.files.push_back({"net_extra.h",
                           "extern int events[8];\nextern int event_count;\n"
                           "#define MCUSIM_LAYER_BEGIN(layer) (events[event_count++] = 10 + (layer))\n"
                           "#define MCUSIM_LAYER_END(layer) (events[event_count++] = 20 + (layer))\n"});
  network.files.push_back(
      {"hooks.c", "extern int events[8];\nextern int event_count;\nint events[8];\nint event_count;\n"});
  for (SourceFile& file : network.files) {
    if (file.name == "net.c") file.content = "#define MCUSIM_PROFILE_HEADER \"net_extra.h\"\n" + file.content;
  }
  const HostNetwork compiled = HostCompiler().compile(network);
  compiled.run({{1, 2, 3, 4}});
  const auto* events = static_cast<const int*>(compiled.symbol("events"));
  EXPECT_EQ(std::vector<int>(events, events + 4), (std::vector<int>{10, 20, 11, 21}));
}

TEST(Signature, ChangesWithWeightsAndAttributesButNotWithNames) {
  const Graph graph = import_model(kOps / "conv2d_s8_3x3_same.tflite");
  const std::string original = signature(graph);
  EXPECT_EQ(original.size(), 16u);
  Graph renamed = graph;
  renamed.name = "other";
  renamed.nodes[0].name = "other";
  renamed.tensors[0].name = "other";
  EXPECT_EQ(signature(renamed), original);
  Graph other_weights = graph;
  other_weights.tensors[1].data[0] ^= 1;
  EXPECT_NE(signature(other_weights), original);
  Graph other_stride = graph;
  std::get<Conv2D>(other_stride.nodes[0].attributes).stride_w = 2;
  EXPECT_NE(signature(other_stride), original);
  Graph other_scale = graph;
  other_scale.tensors[0].quantization->scales[0] *= 2;
  EXPECT_NE(signature(other_scale), original);
}

TEST(GoldenDifference, NoticesOneStepOfInt8AndTwoHundredThousandthsOfFloat) {
  Tensor integer;
  integer.type = DataType::int8;
  EXPECT_EQ(difference(integer, {1, 2, 3}, {1, 2, 3}), "");
  EXPECT_NE(difference(integer, {1, 2, 3}, {1, 3, 3}), "");
  EXPECT_NE(difference(integer, {1, 2, 3}, {1, 2}), "");
  Tensor real;
  const auto bytes = [](float a, float b) {
    Bytes result(8);
    std::memcpy(result.data(), &a, 4);
    std::memcpy(result.data() + 4, &b, 4);
    return result;
  };
  EXPECT_EQ(difference(real, bytes(2, 1), bytes(2, 1.00001f)), "");
  EXPECT_NE(difference(real, bytes(1, 1), bytes(1, 1.00002f)), "");
  EXPECT_NE(difference(real, bytes(1, 1), bytes(1, std::numeric_limits<float>::quiet_NaN())), "");
}

}  // namespace
}  // namespace mcusim::codegen::testing
