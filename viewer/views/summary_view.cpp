#include "viewer/views/summary_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "profiler/reports/format.h"
#include "viewer/model/comparison_table.h"
#include "viewer/model/layer_table.h"
#include "viewer/views/widgets.h"

namespace mcusim::viewer {

using profiler::grouped;
using profiler::LayerProfile;

namespace {

constexpr std::size_t kHottest = 8;

double share_of(Bytes part, Bytes whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

void fact(const Frame& frame, std::string_view name, const std::string& value) {
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  dim_text(frame, name);
  ImGui::TableNextColumn();
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(value.c_str());
  ImGui::PopTextWrapPos();
}

void memory_bar(const Frame& frame, std::string_view name, std::optional<Bytes> used, Bytes size,
                std::string_view why_unknown) {
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  dim_text(frame, name);
  ImGui::TableNextColumn();
  if (!used) {
    dim_text(frame, why_unknown);
    return;
  }
  const std::string text = size == 0 ? grouped(*used) + " B"
                                     : fmt::format("{} / {} B, {} %", grouped(*used), grouped(size),
                                                   profiler::percent_of(*used, size));
  draw_bar(frame, share_of(*used, size), ImGui::GetContentRegionAvail().x, text);
}

/// Of a run that goes on.
std::string where_it_is(const profiler::Profile& profile) {
  std::string text = profile.stop_function.empty() ? fmt::format("at 0x{:08x}", profile.stop.pc)
                                                   : "in " + profile.stop_function;
  if (profile.running->layer) {
    const NoteLayer& layer = profile.layers[*profile.running->layer].layer;
    text = fmt::format("layer {} of {}, {}, {}", layer.index, profile.layers.size(), layer.op, text);
  }
  return fmt::format("{}; {} inferences ended", text, profile.inference_cycles.size());
}

/// Two columns: names, and values that take the rest.
bool begin_facts(const char* id, float name_ems) {
  if (!ImGui::BeginTable(id, 2)) return false;
  ImGui::TableSetupColumn("name", ImGuiTableColumnFlags_WidthFixed, name_ems * em());
  ImGui::TableSetupColumn("value", ImGuiTableColumnFlags_WidthStretch);
  return true;
}

}  // namespace

SummaryView::SummaryView(const profiler::Profile& profile, const profiler::Reference* other)
    : profile_(profile) {
  if (other != nullptr)
    against_ = fmt::format("{}: {}", other->title, errors_text(profiler::compare(profile, *other)));
}

void SummaryView::draw_facts(Frame& frame) {
  heading(frame, "Run");
  if (!begin_facts("facts", 7)) return;
  std::uint64_t macc = 0;
  for (const LayerProfile& layer : profile_.layers) macc += layer.layer.macc;
  if (profile_.running) fact(frame, "running", where_it_is(profile_));
  fact(frame, profile_.network ? "network" : "firmware", profile_.network.value_or(profile_.file));
  fact(frame, "MCU",
       fmt::format("{}, {}, {:g} MHz", profile_.mcu, profile_.core,
                   static_cast<double>(profile_.clock) / 1e6));
  fact(frame, "board", profile_.board);
  fact(frame, "timing", fmt::format("{}, engine {}", profile_.timing, profile_.engine));
  fact(frame, profile_.inference_cycles.empty() ? "time" : "inference",
       fmt::format("{:.3f} ms, {} cycles", profile_.work_milliseconds(), grouped(profile_.work.cycles)));
  if (!profile_.inference_cycles.empty())
    fact(frame, "first, cold", grouped(profile_.inference_cycles.front()) + " cycles");
  if (!against_.empty()) fact(frame, "against", against_);
  fact(frame, "instructions",
       fmt::format("{}, {:.2f} per cycle", grouped(profile_.work.instructions),
                   share_of(profile_.work.instructions, profile_.work.cycles)));
  if (macc > 0)
    fact(frame, "MACC",
         fmt::format("{}, {:.2f} cycles each", grouped(macc), share_of(profile_.work.cycles, macc)));
  fact(frame, "whole run",
       fmt::format("{:.3f} ms, {} cycles", profile_.run_milliseconds(), grouped(profile_.run.cycles)));
  ImGui::EndTable();
}

void SummaryView::draw_memory(Frame& frame) {
  heading(frame, "Memory, of what the part has");
  if (!begin_facts("memory", 5.5f)) return;
  const profiler::MemoryUse& memory = profile_.memory;
  memory_bar(frame, "flash", memory.flash_used, memory.flash_size, "");
  memory_bar(frame, "RAM", memory.ram_used, memory.ram_size, "unknown: run an ELF, whose sections tell");
  memory_bar(frame, "stack peak", memory.stack_peak, memory.stack_size.value_or(0),
             "unknown: not measured in this run");
  memory_bar(frame, "heap peak", memory.heap_peak, 0, "unknown: name the allocator with --heap");
  ImGui::EndTable();
}

void SummaryView::draw_hottest(Frame& frame) {
  heading(frame, "Most expensive layers, in cycles");
  std::vector<std::size_t> order(profile_.layers.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, std::ranges::greater(),
                           [&](std::size_t i) { return profile_.layers[i].cycles; });
  order.resize(std::min(order.size(), kHottest));
  for (const std::size_t i : order) {
    const LayerProfile& layer = profile_.layers[i];
    const std::string text =
        fmt::format("{}  {}  {} %, {}", layer.layer.index, layer.layer.op,
                    profiler::percent_of(layer.cycles, profile_.work.cycles), grouped(layer.cycles));
    const ImVec2 at = ImGui::GetCursorPos();
    draw_bar(frame, share_of(layer.cycles, profile_.work.cycles), ImGui::GetContentRegionAvail().x, text);
    ImGui::SetCursorPos(at);
    ImGui::PushID(static_cast<int>(i));
    if (ImGui::InvisibleButton("layer", {ImGui::GetContentRegionAvail().x, 1.4f * em()}))
      frame.selection.select_layer(profile_, i);
    ImGui::PopID();
  }
}

void SummaryView::draw(Frame& frame) {
  if (ImGui::BeginTable("halves", 2, ImGuiTableFlags_SizingStretchSame | ImGuiTableFlags_BordersInnerV)) {
    ImGui::TableNextColumn();
    draw_facts(frame);
    ImGui::TableNextColumn();
    draw_memory(frame);
    if (!profile_.layers.empty()) draw_hottest(frame);
    ImGui::EndTable();
  }
  heading(frame, "What the cycles were spent on");
  if (profile_.stalls.empty()) {
    empty_note(frame, "This timing does not tell what cycles were spent on: run with --timing full.");
  } else {
    draw_causes(frame, profile_, profile_.stalls, ImGui::GetContentRegionAvail().x, true);
  }
  if (!profile_.not_modelled.empty() || !profile_.warnings.empty()) heading(frame, "Mind");
  for (const std::string& line : profile_.not_modelled) empty_note(frame, "not modelled: " + line);
  for (const std::string& line : profile_.warnings) empty_note(frame, line);
}

}  // namespace mcusim::viewer
