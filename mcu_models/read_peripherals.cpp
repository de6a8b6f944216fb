#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "mcu_models/connections.h"
#include "mcu_models/regions.h"
#include "mcu_models/registers.h"
#include "mcu_models/sections.h"

namespace mcusim::mcu_models {
namespace {

constexpr std::array<std::string_view, 19> kModels = {
    "registers", "usart_v1", "usart_v2", "lpuart", "timer",        "lptim",       "gpio",
    "rng",       "crc",      "exti",     "flash",  "dma_channels", "dma_streams", "dma_linked",
    "intc",      "linflexd", "stm",      "swt",    "pit"};
constexpr std::int64_t kDefaultSize = 0x400;
constexpr std::int64_t kLargestPeripheral = 1 << 20;
/// Far above any peripheral; bounds the time that a user's file can take.
constexpr std::size_t kMostRegisters = 1024;
constexpr std::size_t kMostRules = 256;

/// The register layouts that peripherals share, each parsed once.
class Blocks {
 public:
  explicit Blocks(const Library& library) : library_(library) {}

  const Node& find(const Node& where, const std::string& path) {
    const std::string& name = text_of(where, path);
    const auto found = blocks_.find(name);
    if (found != blocks_.end()) return found->second;
    return blocks_.emplace(name, library_.load(Folder::blocks, name, &where, path)).first->second;
  }

 private:
  const Library& library_;
  std::map<std::string, Node> blocks_;
};

std::vector<RegisterModel> read_registers(TableReader& reader, Bytes peripheral_size) {
  std::vector<RegisterModel> registers;
  for (const auto& [name, node] : named_tables(reader, "registers")) {
    const std::string path = fmt::format("{}.{}", reader.path_of("registers"), name);
    check_name(*node, path, name);
    TableReader fields(*node, path);
    RegisterModel reg;
    reg.name = name;
    reg.offset = static_cast<std::uint32_t>(
        fields.integer("offset", 0, static_cast<std::int64_t>(peripheral_size) - 4));
    if (reg.offset % 4 != 0) fields.fail_at("offset", "not a multiple of 4", "correct the offset");
    const auto same = std::ranges::find(registers, reg.offset, &RegisterModel::offset);
    if (same != registers.end()) {
      fields.fail_at("offset", fmt::format("{:#x} is the offset of {} too", reg.offset, same->name),
                     "correct one of them");
    }
    reg.reset = fields.word("reset", 0);
    reg.kept = fields.boolean("kept", false);
    fields.finish();
    registers.push_back(std::move(reg));
    if (registers.size() > kMostRegisters) fail(*node, path, "more than 1024 registers", "name fewer");
  }
  std::ranges::sort(registers, {}, &RegisterModel::offset);
  return registers;
}

/// `node` becomes the peripheral's table merged with its block.
PeripheralModel read_peripheral(const std::string& name, const Node& written, const McuModel& mcu,
                                Blocks& blocks, Node& node) {
  const std::string path = "peripherals." + name;
  check_name(written, path, name);
  node = written;
  TableReader outer(written, path);
  if (const Node* block = outer.find("block")) {
    node = blocks.find(*block, path + ".block");
    node.file = written.file;
    node.line = written.line;
    merge(node, written);
  }
  TableReader reader(node, path);
  reader.find("block");
  PeripheralModel peripheral;
  peripheral.name = name;
  if (reader.has("model")) peripheral.model = kModels[reader.choice("model", kModels)];
  peripheral.base = reader.word("base");
  peripheral.size = static_cast<Bytes>(reader.integer("size", 4, kLargestPeripheral, kDefaultSize));
  peripheral.interrupt = static_cast<int>(
      reader.integer("interrupt", -1, static_cast<std::int64_t>(mcu.interrupt_count) - 1, -1));
  for (const Node& number : reader.list("interrupts")) {
    const std::int64_t* value = std::get_if<std::int64_t>(&number.value);
    if (value == nullptr || *value < -1 || *value >= static_cast<std::int64_t>(mcu.interrupt_count)) {
      fail(number, path + ".interrupts",
           fmt::format("expected an integer from -1 to {}", mcu.interrupt_count - 1),
           "correct the interrupt number");
    }
    peripheral.interrupts.push_back(static_cast<int>(*value));
  }
  peripheral.registers = read_registers(reader, peripheral.size);
  for (const Node& rule : reader.list("rules")) {
    peripheral.rules.push_back(parse_rule(rule, path + ".rules", peripheral));
    if (peripheral.rules.size() > kMostRules)
      fail(rule, path + ".rules", "more than 256 rules", "write fewer");
  }
  if (peripheral.base % 4 != 0 || peripheral.size % 4 != 0) {
    fail(written, path, "base and size must be multiples of 4", "correct them");
  }
  if (reader.has("stand_in")) peripheral.stand_in = reader.text("stand_in");
  read_connections(reader, mcu, peripheral);
  reader.finish();
  return peripheral;
}

}  // namespace

std::vector<PeripheralModel> read_peripherals(TableReader& part, const McuModel& model,
                                              const Library& library) {
  Blocks blocks(library);
  std::vector<PeripheralModel> peripherals;
  std::map<std::string, Node> merged;
  std::vector<Region> regions;
  for (const MemoryRegion& memory : model.memory) {
    regions.push_back({memory.base, memory.size, &part.node(), "memory." + memory.name});
    for (const Address alias : memory.aliases) {
      regions.push_back({alias, memory.size, &part.node(), "memory." + memory.name});
    }
  }
  for (const auto& [name, node] : named_tables(part, "peripherals")) {
    peripherals.push_back(read_peripheral(name, *node, model, blocks, merged[name]));
    const PeripheralModel& last = peripherals.back();
    regions.push_back({last.base, last.size, node, "peripherals." + name});
  }
  check_overlaps(std::move(regions));
  for (PeripheralModel& peripheral : peripherals) {
    connect(merged[peripheral.name], "peripherals." + peripheral.name, peripheral, peripherals);
  }
  std::ranges::sort(peripherals, {}, &PeripheralModel::base);
  return peripherals;
}

}  // namespace mcusim::mcu_models
