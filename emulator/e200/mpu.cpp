#include "emulator/e200/mpu.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace mcusim::emulator::e200 {
namespace {

using Kind = Mpu::Kind;

// MPU0CSR0. Bypass bits stand from here on for each kind of access.
constexpr std::uint32_t kEnable = 0x00000001, kInvalidateAll = 0x00000002;
constexpr unsigned kBypassUser = 10, kBypassSupervisor = 13;
constexpr std::uint32_t kAllKinds = 7;

// MAS0.
constexpr std::uint32_t kValid = 0x80000000, kProtectedFromInvalidation = 0x40000000, kSelect = 0x30000000,
                        kSelectMpu = 0x20000000, kReadOnly = 0x04000000, kDebug = 0x02000000,
                        kInstruction = 0x01000000, kShared = 0x00800000, kEntrySelect = 0x000f0000,
                        kUserWrite = 0x00000800, kSupervisorWrite = 0x00000400, kUserRead = 0x00000200,
                        kSupervisorRead = 0x00000100;

unsigned entry_number(std::uint32_t mas0) { return (mas0 & kEntrySelect) >> 16; }

/// Bits of an address that are compared (UAMSK; its values from 6 on are reserved).
Address compared_bits(std::uint32_t mas0) { return ~Address{0} >> (mas0 >> 12 & 7); }

bool permits(std::uint32_t mas0, Mpu::Access access) {
  const std::uint32_t write = access.problem_state ? kUserWrite : kSupervisorWrite;
  const std::uint32_t read = access.problem_state ? kUserRead : kSupervisorRead;
  return (mas0 & (access.kind == Kind::write ? write : read)) != 0;
}

}  // namespace

struct Mpu::Table {
  std::uint32_t mas0;  ///< SHD and INST.
  std::string_view name;
  unsigned first, count;
};
constexpr Mpu::Table Mpu::kTables[] = {{0, "data entry", 0, 12},
                                       {kInstruction, "instruction entry", 12, 6},
                                       {kShared, "shared data entry", 18, 6},
                                       {kShared | kInstruction, "shared instruction entry", 18, 6}};

const Mpu::Table* Mpu::table_of(std::uint32_t mas0) {
  return std::ranges::find(kTables, mas0 & (kShared | kInstruction), &Table::mas0);
}

std::optional<unsigned> Mpu::selected(std::uint32_t mas0) {
  const Table& table = *table_of(mas0);
  if ((mas0 & kSelect) != kSelectMpu || entry_number(mas0) >= table.count) return std::nullopt;
  return table.first + entry_number(mas0);
}

void Mpu::set_control(std::uint32_t value) {
  control_ = value & ~kInvalidateAll;
  if ((value & kInvalidateAll) == 0) return;
  ranges_ = {};
  for (AssistRegisters& entry : entries_) {
    if ((entry[0] & kProtectedFromInvalidation) == 0) entry[0] &= ~kValid;
  }
}

void Mpu::set_process(std::uint32_t value) {
  process_ = value & 0xff;
  ranges_ = {};
}

void Mpu::write_entry(const AssistRegisters& registers) {
  const auto entry = selected(registers[0]);
  if (!entry || (entries_[*entry][0] & kReadOnly) != 0) return;
  entries_[*entry] = registers;
  ranges_ = {};
}

void Mpu::read_entry(AssistRegisters& registers) const {
  const std::uint32_t selection = registers[0] & (kSelect | kInstruction | kShared | kEntrySelect);
  const auto entry = selected(registers[0]);
  if ((selection & kSelect) != kSelectMpu) return;
  registers = entry ? entries_[*entry] : AssistRegisters{};
  // One that was never written tells what was asked for.
  if (registers[0] == 0) registers[0] = selection;
}

bool Mpu::restricts(bool problem_state) const {
  const unsigned bypass = problem_state ? kBypassUser : kBypassSupervisor;
  return (control_ & kEnable) != 0 && (control_ >> bypass & kAllKinds) != kAllKinds;
}

bool Mpu::bypassed(Access access) const {
  const unsigned bypass = access.problem_state ? kBypassUser : kBypassSupervisor;
  return (control_ & kEnable) == 0 || (control_ >> (bypass + static_cast<unsigned>(access.kind)) & 1) != 0;
}

bool Mpu::concerns(const AssistRegisters& entry, Access access) const {
  const std::uint32_t mas0 = entry[0], mas1 = entry[1];
  const std::uint32_t process = mas1 >> 16 & 0xff, not_compared = mas1 & 0xff;
  return (mas0 & kValid) != 0 && (mas0 & kDebug) == 0 &&
         ((mas0 & kInstruction) != 0) == (access.kind == Kind::execute) &&
         ((process ^ process_) & ~not_compared) == 0;
}

const std::vector<Mpu::Range>& Mpu::ranges(Access access) const {
  auto& known = ranges_[static_cast<unsigned>(access.kind) + (access.problem_state ? 3 : 0)];
  if (known) return *known;
  std::vector<Range> ranges;
  for (const AssistRegisters& entry : entries_) {
    if (!concerns(entry, access) || !permits(entry[0], access)) continue;
    const Address compared = compared_bits(entry[0]), lower = entry[3], upper = std::min(entry[2], compared);
    if (lower > upper) continue;
    // Once for all values of the bits that are not compared.
    for (std::uint64_t others = 0; others <= ~Address{0}; others += std::uint64_t{compared} + 1)
      ranges.push_back({static_cast<Address>(others) | lower, static_cast<Address>(others) | upper});
  }
  std::ranges::sort(ranges, {}, &Range::first);
  known.emplace();
  for (const Range& range : ranges) {
    if (!known->empty() && range.first <= std::uint64_t{known->back().last} + 1)
      known->back().last = std::max(known->back().last, range.last);
    else
      known->push_back(range);
  }
  return *known;
}

std::optional<Mpu::Range> Mpu::permitted(Address address, Access access) const {
  if (bypassed(access)) return Range{};
  const std::vector<Range>& all = ranges(access);
  const auto range = std::ranges::lower_bound(all, address, {}, &Range::last);
  return range != all.end() && range->first <= address ? std::optional(*range) : std::nullopt;
}

std::string Mpu::reason(Address address, Access access) const {
  std::vector<std::string> holders;
  for (const AssistRegisters& entry : entries_) {
    const Address compared = address & compared_bits(entry[0]);
    if (!concerns(entry, access) || compared < entry[3] || compared > entry[2]) continue;
    const Access other{access.kind == Kind::write ? Kind::read : Kind::write, access.problem_state};
    const bool other_is_permitted = access.kind != Kind::execute && permits(entry[0], other);
    holders.push_back(fmt::format("{} {} (0x{:08x} to 0x{:08x}) permits {}", table_of(entry[0])->name,
                                  entry_number(entry[0]), entry[3], entry[2],
                                  !other_is_permitted         ? "nothing"
                                  : other.kind == Kind::write ? "only writes"
                                                              : "only reads"));
  }
  if (!holders.empty()) return fmt::format("{}", fmt::join(holders, ", "));
  return fmt::format("no valid entry for {} of process {} holds it",
                     access.kind == Kind::execute ? "instructions" : "data", process_);
}

}  // namespace mcusim::emulator::e200
