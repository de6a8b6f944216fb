#include "profiler/reports/json_report.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "profiler/reports/function_order.h"
#include "profiler/reports/tensor_values.h"
#include "profiler/stop_names.h"

namespace mcusim::profiler {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchema = 1;

/// Decimal places that mean something: a cycle at 1 GHz is a millionth of a millisecond.
double rounded(double value, double per_unit) { return std::round(value * per_unit) / per_unit; }

Json rounded_json(const std::optional<double>& value, double per_unit) {
  return value ? Json(rounded(*value, per_unit)) : Json(nullptr);
}

template <typename T>
Json optional_json(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json stalls_json(const Profile& profile, const CyclesByCause& stalls) {
  if (stalls.empty()) return nullptr;
  Json json;
  for (std::size_t i = 0; i < stalls.size(); ++i) json[profile.stall_causes[i]] = stalls[i];
  return json;
}

enum class Hits : bool { unknown, known };

Json shares_json(const std::vector<CacheShare>& shares, Hits hits = Hits::known) {
  Json all = Json::array();
  for (const CacheShare& share : shares) {
    Json entry = {{"name", share.name}};
    if (hits == Hits::known) entry["accesses"] = share.accesses;
    entry["misses"] = share.misses;
    if (share.classes) {
      entry["compulsory"] = share.classes->compulsory;
      entry["capacity"] = share.classes->capacity;
      entry["conflict"] = share.classes->conflict;
    }
    if (hits == Hits::known) entry["writebacks"] = share.writebacks;
    all.push_back(entry);
  }
  return all;
}

Json layer_json(const Profile& profile, const LayerProfile& entry) {
  const auto cycles = static_cast<double>(entry.cycles);
  const auto total = static_cast<double>(profile.work.cycles);
  const auto macc = static_cast<double>(entry.layer.macc);
  return {{"index", entry.layer.index},
          {"name", entry.layer.name},
          {"op", entry.layer.op},
          {"output_shape", entry.layer.output_shape},
          {"macc", entry.layer.macc},
          {"cycles", entry.cycles},
          {"instructions", entry.instructions},
          {"time_ms", rounded(profile.milliseconds(entry.cycles), 1e6)},
          {"percent", total == 0 ? Json(nullptr) : Json(rounded(100 * cycles / total, 1e3))},
          {"cycles_per_macc", macc == 0 ? Json(nullptr) : Json(rounded(cycles / macc, 1e4))},
          {"stalls", stalls_json(profile, entry.stalls)},
          {"l1i_misses", optional_json(entry.l1i_misses)},
          {"l1d_misses", optional_json(entry.l1d_misses)},
          {"caches", entry.caches.empty() ? Json(nullptr) : shares_json(entry.caches)}};
}

Json line_json(const emulator::SourceLine& line) {
  return {{"function", text_or_null(line.function)},
          {"file", text_or_null(line.file)},
          {"line", line.line == 0 ? Json(nullptr) : Json(line.line)}};
}

Json source_json(const std::optional<emulator::SourceLocation>& source) {
  return source ? line_json(source->at) : Json(nullptr);
}

Json chain_json(const std::vector<emulator::CallFrame>& chain) {
  Json frames = Json::array();
  for (const emulator::CallFrame& frame : chain) {
    Json entry = {{"pc", fmt::format("0x{:08x}", frame.pc)}, {"origin", std::string(name_of(frame.origin))}};
    entry.update(line_json(frame.source ? frame.source->at : emulator::SourceLine{}));
    Json inlined = Json::array();
    if (frame.source) {
      for (const emulator::SourceLine& caller : frame.source->inlined_into)
        inlined.push_back(line_json(caller));
    }
    entry["inlined_into"] = std::move(inlined);
    frames.push_back(std::move(entry));
  }
  return frames;
}

/// By self cycles; without those that only enclose the inference.
Json functions_json(const Profile& profile) {
  if (profile.functions.empty()) return nullptr;
  Json functions = Json::array();
  for (const FunctionProfile* entry : functions_by_self_cycles(profile)) {
    functions.push_back({{"name", entry->name},
                         {"address", fmt::format("0x{:08x}", entry->address)},
                         {"calls", entry->calls},
                         {"self_cycles", entry->self_cycles},
                         {"total_cycles", entry->total_cycles},
                         {"self_instructions", entry->self_instructions},
                         {"stack_peak", optional_json(entry->stack_peak)}});
  }
  return functions;
}

Json conflicts_json(const CacheProfile& cache) {
  Json all = Json::array();
  for (const CacheProfile::Conflict& conflict : cache.conflicts) {
    all.push_back({{"evicted", conflict.evicted},
                   {"by", conflict.by},
                   {"misses", conflict.misses},
                   {"sets", conflict.sets}});
  }
  return all;
}

/// Columns by set, and by set and way.
Json sets_json(const CacheProfile& cache) {
  if (cache.way_accesses.empty()) return nullptr;
  return {{"ways", cache.ways},
          {"accesses", cache.set_accesses},
          {"misses", cache.set_misses},
          {"way_accesses", cache.way_accesses},
          {"way_misses", cache.way_misses}};
}

Json caches_json(const Profile& profile) {
  if (profile.caches.empty()) return nullptr;
  Json caches;
  for (const CacheProfile& cache : profile.caches) {
    caches[cache.level] = {{"accesses", cache.accesses},
                           {"misses", cache.misses},
                           {"compulsory", optional_json(cache.compulsory)},
                           {"capacity", optional_json(cache.capacity)},
                           {"conflict", optional_json(cache.conflict)},
                           {"writebacks", optional_json(cache.writebacks)},
                           {"symbols", shares_json(cache.symbols)},
                           {"functions", shares_json(cache.functions, Hits::unknown)},
                           {"conflicts", conflicts_json(cache)},
                           {"sets", sets_json(cache)}};
  }
  return caches;
}

Json memory_json(const MemoryUse& memory) {
  return {{"flash_used", memory.flash_used},
          {"flash_size", memory.flash_size},
          {"ram_used", optional_json(memory.ram_used)},
          {"ram_size", memory.ram_size},
          {"stack_peak", optional_json(memory.stack_peak)},
          {"stack_size", optional_json(memory.stack_size)},
          {"heap_peak", optional_json(memory.heap_peak)}};
}

Json finding_json(const AccessFinding& finding) {
  Json json = {{"access", finding.writes ? "write" : "read"},
               {"address", fmt::format("0x{:08x}", finding.address)},
               {"bytes", finding.width},
               {"wrong_bytes", finding.wrong},
               {"rule", finding.rule},
               {"object", text_or_null(finding.object)},
               {"offset", finding.object.empty() ? Json(nullptr) : Json(finding.offset)},
               {"pc", fmt::format("0x{:08x}", finding.pc)},
               {"count", finding.count}};
  json.update(line_json(finding.source));
  return json;
}

/// By the check's name; null when none was asked for.
Json checks_json(const Profile& profile) {
  Json checks;
  for (const CheckResult& check : profile.checks) {
    Json findings = Json::array();
    for (const AccessFinding& finding : check.findings) findings.push_back(finding_json(finding));
    checks[check.name] = {{"failed", check.failed()},
                          {"instructions", check.places},
                          {"accesses", check.accesses},
                          {"findings", std::move(findings)}};
  }
  return checks;
}

Json tensors_json(const std::vector<RecordedTensor>& tensors) {
  Json all = Json::array();
  for (const RecordedTensor& tensor : tensors) {
    Json values = Json::array();
    for_values(tensor.array, tensor.array.bytes.size(), [&](auto value) { values.push_back(value); });
    all.push_back({{"name", tensor.name},
                   {"type", name_of(tensor.array.type)},
                   {"shape", tensor.array.shape},
                   {"values", std::move(values)}});
  }
  return all;
}

/// Null when --record-io was not given.
Json recorded_json(const Profile& profile) {
  Json all;
  for (const RecordedInference& entry : profile.recorded) {
    all.push_back({{"inference", entry.inference},
                   {"inputs", tensors_json(entry.inputs)},
                   {"outputs", tensors_json(entry.outputs)}});
  }
  return all;
}

}  // namespace

std::string json_report(const Profile& profile) {
  Json layers = Json::array();
  for (const LayerProfile& entry : profile.layers) layers.push_back(layer_json(profile, entry));
  const Json json = {
      {"schema", kSchema},
      {"file", profile.file},
      {"network", optional_json(profile.network)},
      {"mcu", profile.mcu},
      {"board", profile.board},
      {"core", profile.core},
      {"clock_hz", profile.clock},
      {"engine", profile.engine},
      {"timing", profile.timing},
      {"exit",
       {{"reason", std::string(name_of(profile.stop.reason))},
        {"code", profile.stop.exit_code},
        {"pc", fmt::format("0x{:08x}", profile.end_pc())},
        {"function", text_or_null(profile.stop_function)},
        {"detail", text_or_null(profile.stop.detail)},
        {"source", source_json(profile.stop_source)},
        {"call_chain", chain_json(profile.call_chain)}}},
      {"instructions", profile.work.instructions},
      {"skipped", optional_json(profile.skipped_known ? std::optional(profile.work.skipped) : std::nullopt)},
      {"cycles", profile.work.cycles},
      {"time_ms", rounded(profile.work_milliseconds(), 1e6)},
      {"host_seconds", rounded_json(profile.host_seconds, 1e4)},
      {"mips", rounded_json(profile.mips(), 1e2)},
      {"inferences", profile.inference_cycles.size()},
      {"inference_cycles", profile.inference_cycles},
      {"run",
       {{"cycles", profile.run.cycles},
        {"instructions", profile.run.instructions},
        {"time_ms", rounded(profile.run_milliseconds(), 1e6)}}},
      {"layers", layers},
      {"functions", functions_json(profile)},
      {"memory", memory_json(profile.memory)},
      {"caches", caches_json(profile)},
      {"stalls", stalls_json(profile, profile.stalls)},
      {"checks", checks_json(profile)},
      {"recorded_io", recorded_json(profile)},
      {"not_modelled", profile.not_modelled},
      {"warnings", profile.warnings}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace mcusim::profiler
