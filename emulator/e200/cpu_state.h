#pragma once

#include <array>
#include <cstdint>

#include "common/units.h"
#include "emulator/e200/operation.h"

namespace mcusim::emulator::e200 {

/// Bits of MSR (EREF 4.6.1).
inline constexpr std::uint32_t kMsrCacheLock = 0x04000000, kMsrSpe = 0x02000000, kMsrWait = 0x00040000,
                               kMsrCritical = 0x00020000, kMsrExternal = 0x00008000, kMsrProblem = 0x00004000,
                               kMsrMachineCheck = 0x00001000, kMsrDebug = 0x00000200,
                               kMsrRecoverable = 0x00000002;

/// One field of CR.
inline constexpr std::uint8_t kLess = 8, kGreater = 4, kEqual = 2, kOverflow = 1;

/// Architectural state of one core, in the form that is cheapest to execute on. SPRs that only hold bits are
/// Core's.
struct CpuState {
  std::array<std::uint32_t, kZeroRegister + 1> r{};  ///< The last one stays 0.
  std::array<std::uint8_t, 8> cr{};                  ///< Fields, see kLess..
  std::uint8_t so = 0, ov = 0, ca = 0;               ///< Of XER; 0 or 1.
  std::uint8_t xer_count = 0;                        ///< XER's byte count.
  std::uint32_t lr = 0, ctr = 0;
  std::uint32_t msr = 0;
  std::uint32_t spefscr = 0;

  /// Of the instruction that is executing while the slow paths run, of the next one between instructions.
  Address pc = 0;

  bool reserved = false;  ///< lwarx.. without its stwcx.
  Address reservation = 0;

  bool problem_state() const { return (msr & kMsrProblem) != 0; }

  std::uint32_t cr_word() const {
    std::uint32_t word = 0;
    for (const std::uint8_t field : cr) word = word << 4 | field;
    return word;
  }
  /// The fields whose bit is set in `mask`, bit 7 for field 0.
  void set_cr(std::uint32_t word, std::uint32_t mask = 0xff) {
    for (unsigned field = 0; field < 8; ++field) {
      if ((mask >> (7 - field) & 1) != 0) cr[field] = word >> (28 - 4 * field) & 15;
    }
  }
  bool cr_bit(unsigned bit) const { return (cr[bit >> 2] >> (3 - (bit & 3)) & 1) != 0; }
  void set_cr_bit(unsigned bit, bool value) {
    const auto mask = static_cast<std::uint8_t>(8 >> (bit & 3));
    std::uint8_t& field = cr[bit >> 2];
    field = static_cast<std::uint8_t>(value ? field | mask : field & ~mask);
  }

  std::uint32_t xer() const {
    return static_cast<std::uint32_t>(so) << 31 | static_cast<std::uint32_t>(ov) << 30 |
           static_cast<std::uint32_t>(ca) << 29 | xer_count;
  }
  void set_xer(std::uint32_t value) {
    so = value >> 31;
    ov = value >> 30 & 1;
    ca = value >> 29 & 1;
    xer_count = value & 0x7f;
  }

  std::uint8_t compared(std::int32_t a, std::int32_t b) const {
    return static_cast<std::uint8_t>((a < b ? kLess : a > b ? kGreater : kEqual) | so);
  }
  std::uint8_t compared_unsigned(std::uint32_t a, std::uint32_t b) const {
    return static_cast<std::uint8_t>((a < b ? kLess : a > b ? kGreater : kEqual) | so);
  }
  /// What Rc = 1 records of a result.
  void record(std::uint32_t result) { cr[0] = compared(static_cast<std::int32_t>(result), 0); }
  void set_overflow(bool overflow) {
    ov = overflow ? 1 : 0;
    so |= ov;
  }
};

}  // namespace mcusim::emulator::e200
