#include "mcu_models/sources.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "mcu_models/reader.h"

namespace mcusim::mcu_models {
namespace {

constexpr std::array<std::string_view, 13> kSections = {
    "memory",       "peripherals",   "costs",        "pipeline", "pipeline_m7",
    "line_fill",    "core_override", "flash_timing", "caches",   "pipeline_m0",
    "pipeline_m33", "pipeline_e200", "exceptions"};
constexpr std::array<std::string_view, 3> kStatuses = {"documented", "measured", "assumed"};

/// An instruction class is called `status` too; only a text is the status of a source.
bool take_text(Node::Table& table, std::string_view key) {
  const auto found = table.find(key);
  if (found == table.end() || !found->second.as<std::string>()) return false;
  table.erase(found);
  return true;
}

void take(Node& node, const std::string& path, bool required) {
  if (auto* array = node.as<Node::Array>()) {
    for (Node& child : *array) take(child, path, false);
  }
  Node::Table* table = node.as<Node::Table>();
  if (!table) return;
  TableReader reader(node, path);
  const auto status = table->find("status");
  if (status != table->end() && status->second.as<std::string>()) reader.choice("status", kStatuses);
  const bool has_status = take_text(*table, "status");
  const bool has_source = take_text(*table, "source");
  if (required && !has_source) reader.fail_at("source", "missing", "name where these facts come from");
  if (required && !has_status) {
    reader.fail_at("status", "missing", "say whether they are documented, measured or assumed");
  }
  for (auto& [key, child] : *table) {
    const bool section = path.empty() && std::ranges::find(kSections, key) != kSections.end();
    take(child, reader.path_of(key), required && section);
  }
}

}  // namespace

void take_sources(Node& document, bool required) { take(document, "", required); }

}  // namespace mcusim::mcu_models
