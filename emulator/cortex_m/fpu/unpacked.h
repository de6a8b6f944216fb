#pragma once

#include <bit>
#include <cstdint>

#include "emulator/cortex_m/fpu/format.h"
#include "emulator/cortex_m/fpu/fpscr.h"

/// The steps that every operation shares: take an operand apart, choose a NaN, round and put together.
/// Names in parentheses are the functions of the architecture's pseudocode.
namespace mcusim::emulator::fpu {

__extension__ using Uint128 = unsigned __int128;

enum class Kind : std::uint8_t { zero, finite, infinity, quiet_nan, signalling_nan };

/// A finite value is significand * 2^(exponent - 63), with bit 63 of the significand set.
struct Unpacked {
  Kind kind = Kind::zero;
  bool negative = false;
  int exponent = 0;
  std::uint64_t significand = 0;

  bool is_nan() const { return kind >= Kind::quiet_nan; }
  bool is_zero() const { return kind == Kind::zero; }
  bool is_infinity() const { return kind == Kind::infinity; }
};

/// Shifts right; a one that falls out stays visible as a set lowest bit, which is all rounding needs to know.
template <typename Word>
constexpr Word shift_right_sticky(Word value, int count) {
  constexpr int kWidth = static_cast<int>(sizeof(Word) * 8);
  if (count == 0) return value;
  if (count >= kWidth) return value != 0 ? 1 : 0;
  const Word lost = value << (kWidth - count);
  return value >> count | static_cast<Word>(lost != 0 ? 1 : 0);
}

/// Puts the leading one of a non-zero value at bit 63; `exponent` is the power of two that bit 63 stood for.
inline Unpacked normalised(bool negative, int exponent, std::uint64_t significand) {
  const int shift = std::countl_zero(significand);
  return {Kind::finite, negative, exponent - shift, significand << shift};
}

/// (FPUnpack) Half-precision denormals are never flushed. The alternative half format is not handled here.
template <typename Format>
Unpacked unpack(typename Format::Bits bits, Fpscr& fpscr) {
  const bool negative = (bits & Format::kSignBit) != 0;
  const int exponent_field = static_cast<int>((bits >> Format::kFractionBits) & Format::kMaxExponentField);
  const std::uint64_t fraction = bits & Format::kFractionMask;
  constexpr int kUnused = 63 - Format::kFractionBits;
  if (exponent_field == 0) {
    if (fraction == 0) return {Kind::zero, negative};
    if (sizeof(bits) > 2 && fpscr.flush_to_zero()) {
      fpscr.raise(Fpscr::kInputDenormal);
      return {Kind::zero, negative};
    }
    return normalised(negative, 1 - Format::kBias, fraction << kUnused);
  }
  if (exponent_field == Format::kMaxExponentField) {
    if (fraction == 0) return {Kind::infinity, negative};
    return {(fraction & Format::kQuietBit) != 0 ? Kind::quiet_nan : Kind::signalling_nan, negative};
  }
  return {Kind::finite, negative, exponent_field - Format::kBias,
          std::uint64_t{1} << 63 | fraction << kUnused};
}

template <typename Format>
constexpr typename Format::Bits signed_bits(bool negative, typename Format::Bits magnitude) {
  return negative ? magnitude | Format::kSignBit : magnitude;
}

template <typename Format>
typename Format::Bits invalid_operation(Fpscr& fpscr) {
  fpscr.raise(Fpscr::kInvalid);
  return Format::kDefaultNan;
}

/// (FPProcessNaN) For an operand that is a NaN.
template <typename Format>
typename Format::Bits process_nan(Kind kind, typename Format::Bits bits, Fpscr& fpscr) {
  if (kind == Kind::signalling_nan) fpscr.raise(Fpscr::kInvalid);
  return fpscr.default_nan() ? Format::kDefaultNan : bits | Format::kQuietBit;
}

/// (FPProcessNaNs) At least one operand is a NaN: signalling ones first, then in operand order.
template <typename Format>
typename Format::Bits process_nans(Kind kind_a, typename Format::Bits a, Kind kind_b, typename Format::Bits b,
                                   Fpscr& fpscr) {
  const bool take_b =
      kind_a != Kind::signalling_nan && (kind_b == Kind::signalling_nan || kind_a < Kind::quiet_nan);
  return take_b ? process_nan<Format>(kind_b, b, fpscr) : process_nan<Format>(kind_a, a, fpscr);
}

/// Whether to add one to a truncated magnitude that is `odd` in its lowest place. `rest` is what was cut off,
/// left-aligned: bit 63 stands for half of the lowest place.
inline bool rounds_up(Rounding rounding, bool negative, bool odd, std::uint64_t rest) {
  constexpr std::uint64_t kHalfPlace = std::uint64_t{1} << 63;
  switch (rounding) {
    case Rounding::nearest_even:
      return rest > kHalfPlace || (rest == kHalfPlace && odd);
    case Rounding::nearest_away:
      return rest >= kHalfPlace;
    case Rounding::toward_plus:
      return rest != 0 && !negative;
    case Rounding::toward_minus:
      return rest != 0 && negative;
    case Rounding::toward_zero:
      return false;
  }
  return false;
}

/// The result of an overflow depends on the direction of rounding.
inline bool overflows_to_infinity(Rounding rounding, bool negative) {
  switch (rounding) {
    case Rounding::toward_plus:
      return !negative;
    case Rounding::toward_minus:
      return negative;
    case Rounding::toward_zero:
      return false;
    default:
      return true;
  }
}

/// (FPRound) Packs a finite, non-zero value. The lowest bit of the significand may be sticky.
/// Alternative half precision has no infinity: it saturates and calls that invalid.
template <typename Format, bool kAlternativeHalf = false>
typename Format::Bits round_and_pack(const Unpacked& value, Rounding rounding, Fpscr& fpscr) {
  using Bits = typename Format::Bits;
  constexpr int kDropped = 63 - Format::kFractionBits;
  constexpr int kTopField = Format::kMaxExponentField + (kAlternativeHalf ? 1 : 0);
  const bool negative = value.negative;
  int field = value.exponent + Format::kBias;
  std::uint64_t significand = value.significand;
  const bool tiny = field < 1;
  if (tiny) {
    if (sizeof(Bits) > 2 && fpscr.flush_to_zero()) {
      fpscr.raise(Fpscr::kUnderflow);
      return signed_bits<Format>(negative, 0);
    }
    significand = shift_right_sticky(significand, 1 - field);
    field = 1;  // the missing leading one makes the exponent field 0 below
  }
  const std::uint64_t rest = significand << (64 - kDropped);
  if (tiny && rest != 0) fpscr.raise(Fpscr::kUnderflow);
  std::uint64_t kept = significand >> kDropped;
  if (rounds_up(rounding, negative, (kept & 1) != 0, rest)) ++kept;
  // A carry out of the fraction lands in the exponent field, which is where it belongs.
  const std::uint64_t packed =
      field < kTopField ? (static_cast<std::uint64_t>(field - 1) << Format::kFractionBits) + kept : 0;
  if (field >= kTopField || static_cast<int>(packed >> Format::kFractionBits) >= kTopField) {
    if (kAlternativeHalf) {
      fpscr.raise(Fpscr::kInvalid);
      return signed_bits<Format>(negative, static_cast<Bits>(~Format::kSignBit));
    }
    fpscr.raise(Fpscr::kOverflow | Fpscr::kInexact);
    return signed_bits<Format>(
        negative, overflows_to_infinity(rounding, negative) ? Format::kInfinity : Format::kInfinity - 1);
  }
  if (rest != 0) fpscr.raise(Fpscr::kInexact);
  return signed_bits<Format>(negative, static_cast<Bits>(packed));
}

template <typename Format>
typename Format::Bits round_and_pack(const Unpacked& value, Fpscr& fpscr) {
  return round_and_pack<Format>(value, fpscr.rounding(), fpscr);
}

}  // namespace mcusim::emulator::fpu
