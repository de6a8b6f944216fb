#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::cli {
namespace {

Bytes memory_size(const mcu_models::McuModel& mcu, bool flash) {
  Bytes size = 0;
  for (const mcu_models::MemoryRegion& region : mcu.memory) {
    if ((region.kind == mcu_models::MemoryKind::flash) == flash) size += region.size;
  }
  return size;
}

void list(bool as_json) {
  nlohmann::ordered_json array = nlohmann::ordered_json::array();
  if (!as_json)
    fmt::print("{:<12} {:<12} {:>8} {:>10} {:>8}  {}\n", "mcu", "core", "MHz", "flash KiB", "RAM KiB",
               "board");
  for (const std::string& name : mcu_models::mcu_names()) {
    const mcu_models::McuModel mcu = mcu_models::load_mcu(name);
    const Bytes flash = memory_size(mcu, true);
    const Bytes ram = memory_size(mcu, false);
    if (as_json) {
      array.push_back({{"name", mcu.name},
                       {"family", mcu.family},
                       {"core", mcu.core.name},
                       {"max_clock_hz", mcu.max_clock},
                       {"flash_bytes", flash},
                       {"ram_bytes", ram},
                       {"board", mcu.default_board}});
    } else {
      fmt::print("{:<12} {:<12} {:>8g} {:>10} {:>8}  {}\n", mcu.name, mcu.core.name,
                 static_cast<double>(mcu.max_clock) / 1e6, flash / 1024, ram / 1024, mcu.default_board);
    }
  }
  if (as_json) fmt::print("{}\n", array.dump(2));
}

}  // namespace

void add_mcus(CLI::App& app, int&) {
  auto as_json = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("mcus", "Lists the microcontrollers that are modelled");
  command->add_flag("--json", *as_json, "As JSON");
  command->callback([as_json] { list(*as_json); });
}

}  // namespace mcusim::cli
