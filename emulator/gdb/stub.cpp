#include "emulator/gdb/stub.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "emulator/e200/disassembler.h"

namespace mcusim::emulator::gdb {
namespace {

constexpr const char* kOk = "OK";
constexpr const char* kBadPacket = "E01";
constexpr const char* kBadAddress = "E02";
constexpr const char* kTooMany = "E03";
constexpr std::size_t kMostBreakpoints = 4096;
constexpr std::size_t kMostWatchpoints = 64;
constexpr Bytes kLargestWatch = 1u << 20;
/// In bytes of memory; two digits each in a frame.
constexpr Bytes kLargestTransfer = PacketReader::kLongest / 2 - 16;

/// Where devices are: Armv7-M (DDI 0403E B3.1; the core's own registers above are not on the bus) and SPC58
/// (UM3100, memory map).
struct DeviceSpace {
  std::uint64_t begin, end;
};
constexpr DeviceSpace kArmDevices{0x40000000u, 0x60000000u}, kSpc58Devices{0xf0000000u, 0x100000000u};

constexpr const char* kHelp =
    "cycles  what was executed since the start\n"
    "reset   the core starts again as after a reset; memories, devices and time go on\n"
    "code    the next VLE instructions, which GDB shows as data\n"
    "help    this text\n";

bool is_address(std::uint64_t value) { return value <= 0xffffffffu; }

std::string ram_entry(std::uint64_t begin, std::uint64_t end) {
  return fmt::format("<memory type=\"ram\" start=\"{:#x}\" length=\"{:#x}\"/>", begin, end - begin);
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

Stub::Stub(Machine& machine, const mcu_models::McuModel& mcu)
    : machine_(machine),
      core_(*machine.engine().debug()),
      memory_(machine.bus(), core_),
      map_(mcu),
      order_(machine.big_endian() ? std::endian::big : std::endian::little) {}

Stub::Answer Stub::handle(std::string_view packet) {
  if (packet.empty()) return {};
  const char command = packet.front();
  const Fields fields(packet.substr(1));
  switch (command) {
    case '?':
      return {Action::reply, last_stop_};
    case 'g':
      return {Action::reply, registers()};
    case 'G':
      return {Action::reply, set_registers(fields.rest())};
    case 'p':
      return {Action::reply, one_register(fields)};
    case 'P':
      return {Action::reply, set_one_register(fields)};
    case 'm':
      return {Action::reply, memory(fields)};
    case 'M':
    case 'X':
      return {Action::reply, set_memory(fields, command == 'X')};
    case 'Z':
    case 'z':
      return {Action::reply, point(fields, command == 'Z')};
    case 'c':
      return resume(fields, Action::resume);
    case 's':
      return resume(fields, Action::step);
    case 'D':
      return {Action::detach, kOk};
    case 'k':
      return {Action::kill, {}};
    case 'H':
    case 'T':
      return {Action::reply, kOk};
    case 'q':
    case 'Q':
      return query(packet);
    case 'v':
      return verbose(packet);
    default:
      return {};
  }
}

Stub::Answer Stub::resume(Fields fields, Action action) {
  if (!fields.rest().empty()) {
    const std::uint64_t address = fields.number();
    if (!fields.complete() || !is_address(address)) return {Action::reply, kBadPacket};
    Registers registers = machine_.engine().registers();
    registers.r[15] = static_cast<std::uint32_t>(address);
    machine_.engine().set_registers(registers);
  }
  return {action, {}};
}

std::string Stub::registers() const {
  const Registers registers = machine_.engine().registers();
  std::string text;
  for (const RegisterEntry& entry : map_.entries()) {
    text += word_to_hex(read_register(registers, entry), entry.bytes(), order_);
  }
  return text;
}

std::string Stub::set_registers(std::string_view digits) {
  Registers registers = machine_.engine().registers();
  for (const RegisterEntry& entry : map_.entries()) {
    const auto value = word_from_hex(digits.substr(0, entry.bytes() * 2), order_);
    if (!value || digits.size() < entry.bytes() * 2) return kBadPacket;
    write_register(registers, entry, *value);
    digits.remove_prefix(entry.bytes() * 2);
  }
  machine_.engine().set_registers(registers);
  return kOk;
}

std::string Stub::one_register(Fields fields) const {
  const std::uint64_t number = fields.number();
  if (!fields.complete() || number >= map_.entries().size()) return kBadPacket;
  const RegisterEntry& entry = map_.entries()[number];
  return word_to_hex(read_register(machine_.engine().registers(), entry), entry.bytes(), order_);
}

std::string Stub::set_one_register(Fields fields) {
  const std::uint64_t number = fields.number();
  fields.expect('=');
  const auto value = word_from_hex(fields.rest(), order_);
  if (fields.failed() || number >= map_.entries().size() || !value ||
      fields.rest().size() != map_.entries()[number].bytes() * 2) {
    return kBadPacket;
  }
  Registers registers = machine_.engine().registers();
  write_register(registers, map_.entries()[number], *value);
  machine_.engine().set_registers(registers);
  return kOk;
}

// What a debugger's register view asks for: an aligned word, half-word or byte.
bool Stub::is_device_access(Address address, std::uint64_t size) const {
  constexpr Address kArmPrivateSpace = 0xe0000000u;
  const bool on_bus = order_ == std::endian::big || address < kArmPrivateSpace;
  return (size == 1 || size == 2 || size == 4) && address % size == 0 && on_bus;
}

// Devices count the bytes of a word from its low end, big-endian cores from its high one.
Address Stub::device_lane(Address address, std::uint64_t size) const {
  return order_ == std::endian::big && size < 4 ? address ^ static_cast<Address>(4 - size) : address;
}

std::string Stub::memory(Fields fields) {
  const std::uint64_t address = fields.number();
  fields.expect(',');
  std::uint64_t size = fields.number();
  if (!fields.complete() || !is_address(address)) return kBadPacket;
  size = std::min<std::uint64_t>(size, kLargestTransfer);
  const auto at = static_cast<Address>(address);
  // Shorter than asked for when the memory ends: GDB looks beyond what it knows.
  for (std::uint64_t part = size; part > 0; part = part > 4 ? part / 2 : part - 1) {
    std::string bytes(part, '\0');
    if (memory_.read(at, bytes.data(), part)) return to_hex(bytes);
  }
  if (is_device_access(at, size)) {
    const BusRead result = machine_.bus().read(device_lane(at, size), static_cast<unsigned>(size));
    if (result.status == BusStatus::ok) return word_to_hex(result.value, static_cast<unsigned>(size), order_);
  }
  return kBadAddress;
}

std::string Stub::set_memory(Fields fields, bool binary) {
  const std::uint64_t address = fields.number();
  fields.expect(',');
  const std::uint64_t size = fields.number();
  fields.expect(':');
  const auto bytes = binary ? std::optional(std::string(fields.rest())) : from_hex(fields.rest());
  if (fields.failed() || !is_address(address) || !bytes || bytes->size() != size) return kBadPacket;
  const auto at = static_cast<Address>(address);
  if (size == 0 || memory_.program(at, bytes->data(), size)) return kOk;
  if (is_device_access(at, size)) {
    const auto value = static_cast<std::uint32_t>(*word_from_hex(to_hex(*bytes), order_));
    if (machine_.bus().write(device_lane(at, size), static_cast<unsigned>(size), value) == BusStatus::ok)
      return kOk;
  }
  return kBadAddress;
}

bool Stub::has_breakpoint(Address address) const {
  return breakpoints_.contains({'0', address}) || breakpoints_.contains({'1', address});
}

void Stub::forget_points() {
  for (const auto& [type, address] : breakpoints_) machine_.engine().remove_probe(address);
  breakpoints_.clear();
  watchpoints_.clear();
  core_.watch({});
}

// Inserting or removing twice is as once.
std::string Stub::point(Fields fields, bool insert) {
  const char type = fields.rest().empty() ? '\0' : fields.rest().front();
  if (type < '0' || type > '4') return {};
  fields.expect(type);
  fields.expect(',');
  const std::uint64_t number = fields.number();
  fields.expect(',');
  const std::uint64_t size = fields.number();
  if (!fields.complete() || !is_address(number)) return kBadPacket;
  const auto address = static_cast<Address>(number);
  if (type <= '1') {
    const std::pair<char, Address> key{type, address & ~1u};
    if (insert == breakpoints_.contains(key)) return kOk;
    if (insert && breakpoints_.size() >= kMostBreakpoints) return kTooMany;
    if (insert) {
      breakpoints_.insert(key);
      machine_.engine().add_probe(key.second);
    } else {
      breakpoints_.erase(key);
      machine_.engine().remove_probe(key.second);
    }
    return kOk;
  }
  constexpr Watchpoint::Kind kKinds[] = {Watchpoint::Kind::write, Watchpoint::Kind::read,
                                         Watchpoint::Kind::access};
  if (size == 0 || size > kLargestWatch) return kBadPacket;
  const Watchpoint wanted{kKinds[type - '2'], address, size};
  const auto found = std::ranges::find(watchpoints_, wanted);
  if (insert && found == watchpoints_.end()) {
    if (watchpoints_.size() >= kMostWatchpoints) return kTooMany;
    watchpoints_.push_back(wanted);
  } else if (!insert && found != watchpoints_.end()) {
    watchpoints_.erase(found);
  }
  core_.watch(watchpoints_);
  return kOk;
}

Stub::Answer Stub::query(std::string_view packet) {
  if (packet == "QStartNoAckMode") return {Action::no_acknowledge, kOk};
  if (packet.starts_with("qSupported")) {
    return {Action::reply, fmt::format("PacketSize={:x};QStartNoAckMode+;qXfer:features:read+;"
                                       "qXfer:memory-map:read+;vContSupported+",
                                       PacketReader::kLongest)};
  }
  if (packet.starts_with("qXfer:")) return {Action::reply, transfer(packet)};
  if (take_prefix(packet, "qRcmd,")) {
    const auto command = from_hex(packet);
    return {Action::reply, command ? to_hex(monitor(*command)) : kBadPacket};
  }
  // Attached, not started by GDB: on quitting it detaches, and the run goes on.
  if (packet.starts_with("qAttached")) return {Action::reply, "1"};
  if (packet.starts_with("qSymbol")) return {Action::reply, kOk};
  if (packet == "qfThreadInfo") return {Action::reply, "m1"};
  if (packet == "qsThreadInfo") return {Action::reply, "l"};
  return {};
}

std::string Stub::transfer(std::string_view packet) const {
  std::string map;
  const std::string* text = nullptr;
  if (take_prefix(packet, "qXfer:features:read:target.xml:")) {
    text = &map_.description();
  } else if (take_prefix(packet, "qXfer:memory-map:read::")) {
    map = memory_map();
    text = &map;
  } else {
    return packet.starts_with("qXfer:features:read:") ? "E00" : "";
  }
  Fields fields(packet);
  const std::uint64_t offset = fields.number();
  fields.expect(',');
  const std::uint64_t size = std::min<std::uint64_t>(fields.number(), kLargestTransfer);
  if (!fields.complete() || offset > text->size()) return kBadPacket;
  const std::string part = text->substr(offset, size);
  return (offset + part.size() < text->size() ? "m" : "l") + part;
}

std::string Stub::memory_map() const {
  std::string text =
      "<?xml version=\"1.0\"?><!DOCTYPE memory-map PUBLIC \"+//IDN gnu.org//DTD GDB Memory Map V1.0//EN\" "
      "\"http://sourceware.org/gdb/gdb-memory-map.dtd\"><memory-map>";
  const DeviceSpace devices = order_ == std::endian::big ? kSpc58Devices : kArmDevices;
  std::map<std::uint64_t, std::uint64_t> inside_peripherals;
  for (const Bus::Memory& memory : machine_.bus().memories()) {
    if (memory.base >= devices.begin && memory.base < devices.end) {
      inside_peripherals[memory.base] = memory.base + memory.size;
    }
    text += fmt::format("<memory type=\"{}\" start=\"{:#x}\" length=\"{:#x}\"",
                        memory.writable ? "ram" : "flash", memory.base, memory.size);
    text += memory.writable ? "/>" : "><property name=\"blocksize\">0x400</property></memory>";
  }
  // Between the memories there, GDB may look at devices. It wants no overlaps.
  std::uint64_t at = devices.begin;
  for (const auto& [base, end] : inside_peripherals) {
    if (base > at) text += ram_entry(at, base);
    at = std::max(at, end);
  }
  if (at < devices.end) text += ram_entry(at, devices.end);
  return text + "</memory-map>";
}

std::string Stub::monitor(std::string_view command) {
  if (command == "cycles") {
    const Counters counters = machine_.engine().counters();
    return fmt::format("{} cycles, {} instructions, {:.6f} ms\n", counters.cycles, counters.instructions,
                       machine_.seconds() * 1e3);
  }
  if (command == "reset") {
    core_.restart();
    return fmt::format("reset: pc {:#010x}\n", machine_.engine().registers().r[15]);
  }
  if (command == "code" && order_ == std::endian::big) return vle_code();
  return command == "help" ? kHelp : fmt::format("not known; there are:\n{}", kHelp);
}

std::string Stub::vle_code() const {
  constexpr unsigned kShown = 10;
  const ClassCosts costs;
  const e200::Decoder decoder(costs);
  std::string text;
  Address at = machine_.engine().registers().r[15];
  for (unsigned i = 0; i < kShown; ++i) {
    std::uint8_t bytes[4] = {};
    if (!machine_.bus().fetch(at, bytes, 2)) break;
    const auto first = static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]);
    const bool wide = e200::is_wide(first);
    if (wide && !machine_.bus().fetch(at + 2, bytes + 2, 2)) break;
    const auto second = static_cast<std::uint16_t>(bytes[2] << 8 | bytes[3]);
    text += fmt::format("{:#010x}  {}\n", at, e200::disassemble(decoder, first, second, at));
    at += wide ? 4 : 2;
  }
  return text;
}

Stub::Answer Stub::verbose(std::string_view packet) {
  if (packet == "vCont?") return {Action::reply, "vCont;c;C;s;S"};
  if (packet.starts_with("vKill")) return {Action::kill, kOk};
  if (take_prefix(packet, "vCont;") && !packet.empty()) {
    switch (packet.front()) {
      case 'c':
      case 'C':
        return {Action::resume, {}};
      case 's':
      case 'S':
        return {Action::step, {}};
      default:
        return {Action::reply, kBadPacket};
    }
  }
  if (packet.starts_with("vFlash")) return {Action::reply, flash(packet)};
  return {};
}

// Flash is programmed at once: GDB's load command works.
std::string Stub::flash(std::string_view packet) {
  if (packet == "vFlashDone") return kOk;
  if (take_prefix(packet, "vFlashErase:")) {
    Fields fields(packet);
    const std::uint64_t address = fields.number();
    fields.expect(',');
    const std::uint64_t size = fields.number();
    if (!fields.complete() || !is_address(address)) return kBadPacket;
    if (!memory_.readable(static_cast<Address>(address), size)) return kBadAddress;
    const std::string erased(size, '\xff');
    return memory_.program(static_cast<Address>(address), erased.data(), size) ? kOk : kBadAddress;
  }
  if (!take_prefix(packet, "vFlashWrite:")) return {};
  Fields fields(packet);
  const std::uint64_t address = fields.number();
  fields.expect(':');
  if (fields.failed() || !is_address(address)) return kBadPacket;
  const std::string_view bytes = fields.rest();
  return memory_.program(static_cast<Address>(address), bytes.data(), bytes.size()) ? kOk : kBadAddress;
}

}  // namespace mcusim::emulator::gdb
