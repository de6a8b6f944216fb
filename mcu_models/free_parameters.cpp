#include "mcu_models/free_parameters.h"

#include <toml++/toml.h>
#include <sstream>
#include <utility>

#include "mcu_models/library.h"

namespace mcusim::mcu_models {
namespace {

struct Candidate {
  const char* section;
  const char* key;
};
/// What a part's file may say of its memories' timing; sizes and organisation are no matter of a fit.
constexpr Candidate kOfPart[] = {{"line_fill", "flash_overhead"}, {"line_fill", "flash_gap"},
                                 {"line_fill", "ram_overhead"},   {"line_fill", "ram_beat"},
                                 {"line_fill", "device_access"},  {"flash_timing", "refill_overhead"}};
constexpr Candidate kOfCore[] = {{"pipeline", "device_access"},
                                 {"pipeline", "code_on_system_bus"},
                                 {"pipeline_m0", "device_access"},
                                 {"pipeline_m33", "device_access"}};

const Node* child(const Node* node, std::string_view key) {
  const Node::Table* const table = node == nullptr ? nullptr : node->as<Node::Table>();
  if (table == nullptr) return nullptr;
  const auto found = table->find(key);
  return found == table->end() ? nullptr : &found->second;
}

std::string text_at(const Node* node, std::string_view key) {
  const Node* const value = child(node, key);
  const std::string* const text = value == nullptr ? nullptr : value->as<std::string>();
  return text == nullptr ? "" : *text;
}

/// The number with the nearest status above it; nothing where it has a source.
void add_if_assumed(const Node& document, const Candidate& candidate, const std::string& prefix,
                    std::vector<FreeParameter>& found) {
  const Node* const section = child(&document, candidate.section);
  const Node* const entry = child(section, candidate.key);
  const Node* const value = child(entry, "value");
  const std::int64_t* const number = value == nullptr ? nullptr : value->as<std::int64_t>();
  if (number == nullptr) return;
  std::string status;
  for (const Node* const level : {entry, section, &document})
    if (status.empty()) status = text_at(level, "status");
  const FreeParameter parameter{prefix + candidate.section, candidate.key, static_cast<unsigned>(*number)};
  // What a part says stands for what its family does.
  std::erase_if(found, [&](const FreeParameter& other) { return other.name() == parameter.name(); });
  if (status == "assumed") found.push_back(parameter);
}

}  // namespace

std::vector<FreeParameter> free_parameters(const std::string& mcu) {
  const Library library = Library::builtin();
  const Node part = library.load_with_sources(Folder::parts, mcu);
  const Node family = library.load_with_sources(Folder::families, text_at(&part, "family"));
  const std::string core = text_at(&part, "core").empty() ? text_at(&family, "core") : text_at(&part, "core");
  const Node of_core = library.load_with_sources(Folder::cores, core);
  std::vector<FreeParameter> found;
  for (const Node* const document : {&family, &part})
    for (const Candidate& candidate : kOfPart) add_if_assumed(*document, candidate, "", found);
  for (const Candidate& candidate : kOfCore) add_if_assumed(of_core, candidate, "core_override.", found);
  return found;
}

std::string part_with(const std::string& mcu, const std::vector<FreeParameter>& parameters,
                      const std::string& source) {
  toml::table part = toml::parse(Library::builtin().text(Folder::parts, mcu));
  part.insert_or_assign("name", mcu);
  for (const FreeParameter& parameter : parameters) {
    toml::table* table = &part;
    std::stringstream path(parameter.section);
    for (std::string step; std::getline(path, step, '.');) {
      table = table->insert(step, toml::table{}).first->second.as_table();
      table->insert("source", source);
      table->insert("status", "measured");
    }
    table->insert_or_assign(
        parameter.key, toml::table{{"value", parameter.value}, {"source", source}, {"status", "measured"}});
  }
  std::stringstream text;
  text << part << "\n";
  return text.str();
}

}  // namespace mcusim::mcu_models
