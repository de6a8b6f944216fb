#include "profiler/exports/html_page.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <span>

#include "common/embedded_file.h"
#include "profiler/exports/instruction_index.h"
#include "profiler/exports/source_listing.h"
#include "profiler/stop_names.h"

namespace mcusim {
extern const std::span<const EmbeddedFile> html_page_files;  // Of profiler/exports/html.
}

namespace mcusim::profiler {
namespace {

using Json = nlohmann::ordered_json;

/// More than a screen can show, few enough for a telephone to draw.
constexpr std::size_t kMostSlices = 20'000;
constexpr std::size_t kMostMissed = 10;  ///< Symbols of a cache.

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}
/// -1 stands for the index that means none.
Json index_json(std::uint32_t index) { return index == CallPath::kRoot ? Json(-1) : Json(index); }

/// A column of `rows`, made by `cell`.
template <typename Rows, typename Cell>
Json column(const Rows& rows, Cell cell) {
  Json values = Json::array();
  for (const auto& row : rows) values.push_back(cell(row));
  return values;
}

Json layers_json(const Profile& profile) {
  return column(profile.layers, [](const LayerProfile& entry) {
    return Json{{"index", entry.layer.index}, {"name", entry.layer.name},
                {"op", entry.layer.op},       {"shape", entry.layer.output_shape},
                {"macc", entry.layer.macc},   {"cycles", entry.cycles},
                {"stalls", entry.stalls}};
  });
}

Json functions_json(const Profile& profile) {
  return column(profile.functions, [](const FunctionProfile& entry) {
    return Json{{"name", entry.name},
                {"file", entry.file + (entry.line == 0 ? "" : ":" + std::to_string(entry.line))},
                {"calls", entry.calls},
                {"self", entry.self_cycles},
                {"total", entry.total_cycles},
                {"stack", or_null(entry.stack_peak)}};
  });
}

Json paths_json(const std::vector<CallPath>& paths) {
  return {{"parent", column(paths, [](const CallPath& path) { return index_json(path.parent); })},
          {"func", column(paths, [](const CallPath& path) { return path.function; })},
          {"calls", column(paths, [](const CallPath& path) { return path.calls; })},
          {"self", column(paths, [](const CallPath& path) { return path.self_cycles; })}};
}

/// The cause other than issuing that took most of an instruction's cycles: its index and cycles.
std::pair<int, Cycles> worst_stall(const Profile& profile, const InstructionProfile& entry) {
  std::pair<int, Cycles> worst{-1, 0};
  for (std::size_t i = 0; i < entry.stalls.size(); ++i) {
    if (entry.stalls[i] > worst.second && profile.stall_causes[i] != "issue")
      worst = {static_cast<int>(i), entry.stalls[i]};
  }
  return worst;
}

Json code_json(const Profile& profile) {
  using Entry = InstructionProfile;
  const InstructionIndex index(profile);
  const std::vector<Entry>& rows = profile.instructions;
  return {{"address", column(rows, [](const Entry& entry) { return entry.address; })},
          {"text", column(rows, [](const Entry& entry) { return entry.text; })},
          {"count", column(rows, [](const Entry& entry) { return entry.count; })},
          {"cycles", column(rows, [](const Entry& entry) { return entry.cycles; })},
          {"func",
           column(rows, [&](const Entry& entry) { return index_json(index.function_at(entry.address)); })},
          {"place", column(rows, [](const Entry& entry) { return index_json(entry.place); })},
          {"cause", column(rows, [&](const Entry& entry) { return worst_stall(profile, entry).first; })},
          {"stalled", column(rows, [&](const Entry& entry) { return worst_stall(profile, entry).second; })}};
}

/// "mac.h:3 in conv.c:12": the last part of each file's path is enough to know it.
Json places_json(const Profile& profile) {
  const auto text = [](const emulator::SourceLine& line) {
    return line.file.substr(line.file.rfind('/') + 1) + ":" + std::to_string(line.line);
  };
  return column(profile.source_places, [&](const emulator::SourceLocation& place) {
    std::string all = text(place.at);
    for (const emulator::SourceLine& caller : place.inlined_into) all += " in " + text(caller);
    return all;
  });
}

Json source_json(const std::vector<ListedFile>& files) {
  return column(files, [](const ListedFile& file) {
    return Json{{"file", file.name},
                {"cycles", file.cycles},
                {"no_text", file.no_text},
                {"line", column(file.lines, [](const ListedLine& line) { return line.number; })},
                {"text", column(file.lines, [](const ListedLine& line) { return line.text; })},
                {"count", column(file.lines, [](const ListedLine& line) { return line.count; })},
                {"spent", column(file.lines, [](const ListedLine& line) { return line.cycles; })}};
  });
}

/// Where in source_json() the line of each place stands.
Json lines_of_places_json(const Profile& profile, const std::vector<ListedFile>& files) {
  std::map<std::string_view, int> numbers;
  for (const ListedFile& file : files) numbers.emplace(file.name, static_cast<int>(numbers.size()));
  return {{"file", column(profile.source_places,
                          [&](const emulator::SourceLocation& place) {
                            const auto file = numbers.find(place.at.file);
                            return file == numbers.end() ? -1 : file->second;
                          })},
          {"line", column(profile.source_places,
                          [](const emulator::SourceLocation& place) { return place.at.line; })}};
}

Json timeline_json(const Timeline& timeline) {
  std::vector<Slice> slices = timeline.slices;
  Cycles shortest = timeline.shortest_slice;
  if (slices.size() > kMostSlices) {
    std::vector<Cycles> lengths;
    for (const Slice& slice : slices) lengths.push_back(slice.end - slice.begin);
    std::ranges::nth_element(lengths, lengths.begin() + kMostSlices, std::ranges::greater());
    shortest = lengths[kMostSlices] + 1;
    std::erase_if(slices, [&](const Slice& slice) { return slice.end - slice.begin < shortest; });
  }
  const auto windows = [&](auto member) {
    return column(timeline.windows, [&](const Window& window) { return or_null(window.*member); });
  };
  return {
      {"tracks", timeline.tracks},
      {"slices",
       {{"is_layer",
         column(slices, [](const Slice& slice) { return slice.kind == Slice::Kind::layer ? 1 : 0; })},
        {"what", column(slices, [](const Slice& slice) { return slice.what; })},
        {"track", column(slices, [](const Slice& slice) { return slice.track; })},
        {"depth", column(slices, [](const Slice& slice) { return slice.depth; })},
        {"begin", column(slices, [](const Slice& slice) { return slice.begin; })},
        {"end", column(slices, [](const Slice& slice) { return slice.end; })}}},
      {"shortest", shortest},
      {"window_cycles", timeline.window_cycles},
      {"windows",
       {{"instructions", column(timeline.windows, [](const Window& window) { return window.instructions; })},
        {"stack", windows(&Window::stack)},
        {"heap", windows(&Window::heap)},
        {"l1i", windows(&Window::instruction_misses)},
        {"l1d", windows(&Window::data_misses)}}}};
}

Json memory_json(const MemoryUse& memory) {
  return {{"flash_used", memory.flash_used},
          {"ram_used", or_null(memory.ram_used)},
          {"stack_peak", or_null(memory.stack_peak)},
          {"heap_peak", or_null(memory.heap_peak)},
          {"regions", column(memory.regions, [](const MemoryRegionUse& region) {
             return Json{{"name", region.span.name}, {"kind", region.kind}, {"begin", region.span.begin},
                         {"size", region.span.size}, {"used", region.used}, {"peak", or_null(region.peak)}};
           })}};
}

Json caches_json(const Profile& profile) {
  return column(profile.caches, [](const CacheProfile& cache) {
    return Json{
        {"level", cache.level},
        {"accesses", cache.accesses},
        {"misses", cache.misses},
        {"compulsory", or_null(cache.compulsory)},
        {"capacity", or_null(cache.capacity)},
        {"conflict", or_null(cache.conflict)},
        {"writebacks", or_null(cache.writebacks)},
        {"symbols", column(std::span(cache.symbols).first(std::min(cache.symbols.size(), kMostMissed)),
                           [](const CacheShare& share) {
                             return Json{share.name, share.accesses, share.misses, share.writebacks};
                           })},
        {"conflicts", column(cache.conflicts, [](const CacheProfile::Conflict& conflict) {
           return Json{conflict.evicted, conflict.by, conflict.misses, conflict.sets.size()};
         })}};
  });
}

/// JSON that may stand inside <script>: no text can contain the tag that ends it, or open a comment.
std::string data(const Profile& profile) {
  const std::vector<ListedFile> files = source_listing(profile);
  const Json json = {{"title", profile.network.value_or(profile.file)},
                     {"mcu", profile.mcu},
                     {"core", profile.core},
                     {"board", profile.board},
                     {"engine", profile.engine},
                     {"timing", profile.timing},
                     {"clock", profile.clock},
                     {"ended", std::string(name_of(profile.stop.reason))},
                     {"cycles", profile.work.cycles},
                     {"instructions", profile.work.instructions},
                     {"time_ms", profile.work_milliseconds()},
                     {"run_cycles", profile.run.cycles},
                     {"inferences", profile.inference_cycles},
                     {"causes", profile.stall_causes},
                     {"stalls", profile.stalls},
                     {"layers", layers_json(profile)},
                     {"functions", functions_json(profile)},
                     {"paths", paths_json(profile.call_paths)},
                     {"code", code_json(profile)},
                     {"places", places_json(profile)},
                     {"source", source_json(files)},
                     {"place_lines", lines_of_places_json(profile, files)},
                     {"timeline", timeline_json(profile.timeline)},
                     {"memory", memory_json(profile.memory)},
                     {"caches", caches_json(profile)},
                     {"warnings", profile.warnings},
                     {"not_modelled", profile.not_modelled}};
  std::string text;
  for (const char c : json.dump(-1, ' ', false, Json::error_handler_t::replace)) {
    if (c == '<') {
      text += "\\u003c";
    } else {
      text += c;
    }
  }
  return text;
}

std::string_view page_file(std::string_view name) {
  return std::ranges::find(html_page_files, name, &EmbeddedFile::name)->content;
}

}  // namespace

std::string html_export(const Profile& profile) {
  const std::string json = data(profile);
  const std::pair<std::string_view, std::string_view> parts[] = {
      {"@STYLE@", page_file("page.css")}, {"@DATA@", json}, {"@SCRIPT@", page_file("page.js")}};
  std::string_view rest = page_file("page.html");
  std::string page;
  for (const auto& [marker, content] : parts) {
    const std::size_t at = rest.find(marker);
    page += rest.substr(0, at);
    page += content;
    rest.remove_prefix(at + marker.size());
  }
  return page += rest;
}

}  // namespace mcusim::profiler
