#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "emulator/cortex_m/cpu_state.h"

// Saturating and parallel arithmetic of the DSP extension (DDI 0403E A2.2.1, A7.7).
namespace mcusim::emulator::cortex_m {

inline std::int32_t low_half(std::uint32_t v) { return static_cast<std::int16_t>(v); }
inline std::int32_t high_half(std::uint32_t v) { return static_cast<std::int32_t>(v) >> 16; }
inline std::int32_t half(std::uint32_t v, bool high) { return high ? high_half(v) : low_half(v); }
inline std::uint32_t swap_halves(std::uint32_t v) { return v << 16 | v >> 16; }
inline std::uint32_t join_halves(std::int32_t low, std::int32_t high) {
  return (static_cast<std::uint32_t>(low) & 0xffff) | static_cast<std::uint32_t>(high) << 16;
}

inline std::int64_t saturate_signed(std::int64_t value, unsigned bits, bool& saturated) {
  const std::int64_t limit = std::int64_t{1} << (bits - 1);
  const std::int64_t result = std::clamp(value, -limit, limit - 1);
  saturated |= result != value;
  return result;
}
inline std::int64_t saturate_unsigned(std::int64_t value, unsigned bits, bool& saturated) {
  const std::int64_t result = std::clamp(value, std::int64_t{0}, (std::int64_t{1} << bits) - 1);
  saturated |= result != value;
  return result;
}

/// With sticky Q.
inline std::uint32_t saturate_signed(CpuState& s, std::int64_t value, unsigned bits) {
  bool saturated = false;
  const std::int64_t result = saturate_signed(value, bits, saturated);
  s.q |= saturated;
  return static_cast<std::uint32_t>(result);
}
inline std::uint32_t saturate_unsigned(CpuState& s, std::int64_t value, unsigned bits) {
  bool saturated = false;
  const std::int64_t result = saturate_unsigned(value, bits, saturated);
  s.q |= saturated;
  return static_cast<std::uint32_t>(result);
}

/// The sum as 32 bits, Q set when it does not fit a signed word.
inline std::uint32_t add_sticky(CpuState& s, std::int64_t sum) {
  s.q |= sum != static_cast<std::int32_t>(sum);
  return static_cast<std::uint32_t>(sum);
}

/// What the parallel instructions do to each lane, by their prefix.
enum class Lane { s, q, sh, u, uq, uh };

/// One lane of 8 or 16 bits; `sum` tells addition from subtraction, `ge` receives the lane's flag.
template <Lane kind, unsigned bits>
std::uint32_t lane(std::int32_t a, std::int32_t b, bool sum, bool& ge) {
  const std::int32_t result = sum ? a + b : a - b;
  bool ignored = false;
  if constexpr (kind == Lane::s) ge = result >= 0;
  if constexpr (kind == Lane::u) ge = sum ? result >= (1 << bits) : result >= 0;
  if constexpr (kind == Lane::q) return static_cast<std::uint32_t>(saturate_signed(result, bits, ignored));
  if constexpr (kind == Lane::uq) return static_cast<std::uint32_t>(saturate_unsigned(result, bits, ignored));
  if constexpr (kind == Lane::sh || kind == Lane::uh) return static_cast<std::uint32_t>(result >> 1);
  return static_cast<std::uint32_t>(result);
}

template <Lane kind>
constexpr bool kSignedLanes = kind == Lane::s || kind == Lane::q || kind == Lane::sh;
template <Lane kind>
constexpr bool kSetsGe = kind == Lane::s || kind == Lane::u;

template <Lane kind, unsigned bits>
std::int32_t lane_operand(std::uint32_t word, unsigned position) {
  const std::uint32_t shifted = word >> position;
  if constexpr (bits == 8)
    return kSignedLanes<kind> ? static_cast<std::int8_t>(shifted) : static_cast<std::uint8_t>(shifted);
  return kSignedLanes<kind> ? static_cast<std::int16_t>(shifted) : static_cast<std::uint16_t>(shifted);
}

/// ADD16, SUB16, and with `cross` ASX (low half subtracts) and SAX (low half adds).
template <Lane kind>
std::uint32_t parallel16(CpuState& s, std::uint32_t n, std::uint32_t m, bool low_adds, bool high_adds,
                         bool cross) {
  if (cross) m = swap_halves(m);
  bool low_ge = false, high_ge = false;
  const std::uint32_t low =
      lane<kind, 16>(lane_operand<kind, 16>(n, 0), lane_operand<kind, 16>(m, 0), low_adds, low_ge);
  const std::uint32_t high =
      lane<kind, 16>(lane_operand<kind, 16>(n, 16), lane_operand<kind, 16>(m, 16), high_adds, high_ge);
  if constexpr (kSetsGe<kind>) s.ge = (low_ge ? 3u : 0) | (high_ge ? 12u : 0);
  return (low & 0xffff) | high << 16;
}

template <Lane kind>
std::uint32_t parallel8(CpuState& s, std::uint32_t n, std::uint32_t m, bool adds) {
  std::uint32_t result = 0, flags = 0;
  for (unsigned i = 0; i < 4; ++i) {
    bool ge = false;
    const std::uint32_t value =
        lane<kind, 8>(lane_operand<kind, 8>(n, i * 8), lane_operand<kind, 8>(m, i * 8), adds, ge);
    result |= (value & 0xff) << (i * 8);
    flags |= static_cast<std::uint32_t>(ge) << i;
  }
  if constexpr (kSetsGe<kind>) s.ge = flags;
  return result;
}

inline std::uint32_t select_bytes(std::uint32_t ge, std::uint32_t n, std::uint32_t m) {
  const std::uint32_t mask =
      (ge & 1) * 0xffu | (ge >> 1 & 1) * 0xff00u | (ge >> 2 & 1) * 0xff0000u | (ge >> 3 & 1) * 0xff000000u;
  return (n & mask) | (m & ~mask);
}

inline std::uint32_t absolute_differences(std::uint32_t n, std::uint32_t m) {
  std::uint32_t sum = 0;
  for (unsigned i = 0; i < 32; i += 8) {
    sum += static_cast<std::uint32_t>(
        std::abs(static_cast<int>(n >> i & 0xff) - static_cast<int>(m >> i & 0xff)));
  }
  return sum;
}

/// SXTB16 and UXTB16 of an already rotated word.
inline std::uint32_t sign_extend_bytes(std::uint32_t v) {
  return join_halves(static_cast<std::int8_t>(v), static_cast<std::int8_t>(v >> 16));
}
inline std::uint32_t zero_extend_bytes(std::uint32_t v) { return v & 0x00ff00ffu; }
inline std::uint32_t add_halves(std::uint32_t a, std::uint32_t b) {
  return ((a + b) & 0xffff) | ((a & 0xffff0000u) + (b & 0xffff0000u));
}

inline std::int64_t product(std::int32_t a, std::int32_t b) { return std::int64_t{a} * b; }
/// The two products of SMUAD and its family, the second operand's halves exchanged when `exchange`.
inline std::int64_t dual_sum(std::uint32_t n, std::uint32_t m, bool exchange) {
  if (exchange) m = swap_halves(m);
  return product(low_half(n), low_half(m)) + product(high_half(n), high_half(m));
}
inline std::int64_t dual_difference(std::uint32_t n, std::uint32_t m, bool exchange) {
  if (exchange) m = swap_halves(m);
  return product(low_half(n), low_half(m)) - product(high_half(n), high_half(m));
}

}  // namespace mcusim::emulator::cortex_m
