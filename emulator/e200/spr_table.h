#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace mcusim::emulator::e200 {

/// Numbers of the special purpose registers that the core itself uses; spr_table.cpp has all.
namespace spr {
enum : std::uint16_t {
  xer = 1,
  lr = 8,
  ctr = 9,
  dec = 22,
  srr0 = 26,
  srr1 = 27,
  pid0 = 48,
  decar = 54,
  csrr0 = 58,
  csrr1 = 59,
  dear = 61,
  esr = 62,
  ivpr = 63,
  sprg0 = 272,
  pir = 286,
  tsr = 336,
  tcr = 340,
  ivor0 = 400,
  spefscr = 512,
  ivor32 = 528,
  mcsrr0 = 570,
  mcsrr1 = 571,
  mcsr = 572,
  mcar = 573,
  dsrr0 = 574,
  dsrr1 = 575,
  mas0 = 624,
  mas1 = 625,
  mas2 = 626,
  mas3 = 627,
  hid0 = 1008,
  l1csr0 = 1010,
  l1csr1 = 1011,
  bucsr = 1013,
  mpu0csr0 = 1014,
};
}  // namespace spr

/// What reading and writing a register does.
enum class SprKind : std::uint8_t {
  stored,     ///< Holds what was written, under `writable`.
  read_only,  ///< Writes are ignored.
  xer,
  lr,
  ctr,
  spefscr,
  decrementer,
  time_base_lower,
  time_base_upper,
  clear_on_one,    ///< Written ones clear.
  timer_control,   ///< TCR and HID0: what the timers that look at the time base depend on.
  cache_control,   ///< Invalidation is done at once; enable bits are seen by the timing model.
  branch_control,  ///< BUCSR: flushing is done at once.
  mpu_control,     ///< MPU0CSR0: invalidation is done at once.
  process,         ///< PID0, of the process whose entries the MPU looks at.
  sprg_alias,      ///< SPRG4-7 and SPRG3 as problem state reads them.
};

struct SprRow {
  std::uint16_t number;
  std::string_view name;
  std::uint32_t reset;
  std::uint32_t writable;  ///< Bits.
  SprKind kind;
  /// Whether binutils write mf<name> and mt<name>, not the number.
  enum class Named : std::uint8_t { no, read, write, both } named;

  bool named_for(bool reading) const {
    return named == Named::both || named == (reading ? Named::read : Named::write);
  }
};

std::span<const SprRow> spr_rows();
/// Null: the core has no such register.
const SprRow* find_spr(std::uint32_t number);
/// Problem state may access registers whose number has bit 4 of its upper half clear (EREF 4.2).
constexpr bool is_privileged_spr(std::uint32_t number) { return (number & 0x10) != 0; }

}  // namespace mcusim::emulator::e200
