#include <fmt/format.h>

#include <array>
#include <utility>

#include "mcu_models/library.h"
#include "mcu_models/sections.h"

namespace mcusim::mcu_models {
namespace {

constexpr std::array<std::string_view, 4> kFpus = {"none", "fpv4_sp", "fpv5_sp", "fpv5_dp"};
constexpr std::int64_t kHighestClock = 2'000'000'000;
constexpr std::int64_t kMostInterrupts = 1024;  ///< Of an INTC; an NVIC has 480 (v7-M B3.4).

/// Takes the family's memories and peripherals that the part lacks out of the document.
void remove_absent(Node& document) {
  Node::Table& top = *document.as<Node::Table>();
  const auto absent = top.find("absent");
  if (absent == top.end()) return;
  for (const Node& item : TableReader(document, "").list("absent")) {
    const std::string& name = text_of(item, "absent");
    std::vector<std::string> known;
    bool removed = false;
    for (const char* section : {"memory", "peripherals"}) {
      const auto found = top.find(section);
      Node::Table* table = found == top.end() ? nullptr : found->second.as<Node::Table>();
      if (!table) continue;
      removed = table->erase(name) > 0 || removed;
      for (const auto& [key, child] : *table) known.push_back(key);
    }
    if (!removed) {
      fail(item, "absent", fmt::format("the family has no '{}'{}", name, suggestion(name, known)),
           "name a memory or peripheral of the family");
    }
  }
  top.erase(absent);
}

McuModel read_part(const Node& document, const std::string& stem, const Library& library) {
  TableReader part(document, "");
  McuModel model;
  model.name = part.text("name", stem);
  model.family = part.text("family");
  model.clock_tree = part.text("clock_tree", "");
  model.fpu = static_cast<Fpu>(part.choice("fpu", kFpus));
  model.max_clock = static_cast<Hertz>(part.integer("max_clock_hz", 1, kHighestClock));
  model.priority_bits = static_cast<unsigned>(part.integer("priority_bits", 2, 8));
  model.interrupt_count = static_cast<unsigned>(part.integer("interrupt_count", 1, kMostInterrupts));
  if (const Node* systick = part.find("systick")) {
    TableReader reader(*systick, "systick");
    model.systick_calibration = reader.word("calibration");
    reader.finish();
  }
  model.default_board = part.text("default_board", "");
  model.core = read_core(part, library);
  model.memory = read_memory(part);
  model.peripherals = read_peripherals(part, model, library);
  read_timing_facts(part, model);
  part.finish();
  return model;
}

}  // namespace

std::vector<std::string> mcu_names() { return Library::builtin().names(Folder::parts); }

McuModel load_mcu(const std::string& name_or_path) { return load_mcu(Library::builtin(), name_or_path); }

McuModel load_mcu(const Library& library, const std::string& name_or_path) {
  Node part = is_path(name_or_path) ? load_user_file(name_or_path, true)
                                    : library.load(Folder::parts, name_or_path, nullptr, "");
  TableReader reader(part, "");
  const std::string family = reader.text("family");
  Node document = library.load(Folder::families, family, reader.find("family"), "family");
  document.file = part.file;
  document.line = 1;
  merge(document, std::move(part));
  remove_absent(document);
  return read_part(document, stem_of(name_or_path), library);
}

}  // namespace mcusim::mcu_models
