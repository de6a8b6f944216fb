#include "emulator/cortex_m/system/mpu.h"

namespace mcusim::emulator::cortex_m {
namespace {

// The default map marks devices and the upper half of the system space execute-never.
bool default_executable(Address address) {
  const unsigned half_gib = address >> 29;
  return half_gib != 2 && half_gib < 5;
}

constexpr Address kPrivatePeripherals = 0xe0000000u;
constexpr Address kPrivatePeripheralsEnd = 0xe00fffffu;

}  // namespace

void Mpu::reset() {
  control_ = number_ = 0;
  attribute_indirection_ = {};
  table_ = {};
}

std::uint32_t Mpu::read(std::uint32_t offset) const {
  if (regions_ == 0) return 0;
  switch (offset) {
    case 0x00:
      return regions_ << 8;
    case 0x04:
      return control_;
    case 0x08:
      return number_;
    case 0x30:
      return v8m_ ? attribute_indirection_[0] : 0;
    case 0x34:
      return v8m_ ? attribute_indirection_[1] : 0;
    default:
      break;
  }
  if (offset < 0x0c || offset > 0x28) return 0;
  // The alias registers address neighbours of the selected region on Armv8-M, the region itself before.
  const unsigned alias = (offset - 0x0c) / 8;
  const unsigned region = (v8m_ ? (number_ & ~3u) + ((number_ & 3u) + alias) % 4 : number_) % kMaxRegions;
  const Region& entry = table_[region];
  if ((offset - 0x0c) % 8 != 0) return entry.attributes;
  return v8m_ ? entry.rbar : (entry.rbar & ~0x1fu) | region;
}

void Mpu::write_base(unsigned region, std::uint32_t value) {
  if (v8m_) {
    table_[region].rbar = value;
    return;
  }
  if (value & 0x10) {  // VALID: the value names its region
    number_ = value & 0xf;
    region = number_;
  }
  if (region < regions_) table_[region].rbar = value & ~0x1fu;
}

void Mpu::write(std::uint32_t offset, std::uint32_t value) {
  if (regions_ == 0) return;
  switch (offset) {
    case 0x04:
      control_ = value & 7;
      return;
    case 0x08:
      number_ = value < regions_ ? value : regions_ - 1;
      return;
    case 0x30:
      if (v8m_) attribute_indirection_[0] = value;
      return;
    case 0x34:
      if (v8m_) attribute_indirection_[1] = value;
      return;
    default:
      break;
  }
  if (offset < 0x0c || offset > 0x28) return;
  const unsigned alias = (offset - 0x0c) / 8;
  const unsigned region = v8m_ ? (number_ & ~3u) + ((number_ & 3u) + alias) % 4 : number_;
  if ((offset - 0x0c) % 8 == 0) {
    write_base(region, value);
  } else if (region < regions_) {
    table_[region].attributes = value;
  }
}

bool Mpu::covers(const Region& region, Address address) const {
  if ((region.attributes & 1) == 0) return false;
  if (v8m_) return address >= (region.rbar & ~0x1fu) && address <= (region.attributes | 0x1fu);
  const unsigned size_bits = (region.attributes >> 1 & 31) + 1;  // region of 2^size_bits bytes
  if (size_bits < 5) return false;
  const std::uint32_t offset_mask = size_bits == 32 ? ~0u : (1u << size_bits) - 1;
  if (((address ^ region.rbar) & ~offset_mask) != 0) return false;
  if (size_bits < 8) return true;
  const unsigned subregion = (address & offset_mask) >> (size_bits - 3);
  return (region.attributes >> (8 + subregion) & 1) == 0;
}

bool Mpu::allows(const Region& region, const Access& access) const {
  if (v8m_) {
    const bool read_only = (region.rbar & 4) != 0, unprivileged = (region.rbar & 2) != 0;
    if (access.execute && (region.rbar & 1) != 0) return false;
    return (access.privileged || unprivileged) && !(access.write && read_only);
  }
  if (access.execute && (region.attributes >> 28 & 1) != 0) return false;
  switch (region.attributes >> 24 & 7) {  // DDI 0403E table B3-15
    case 1:
      return access.privileged;
    case 2:
      return access.privileged || !access.write;
    case 3:
      return true;
    case 5:
      return access.privileged && !access.write;
    case 6:
    case 7:
      return !access.write;
    default:
      return false;
  }
}

int Mpu::find(Address address, unsigned* hits) const {
  int found = -1;
  *hits = 0;
  for (unsigned i = 0; i < regions_; ++i) {
    if (!covers(table_[i], address)) continue;
    found = static_cast<int>(i);  // the highest number wins on Armv7-M
    ++*hits;
  }
  return found;
}

bool Mpu::permits(Address address, const Access& access) const {
  if (address >= kPrivatePeripherals && address <= kPrivatePeripheralsEnd) return !access.execute;
  unsigned hits = 0;
  const int region = find(address, &hits);
  if (region < 0) {
    const bool background = access.privileged && (control_ & 4) != 0;
    return background && (!access.execute || default_executable(address));
  }
  if (v8m_ && hits > 1) return false;  // overlapping regions fault
  if (access.execute && !default_executable(address)) return false;
  Access read = access;
  read.write = false;
  return allows(table_[static_cast<unsigned>(region)], access) &&
         (!access.execute || allows(table_[static_cast<unsigned>(region)], read));
}

std::optional<unsigned> Mpu::memory_type(Address address) const {
  unsigned hits = 0;
  const int region = enabled() && !v8m_ ? find(address, &hits) : -1;
  if (region < 0) return std::nullopt;
  const std::uint32_t attributes = table_[static_cast<unsigned>(region)].attributes;
  return (attributes >> 19 & 7) << 2 | (attributes >> 16 & 3);  // C is bit 17, B bit 16
}

bool Mpu::uniform_page(Address address) const {
  // Regions are multiples of 32 bytes; what decides is whether one begins or ends inside the page.
  const Address page = address & ~0xfffu;
  unsigned hits = 0;
  const int first = find(page, &hits);
  const unsigned first_hits = hits;
  for (Address offset = 32; offset < 0x1000; offset += 32) {
    if (find(page + offset, &hits) != first || hits != first_hits) return false;
  }
  return true;
}

}  // namespace mcusim::emulator::cortex_m
