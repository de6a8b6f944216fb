// Whatever a file holds that the reader accepts, no model breaks on it.
#include <gtest/gtest.h>

#include <random>

#include "../sample_profile.h"
#include "common/error.h"
#include "profiler/compare/reference.h"
#include "profiler/profile_file.h"
#include "viewer/model/cache_table.h"
#include "viewer/model/call_tree.h"
#include "viewer/model/code.h"
#include "viewer/model/comparison_table.h"
#include "viewer/model/layer_table.h"
#include "viewer/model/memory_map.h"
#include "viewer/model/network.h"
#include "viewer/model/pipeline.h"
#include "viewer/model/selection.h"
#include "viewer/model/tensor_map.h"
#include "viewer/model/timeline.h"

namespace mcusim::viewer {
namespace {

using profiler::Profile;

std::size_t write_out(Table table) {
  for (std::size_t column = 0; column < table.columns().size(); ++column) table.sort(column, true);
  table.filter("a");
  return table.csv().size();
}

void draw_timeline(const Profile& profile) {
  const double end = static_cast<double>(profile.run.cycles);
  for (const Lane& lane : lanes_of(profile.timeline))
    EXPECT_LE(visible_boxes(lane, profile.timeline, Axis(0, end, 20), 500).size(), 501u);
  for (const Curve& curve : curves_of(profile.timeline))
    sampled(curve, profile.timeline.window_cycles, Axis(0, end, 20), 500);
  statistics(profile, profile.run.cycles / 4, profile.run.cycles / 2);
}

/// All that the views ask for before they draw.
void use(const Profile& profile) {
  Selection selection(profile);
  for (std::size_t i = 0; i < profile.layers.size(); ++i) selection.select_layer(profile, i);
  Selection(selection, profile, profile);
  write_out(layer_table(profile));
  write_out(function_table(profile));
  write_out(symbol_table(profile));
  for (const profiler::CacheProfile& cache : profile.caches) write_out(cache_symbol_table(cache));
  const profiler::Comparison comparison =
      profiler::compare(profile, profiler::reference_of(sample_profile()));
  write_out(comparison_table(comparison));
  errors_text(comparison);
  for (const CallTree& tree : {CallTree::top_down(profile), CallTree::bottom_up(profile)})
    flame_graph(tree, 0, 1000);
  for (std::size_t i = 0; i < profile.functions.size(); ++i) code_of(profile, i).find("bl", 0);
  for (const MappedRegion& region : memory_map(profile))
    visible_spans(region.symbols, Axis(region.use->span.begin, region.use->span.begin + 1e6), 500);
  tensor_map(profile);
  const NetworkGraph graph = network_graph(profile);
  for (std::size_t i = 0; i < profile.layers.size(); ++i) layer_beside(graph, i, 0, 1);
  const PipelineDiagram diagram(profile);
  for (std::size_t i = 0; i < diagram.rows().size(); ++i) {
    diagram.cells(i);
    diagram.text(i);
    diagram.next_stall(i);
  }
  draw_timeline(profile);
}

TEST(DamagedProfiles, AreRefusedOrShown) {
  const std::vector<std::uint8_t> good = profiler::to_bytes(sample_profile());
  std::mt19937 random(7);
  int shown = 0;
  for (int i = 0; i < 4000; ++i) {
    std::vector<std::uint8_t> bytes = good;
    const unsigned changes = 1 + random() % 4;
    for (unsigned change = 0; change < changes; ++change)
      bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random() % 5 == 0 ? 0xff : random());
    try {
      use(profiler::from_bytes(bytes, "x"));
      ++shown;
    } catch (const InputError&) {
    }
  }
  EXPECT_GT(shown, 400) << "or nothing was tested";
  EXPECT_LT(shown, 4000);
}

}  // namespace
}  // namespace mcusim::viewer
