#pragma once

#include <cstdint>

namespace mcusim::emulator::fpu {

/// The first four values are the encodings of FPSCR.RMode; nearest_away exists in instructions only (VCVTA,
/// VRINTA).
enum class Rounding : std::uint8_t { nearest_even, toward_plus, toward_minus, toward_zero, nearest_away };

/// The floating-point status and control register, in the layout VMSR and VMRS transfer.
/// Source: Armv7-M Architecture Reference Manual (DDI 0403), B3.2.21 and A2.5.3.
struct Fpscr {
  static constexpr std::uint32_t kInvalid = 1u << 0;        ///< IOC
  static constexpr std::uint32_t kDivideByZero = 1u << 1;   ///< DZC
  static constexpr std::uint32_t kOverflow = 1u << 2;       ///< OFC
  static constexpr std::uint32_t kUnderflow = 1u << 3;      ///< UFC
  static constexpr std::uint32_t kInexact = 1u << 4;        ///< IXC
  static constexpr std::uint32_t kInputDenormal = 1u << 7;  ///< IDC
  static constexpr std::uint32_t kRoundingMask = 3u << 22;
  static constexpr std::uint32_t kFlushToZero = 1u << 24;
  static constexpr std::uint32_t kDefaultNan = 1u << 25;
  static constexpr std::uint32_t kAlternativeHalf = 1u << 26;
  static constexpr std::uint32_t kConditionMask = 0xfu << 28;
  static constexpr std::uint32_t kCumulativeMask = 0x9f;
  /// N, Z, C, V of a comparison, as condition() gives them.
  static constexpr std::uint32_t kLess = 0b1000;
  static constexpr std::uint32_t kEqual = 0b0110;
  static constexpr std::uint32_t kGreater = 0b0010;
  static constexpr std::uint32_t kUnordered = 0b0011;
  /// What VMSR can change.
  static constexpr std::uint32_t kWritable =
      kConditionMask | kAlternativeHalf | kDefaultNan | kFlushToZero | kRoundingMask | kCumulativeMask;

  std::uint32_t bits = 0;

  Rounding rounding() const { return static_cast<Rounding>((bits & kRoundingMask) >> 22); }
  bool flush_to_zero() const { return (bits & kFlushToZero) != 0; }
  bool default_nan() const { return (bits & kDefaultNan) != 0; }
  bool alternative_half() const { return (bits & kAlternativeHalf) != 0; }
  /// N, Z, C, V in bits 3 to 0.
  std::uint32_t condition() const { return bits >> 28; }
  void set_condition(std::uint32_t nzcv) { bits = (bits & ~kConditionMask) | nzcv << 28; }
  void raise(std::uint32_t flags) { bits |= flags; }
};

}  // namespace mcusim::emulator::fpu
