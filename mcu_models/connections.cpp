#include "mcu_models/connections.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mcu_models/registers.h"

namespace mcusim::mcu_models {
namespace {

/// Far above any part; bounds the time that a user's file can take.
constexpr std::size_t kMostRequests = 512, kMostRanges = 4, kMostSectors = 64;
constexpr std::int64_t kMostChannels = 32, kMostSelections = 256;

std::uint32_t mask_of(std::uint32_t shift, std::uint32_t width) {
  return (width >= 32 ? ~0u : (1u << width) - 1) << shift;
}

/// Reads bits of one register as the part's file spells them.
class Bits {
 public:
  Bits(TableReader& reader, const PeripheralModel& peripheral, std::uint32_t offset)
      : reader_(reader), peripheral_(peripheral), offset_(offset) {}

  BitRange range(std::string_view key, const Node& node) const {
    const std::string path = reader_.path_of(key);
    const BitRange bits = parse_bits(node, path, text_of(node, path), peripheral_);
    if (bits.reg->offset != offset_) {
      fail(node, path, fmt::format("{} is another register than expected", bits.reg->name),
           "name bits of the register that the table gives");
    }
    return bits;
  }
  /// 0 when the key is absent.
  std::uint32_t mask(std::string_view key) const {
    const Node* node = reader_.find(key);
    if (node == nullptr) return 0;
    const BitRange bits = range(key, *node);
    return mask_of(bits.shift, bits.width);
  }
  void field(std::string_view key, std::uint32_t& shift, std::uint32_t& width) const {
    const Node* node = reader_.find(key);
    if (node == nullptr) return;
    const BitRange bits = range(key, *node);
    shift = bits.shift;
    width = bits.width;
  }

