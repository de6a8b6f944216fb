#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "common/units.h"
#include "emulator/cortex_m/fpu/fpscr.h"

namespace mcusim::emulator::cortex_m {

/// Bits of xPSR (DDI 0403E B1.4.2).
inline constexpr std::uint32_t kXpsrT = 1u << 24;
inline constexpr std::uint32_t kXpsrQ = 1u << 27;

/// By condition: a bit for each value of NZCV, set where the condition holds.
inline constexpr std::array<std::uint16_t, 16> kConditions = [] {
  std::array<std::uint16_t, 16> holds{};
  for (unsigned flags = 0; flags < 16; ++flags) {
    const bool n = flags & 8, z = flags & 4, c = flags & 2, v = flags & 1;
    const bool even[] = {z, c, n, v, c && !z, n == v, !z && n == v, true};
    for (unsigned code = 0; code < 16; ++code) {
      if (code >= 14 || even[code >> 1] != ((code & 1) != 0))
        holds[code] |= static_cast<std::uint16_t>(1u << flags);
    }
  }
  return holds;
}();

/// CONTROL.
inline constexpr std::uint32_t kControlUnprivileged = 1;
inline constexpr std::uint32_t kControlProcessStack = 2;
inline constexpr std::uint32_t kControlFpActive = 4;

/// Architectural state of one core, in the form that is cheapest to execute on.
struct CpuState {
  std::array<std::uint32_t, 16> r{};  ///< r13 is the stack pointer in use; r15 is not kept, see `pc`.
  std::int64_t nz = 1;                ///< Negative: N. Lower word 0: Z. Mostly the sign-extended last result.
  std::uint32_t c = 0;                ///< Each of these is 0 or 1.
  std::uint32_t v = 0;
  std::uint32_t q = 0;
  std::uint32_t ge = 0;  ///< Four bits.
  std::uint8_t it = 0;   ///< ITSTATE of the next instruction.
  bool thumb = true;     ///< EPSR.T; an instruction executed while it is clear faults with INVSTATE.

  /// Of the instruction that is executing while the slow paths run, of the next one between instructions.
  Address pc = 0;

  std::uint32_t other_sp = 0;                ///< The stack pointer that is not in use.
  std::uint32_t sp_limit = 0;                ///< Limit of the one in use; 0: none.
  std::array<std::uint32_t, 2> sp_limits{};  ///< MSPLIM, PSPLIM; 0 before Armv8-M.
  /// Where the image's symbols say that the main and the process stack end. Go by where registers tell
  /// nothing.
  std::array<std::uint32_t, 2> known_limits{};
  std::uint32_t ipsr = 0;
  std::uint32_t primask = 0, faultmask = 0, basepri = 0;
  std::uint32_t control = 0;

  bool fp_ready = false;  ///< FP instructions need no check: access granted, no lazy state, context active.
  fpu::Fpscr fpscr;
  alignas(8) std::array<std::uint32_t, 32> s{};

  bool exclusive = false;
  Address exclusive_address = 0;

  void set_nz(std::uint32_t result) { nz = static_cast<std::int32_t>(result); }
  bool negative() const { return nz < 0; }
  bool zero() const { return static_cast<std::uint32_t>(nz) == 0; }

  std::uint32_t apsr() const {
    return (negative() ? 1u << 31 : 0) | (zero() ? 1u << 30 : 0) | c << 29 | v << 28 | q << 27 | ge << 16;
  }
  void set_nzcv(std::uint32_t flags) {
    // N and Z together have no result that shows them: a negative value with an empty lower word.
    if (flags & 1u << 30)
      nz = (flags & 1u << 31) ? INT64_MIN : 0;
    else
      nz = (flags & 1u << 31) ? -1 : 1;
    c = flags >> 29 & 1;
    v = flags >> 28 & 1;
  }
  std::uint32_t xpsr() const {
    return apsr() | (thumb ? kXpsrT : 0) | ipsr | (it & 3u) << 25 | (it & 0xfcu) << 8;
  }
  /// Flags, GE, Q, IT and T; the exception number is the caller's.
  void set_psr(std::uint32_t value, bool has_dsp) {
    set_nzcv(value);
    q = value >> 27 & 1;
    ge = has_dsp ? value >> 16 & 15 : 0;
    it = static_cast<std::uint8_t>((value >> 25 & 3) | (value >> 8 & 0xfc));
    thumb = (value & kXpsrT) != 0;
  }

  bool handler_mode() const { return ipsr != 0; }
  bool privileged() const { return handler_mode() || (control & kControlUnprivileged) == 0; }
  bool on_process_stack() const { return !handler_mode() && (control & kControlProcessStack) != 0; }
  std::uint32_t msp() const { return on_process_stack() ? other_sp : r[13]; }
  std::uint32_t psp() const { return on_process_stack() ? r[13] : other_sp; }
  void set_msp(std::uint32_t value) { (on_process_stack() ? other_sp : r[13]) = value & ~3u; }
  void set_psp(std::uint32_t value) { (on_process_stack() ? r[13] : other_sp) = value & ~3u; }

  /// Changes mode or stack selection: exchanges the stack pointers where the selection changes.
  void select(std::uint32_t new_ipsr, std::uint32_t new_control) {
    const bool before = on_process_stack();
    ipsr = new_ipsr;
    control = new_control;
    if (on_process_stack() != before) std::swap(r[13], other_sp);
    update_sp_limit();
  }
  void update_sp_limit() {
    const unsigned which = on_process_stack() ? 1 : 0;
    sp_limit = sp_limits[which] != 0 ? sp_limits[which] : known_limits[which];
  }

  /// A condition field of the instruction set (DDI 0403E A7.3).
  bool condition(unsigned code) const {
    const unsigned flags = unsigned{negative()} << 3 | unsigned{zero()} << 2 | c << 1 | v;
    return kConditions[code] >> flags & 1;
  }
};

}  // namespace mcusim::emulator::cortex_m
