#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

#include "common/error.h"
#include "mcu_models/library.h"
#include "mcu_models/mcu_model.h"
#include "mcu_models/reader.h"
#include "mcu_models/registers.h"

namespace mcusim::mcu_models {
namespace {

constexpr std::array<std::string_view, 3> kSupplies = {"ldo", "smps", "direct"};
constexpr std::int64_t kHighestOscillator = 100'000'000;
constexpr std::int64_t kHighestBaud = 20'000'000;

std::string read_pin(TableReader& reader, std::string_view key) {
  const std::string pin = reader.text(key);
  const bool port = pin.size() >= 3 && pin[0] == 'P' && pin[1] >= 'A' && pin[1] <= 'K';
  const std::string_view digits = port ? std::string_view(pin).substr(2) : "";
  const bool number = (digits.size() == 1 && digits[0] >= '0' && digits[0] <= '9') ||
                      (digits.size() == 2 && digits[0] == '1' && digits[1] >= '0' && digits[1] <= '5');
  if (!number) reader.fail_at(key, fmt::format("'{}' is no pin", pin), "write it as PD8");
  return pin;
}

bool is_uart(const PeripheralModel& peripheral) {
  return peripheral.model.starts_with("usart") || peripheral.model == "lpuart" ||
         peripheral.model == "linflexd";
}

Console read_console(const Node& node, const McuModel& mcu) {
  TableReader reader(node, "console");
  Console console;
  console.peripheral = reader.text("peripheral");
  const PeripheralModel* peripheral = mcu.find_peripheral(console.peripheral);
  const bool uart = peripheral && is_uart(*peripheral);
  if (!uart) {
    std::vector<std::string> uarts;
    for (const PeripheralModel& candidate : mcu.peripherals) {
      if (is_uart(candidate)) uarts.push_back(candidate.name);
    }
    reader.fail_at("peripheral", fmt::format("{} has no UART '{}'", mcu.name, console.peripheral),
                   fmt::format("choose one of {}", fmt::join(uarts, ", ")));
  }
  console.tx_pin = read_pin(reader, "tx_pin");
  console.rx_pin = read_pin(reader, "rx_pin");
  console.alternate_function = static_cast<unsigned>(reader.integer("alternate_function", 0, 15));
  console.baud = static_cast<unsigned>(reader.integer("baud", 300, kHighestBaud));
  console.clock = static_cast<Hertz>(reader.integer("clock_hz", console.baud, 1'000'000'000));
  reader.finish();
  return console;
}

StartupStep read_step(const Node& node, const McuModel& mcu) {
  constexpr std::array<std::pair<std::string_view, StartupStep::Kind>, 3> kVerbs = {
      {{"write", StartupStep::Kind::write},
       {"modify", StartupStep::Kind::modify},
       {"wait", StartupStep::Kind::wait}}};
  TableReader reader(node, "startup");
  StartupStep step;
  const Node* place_node = nullptr;
  std::string path;
  for (const auto& [verb, kind] : kVerbs) {
    const Node* found = reader.find(verb);
    if (!found) continue;
    if (place_node) fail(*found, "startup", "two actions in one step", "make two steps of it");
    place_node = found;
    path = reader.path_of(verb);
    step.kind = kind;
  }
  if (!place_node) fail(node, "startup", "a step without action", "add write, modify or wait = \"RCC.CR\"");
  const RegisterPlace place = find_register(*place_node, path, text_of(*place_node, path), mcu);
  step.peripheral = place.peripheral->name;
  step.register_name = place.reg->name;
  step.address = place.peripheral->base + place.reg->offset;
  step.value = reader.word("value");
  if (step.kind != StartupStep::Kind::write) step.mask = reader.word("mask");
  if ((step.value & ~step.mask) != 0) {
    reader.fail_at("value", fmt::format("{:#x} has bits outside mask {:#x}", step.value, step.mask),
                   "widen the mask or correct the value");
  }
  step.why = reader.text("why");
  reader.finish();
  return step;
}

BoardModel read_board(const Node& document, const std::string& stem, const McuModel& mcu) {
  TableReader reader(document, "");
  BoardModel board;
  board.name = reader.text("name", stem);
  board.title = reader.text("title");
  board.mcu = reader.text("mcu");
  if (board.mcu != mcu.name) {
    reader.fail_at("mcu", fmt::format("board {} carries {}, not {}", board.name, board.mcu, mcu.name),
                   "choose another --board or --mcu");
  }
  board.oscillator = static_cast<Hertz>(reader.integer("oscillator_hz", 0, kHighestOscillator));
  reader.boolean("oscillator_bypass", false);
  board.supply = kSupplies[reader.choice("supply", kSupplies)];
  board.core_clock =
      static_cast<Hertz>(reader.integer("core_clock_hz", 1, static_cast<std::int64_t>(mcu.max_clock)));
  board.console = read_console(reader.require("console", "a table"), mcu);
  for (const Node& step : reader.list("startup")) board.startup.push_back(read_step(step, mcu));
  reader.finish();
  return board;
}

}  // namespace

BoardModel load_board(const McuModel& mcu, const std::string& name_or_path) {
  return load_board(Library::builtin(), mcu, name_or_path);
}

BoardModel load_board(const Library& library, const McuModel& mcu, const std::string& name_or_path) {
  const std::string& chosen = name_or_path.empty() ? mcu.default_board : name_or_path;
  if (chosen.empty()) {
    throw InputError(fmt::format(
        "{}: names no usual board; give --board NAME or a path, or add default_board", printable(mcu.name)));
  }
  const Node document =
      is_path(chosen) ? load_user_file(chosen, false) : library.load(Folder::boards, chosen, nullptr, "");
  return read_board(document, stem_of(chosen), mcu);
}

}  // namespace mcusim::mcu_models