 private:
  TableReader& reader_;
  const PeripheralModel& peripheral_;
  std::uint32_t offset_;
};

std::uint32_t register_offset(TableReader& reader, std::string_view key, const PeripheralModel& peripheral) {
  const std::string name = reader.text(key);
  const auto found = std::ranges::find(peripheral.registers, name, &RegisterModel::name);
  if (found != peripheral.registers.end()) return found->offset;
  reader.fail_at(key, fmt::format("{} has no register '{}'", peripheral.name, name),
                 "name one of its registers");
}

std::optional<std::uint32_t> optional_register(TableReader& reader, std::string_view key,
                                               const PeripheralModel& peripheral) {
  if (!reader.has(key)) return std::nullopt;
  return register_offset(reader, key, peripheral);
}

ResetCause read_reset_cause(const Node& node, const std::string& path, const PeripheralModel& peripheral) {
  TableReader reader(node, path);
  ResetCause cause;
  cause.offset = register_offset(reader, "register", peripheral);
  cause.flags = reader.word("flags");
  cause.software = reader.word("software");
  cause.remove = reader.word("remove");
  reader.finish();
  return cause;
}

MemoryRemap read_remap(const Node& node, const std::string& path, const PeripheralModel& peripheral,
                       const McuModel& mcu) {
  TableReader reader(node, path);
  MemoryRemap remap;
  const Node& select = reader.require("select", "bits, as MEMRMP.2:0");
  const BitRange bits = parse_bits(select, path + ".select", text_of(select, path + ".select"), peripheral);
  remap.offset = bits.reg->offset;
  remap.shift = bits.shift;
  remap.width = std::min(bits.width, 8u);
  for (const Node& memory : reader.list("memories")) {
    const std::string& name = text_of(memory, path + ".memories");
    if (name != "none" && mcu.find_memory(name) == nullptr) {
      fail(memory, path + ".memories", fmt::format("no memory '{}'", name),
           "name memories of the part, or \"none\" for what is not modelled");
    }
    remap.memories.push_back(name);
    if (remap.memories.size() > 1u << remap.width) {
      fail(memory, path + ".memories", "more memories than the bits can select", "name fewer");
    }
  }
  reader.finish();
  return remap;
}

std::int64_t integer_at(const Node& node, const std::string& path, std::int64_t most) {
  const auto* value = node.as<std::int64_t>();
  if (value == nullptr || *value < 0 || *value >= most) {
    fail(node, path, fmt::format("expected an integer from 0 to {}", most - 1), "correct it");
  }
  return *value;
}

/// USART2_RX = 26 (on every channel), or [[5, 4], [6, 4]] (channel and selection).
void read_requests(const Node& node, const std::string& path, DmaModel& dma) {
  const auto* table = node.as<Node::Table>();
  if (table == nullptr) fail(node, path, "expected a table", "write { USART2_RX = [[5, 4]] }");
  for (const auto& [signal, places] : *table) {
    const std::string key = fmt::format("{}.{}", path, signal);
    const auto* list = places.as<Node::Array>();
    if (list == nullptr) {
      const auto selection = static_cast<unsigned>(integer_at(places, key, kMostSelections));
      dma.requests.push_back({signal, -1, selection});
      continue;
    }
    for (const Node& place : *list) {
      const auto* pair = place.as<Node::Array>();
      if (pair == nullptr || pair->size() != 2) {
        fail(place, key, "expected pairs of channel and selection", "write [[5, 4], [6, 4]]");
      }
      dma.requests.push_back({signal, static_cast<int>(integer_at((*pair)[0], key, kMostChannels)),
                              static_cast<unsigned>(integer_at((*pair)[1], key, kMostSelections))});
    }
    if (dma.requests.size() > kMostRequests) fail(places, key, "more than 512 requests", "name fewer");
  }
}

FlashProgramming read_range(const Node& node, const std::string& path, const PeripheralModel& peripheral) {
  TableReader reader(node, path);
  FlashProgramming range;
  range.key = register_offset(reader, "key", peripheral);
  range.control = register_offset(reader, "control", peripheral);
  range.status = register_offset(reader, "flags", peripheral);
  range.clear = optional_register(reader, "clear", peripheral);
  range.address = optional_register(reader, "address", peripheral);
  const Bits control(reader, peripheral, range.control), status(reader, peripheral, range.status);
  range.lock_bit = control.mask("lock");
  range.program_bit = control.mask("program");
  range.erase_bit = control.mask("erase");
  range.start_bit = control.mask("start");
  range.end_interrupt_bit = control.mask("end_interrupt");
  range.error_interrupt_bit = control.mask("error_interrupt");
  for (const Node& bit : reader.list("erase_all")) {
    const BitRange bits = control.range("erase_all", bit);
    range.erase_all_bits.push_back(mask_of(bits.shift, bits.width));
    if (range.erase_all_bits.size() > kMostRanges) fail(bit, path, "more than 4 parts", "name fewer");
  }
  control.field("sector", range.sector_shift, range.sector_width);
  range.bank_bit = control.mask("bank");
  range.bank_sector = static_cast<std::uint32_t>(reader.integer("bank_sector", 0, 65536, 0));
  control.field("write_size", range.size_shift, range.size_width);
  range.busy_flag = status.mask("busy");
  range.end_flag = status.mask("end");
  range.sequence_flag = status.mask("sequence_error");
  range.not_erased_flag = status.mask("not_erased_error");
  range.size_flag = status.mask("size_error");
  range.align_flag = status.mask("align_error");
  range.end_needs_interrupt = reader.boolean("end_needs_interrupt", false);
  range.size_fault = reader.boolean("size_fault", false);
  range.unit_bytes = static_cast<unsigned>(reader.integer("unit_bytes", 1, 64));
  range.write_bytes = static_cast<unsigned>(reader.integer("write_bytes", 0, 4, 0));
  range.program_us = static_cast<double>(reader.integer("program_us", 0, 1'000'000));
  range.erase_ms = static_cast<double>(reader.integer("erase_ms", 0, 100'000));
  for (const Node& sector : reader.list("sectors")) {
    const std::int64_t bytes = integer_at(sector, path + ".sectors", 1 << 24);
    if (bytes == 0 || bytes % 64 != 0) {
      fail(sector, path + ".sectors", "expected multiples of 64 bytes", "correct the size");
    }
    range.sectors.push_back(static_cast<Bytes>(bytes));
    if (range.sectors.size() > kMostSectors) fail(sector, path, "more than 64 sectors", "the last repeats");
  }
  if (range.sectors.empty()) reader.fail_at("sectors", "missing", "write the sizes of the sectors");
  reader.finish();
  return range;
}

void read_programming(TableReader& reader, const McuModel& mcu, PeripheralModel& peripheral) {
  const auto flash = std::ranges::find(mcu.memory, MemoryKind::flash, &MemoryRegion::kind);
  const auto ranges = named_tables(reader, "programming");
  if (ranges.empty()) return;
  if (flash == mcu.memory.end()) reader.fail_at("programming", "the part has no flash", "add it to memory");
  if (ranges.size() > kMostRanges) reader.fail_at("programming", "more than 4 ranges", "name fewer");
  for (const auto& [name, node] : ranges) {
    FlashProgramming range =
        read_range(*node, fmt::format("{}.{}", reader.path_of("programming"), name), peripheral);
    range.size = flash->size / ranges.size();
    range.base = flash->base + static_cast<Address>(peripheral.flash.size() * range.size);
    peripheral.flash.push_back(std::move(range));
  }
}

const PeripheralModel& find_peripheral(const Node& node, const std::string& path, const std::string& name,
                                       const std::vector<PeripheralModel>& all) {
  const auto found = std::ranges::find(all, name, &PeripheralModel::name);
  if (found != all.end()) return *found;
  fail(node, path, fmt::format("no peripheral '{}'{}", name, suggestion(name, names_of(all))),
       "name one of the part");
}

}  // namespace

void read_connections(TableReader& reader, const McuModel& mcu, PeripheralModel& peripheral) {
  if (const Node* node = reader.find("reset_cause")) {
    peripheral.reset_cause = read_reset_cause(*node, reader.path_of("reset_cause"), peripheral);
  }
  if (const Node* node = reader.find("remap")) {
    peripheral.remap = read_remap(*node, reader.path_of("remap"), peripheral, mcu);
  }
  if (const Node* node = reader.find("requests")) {
    read_requests(*node, reader.path_of("requests"), peripheral.dma);
  }
  read_programming(reader, mcu, peripheral);
  reader.find("multiplexer");
  reader.find("multiplexer_channel");
  reader.find("pins");
  reader.find("pin_bits");
}

void connect(const Node& node, const std::string& path, PeripheralModel& peripheral,
             const std::vector<PeripheralModel>& all) {
  TableReader reader(node, path);
  if (const Node* name = reader.find("multiplexer")) {
    const PeripheralModel& multiplexer =
        find_peripheral(*name, reader.path_of("multiplexer"), text_of(*name, path + ".multiplexer"), all);
    const auto first = static_cast<Address>(reader.integer("multiplexer_channel", 0, kMostChannels - 1, 0));
    peripheral.dma.multiplexer = multiplexer.base + 4 * first;
    peripheral.dma.requests = multiplexer.dma.requests;
  }
  if (const Node* text = reader.find("pins")) {
    const std::string key = reader.path_of("pins");
    const std::string& place = text_of(*text, key);
    const std::size_t dot = place.find('.');
    const PeripheralModel& holder = find_peripheral(*text, key, place.substr(0, dot), all);
    const std::string name = dot == std::string::npos ? "" : place.substr(dot + 1);
    const auto reg = std::ranges::find(holder.registers, name, &RegisterModel::name);
    if (reg == holder.registers.end()) {
      fail(*text, key, fmt::format("{} has no register '{}'", holder.name, name), "write SYSCFG.EXTICR1");
    }
    const auto width = static_cast<unsigned>(reader.integer("pin_bits", 4, 8, 4));
    peripheral.pins = PinSelection{holder.base + reg->offset, width};
  }
}

}  // namespace mcusim::mcu_models
