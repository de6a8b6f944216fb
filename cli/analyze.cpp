#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/build_model.h"
#include "cli/command.h"
#include "common/files.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::cli {
namespace {

struct AnalyzeArguments {
  std::string model;
  std::string mcu;
  std::string json;
};

/// The largest flash and the largest single RAM: what weights and activations must fit into.
struct Room {
  Bytes flash = 0;
  Bytes ram = 0;
};

Room room_of(const mcu_models::McuModel& mcu) {
  Room room;
  for (const mcu_models::MemoryRegion& region : mcu.memory) {
    Bytes& largest = region.kind == mcu_models::MemoryKind::flash ? room.flash : room.ram;
    largest = std::max(largest, region.size);
  }
  return room;
}

void analyze(const AnalyzeArguments& arguments) {
  const codegen::EmittedNetwork network = generate(arguments.model);
  std::vector<std::string> names = mcu_models::mcu_names();
  if (!arguments.mcu.empty()) names = {arguments.mcu};
  std::vector<std::pair<mcu_models::McuModel, bool>> parts;
  for (const std::string& name : names) {
    mcu_models::McuModel mcu = mcu_models::load_mcu(name);
    const Room room = room_of(mcu);
    parts.emplace_back(std::move(mcu),
                       network.weights_bytes <= room.flash && network.arena_bytes <= room.ram);
  }

  nlohmann::ordered_json json = {{"file", arguments.model}, {"network", network.note.name}};
  std::uint64_t total = 0;
  fmt::print("{:>5}  {:<26} {:<16} {:>12}\n", "layer", "operator", "output", "MACC");
  for (const NoteLayer& layer : network.note.layers) {
    fmt::print("{:>5}  {:<26} {:<16} {:>12}\n", layer.index, layer.op,
               fmt::format("{}", fmt::join(layer.output_shape, "x")), layer.macc);
    total += layer.macc;
    json["layers"].push_back({{"index", layer.index},
                              {"name", layer.name},
                              {"op", layer.op},
                              {"output_shape", layer.output_shape},
                              {"macc", layer.macc}});
  }
  fmt::print(
      "\nMACC {}, weights {} B of flash, activations {} B of RAM (code, stack and start-up come on top)\n",
      total, network.weights_bytes, network.arena_bytes);
  json["macc"] = total;
  json["weights_bytes"] = network.weights_bytes;
  json["activations_bytes"] = network.arena_bytes;
  for (const auto& [mcu, fits] : parts) {
    fmt::print("{:<12} {}\n", mcu.name, fits ? "fits" : "does not fit");
    json["mcus"].push_back({{"name", mcu.name}, {"fits", fits}});
  }
  if (!arguments.json.empty()) {
    write_file(arguments.json,
               json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  }
}

}  // namespace

void add_analyze(CLI::App& app, int&) {
  auto arguments = std::make_shared<AnalyzeArguments>();
  CLI::App* command =
      app.add_subcommand("analyze", "MACC, flash and RAM of a network, and which MCUs it fits; no execution");
  command->add_option("MODEL", arguments->model, "Trained network (.tflite)")->required();
  command->add_option("--mcu", arguments->mcu, "Only this microcontroller");
  command->add_option("--json", arguments->json, "Write the result as JSON to a file");
  command->callback([arguments] { analyze(*arguments); });
}

}  // namespace mcusim::cli
