#pragma once

#include <bit>
#include <cfloat>
#include <type_traits>

#include "emulator/cortex_m/fpu/format.h"
#include "emulator/cortex_m/fpu/fpscr.h"

#ifdef __FAST_MATH__
#error "the fast paths need IEEE 754 arithmetic: build without -ffast-math"
#endif

/// What lets host arithmetic stand in for the target's: which operands, results and modes are harmless.
/// The host must be in its default mode (round to nearest, denormals kept), which mcusim never leaves.
namespace mcusim::emulator::fpu {

static_assert(FLT_EVAL_METHOD == 0, "host arithmetic must round to the operands' own format (SSE2, AArch64)");

template <typename Format>
using Host = std::conditional_t<std::is_same_v<Format, Single>, float, double>;

template <typename Format>
Host<Format> to_host(typename Format::Bits bits) {
  return std::bit_cast<Host<Format>>(bits);
}
template <typename Format>
typename Format::Bits from_host(Host<Format> value) {
  return std::bit_cast<typename Format::Bits>(value);
}

/// To nearest, denormals kept and the inexact flag already set: a result that is neither tiny nor overflowed
/// changes nothing in the FPSCR.
inline bool inexact_is_moot(const Fpscr& fpscr) {
  return (fpscr.bits & (Fpscr::kRoundingMask | Fpscr::kFlushToZero | Fpscr::kInexact)) == Fpscr::kInexact;
}

template <typename Format>
bool is_zero(typename Format::Bits bits) {
  return static_cast<typename Format::Bits>(bits << 1) == 0;
}

/// Whether a rounded result is so far from both ends that it neither overflowed nor was tiny before rounding.
/// The lowest normal exponent is left out because a tiny value can round up to it.
template <typename Format>
bool is_clearly_normal(typename Format::Bits result) {
  using Bits = typename Format::Bits;
  constexpr int kShift = Format::kFractionBits + 1;
  return static_cast<Bits>((result << 1) - (Bits{2} << kShift)) < Bits{Format::kMaxExponentField - 2}
                                                                      << kShift;
}

template <typename Format>
bool is_normal(typename Format::Bits bits) {
  using Bits = typename Format::Bits;
  constexpr int kShift = Format::kFractionBits + 1;
  return static_cast<Bits>((bits << 1) - (Bits{1} << kShift)) < Bits{Format::kMaxExponentField - 1} << kShift;
}

template <typename Format>
bool is_finite(typename Format::Bits bits) {
  return (bits & Format::kInfinity) != Format::kInfinity;
}

/// The product of two singles is exact in double precision. Rounding product + addend to double and then to
/// single is wrong only where the double lies exactly half-way between two singles without being exact
/// itself.
inline bool is_half_way_between_singles(double value) {
  constexpr std::uint64_t kDroppedMask =
      (std::uint64_t{1} << (Double::kFractionBits - Single::kFractionBits)) - 1;
  constexpr std::uint64_t kHalfWay = (kDroppedMask + 1) / 2;
  return (std::bit_cast<std::uint64_t>(value) & kDroppedMask) == kHalfWay;
}

}  // namespace mcusim::emulator::fpu
