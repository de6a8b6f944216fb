#pragma once

#include <bit>
#include <cstdint>

#include "emulator/cortex_m/cpu_state.h"

// Integer arithmetic of the manual's pseudocode (DDI 0403E A2.2) on the core's flags.
namespace mcusim::emulator::cortex_m {

inline std::uint32_t add_flags(CpuState& s, std::uint32_t a, std::uint32_t b) {
  const std::uint32_t result = a + b;
  s.set_nz(result);
  s.c = result < a;
  s.v = ((a ^ result) & (b ^ result)) >> 31;
  return result;
}

inline std::uint32_t sub_flags(CpuState& s, std::uint32_t a, std::uint32_t b) {
  const std::uint32_t result = a - b;
  s.set_nz(result);
  s.c = a >= b;
  s.v = ((a ^ b) & (a ^ result)) >> 31;
  return result;
}

/// AddWithCarry; subtraction passes ~b.
inline std::uint32_t add_carry_flags(CpuState& s, std::uint32_t a, std::uint32_t b) {
  const std::uint64_t sum = std::uint64_t{a} + b + s.c;
  const auto result = static_cast<std::uint32_t>(sum);
  s.set_nz(result);
  s.c = static_cast<std::uint32_t>(sum >> 32);
  s.v = ((a ^ result) & (b ^ result)) >> 31;
  return result;
}

struct Shifted {
  std::uint32_t value;
  std::uint32_t carry;
};

/// Shift_C by an amount that is at least 1. Types: 0 LSL, 1 LSR, 2 ASR, 3 ROR, 4 RRX.
inline Shifted shift_carry(std::uint32_t value, unsigned type, std::uint32_t amount, std::uint32_t carry) {
  switch (type) {
    case 0:
      if (amount > 32) return {0, 0};
      return {static_cast<std::uint32_t>(std::uint64_t{value} << amount), value >> (32 - amount) & 1};
    case 1:
      if (amount > 32) return {0, 0};
      return {static_cast<std::uint32_t>(std::uint64_t{value} >> amount), value >> (amount - 1) & 1};
    case 2: {
      const std::uint32_t n = amount > 32 ? 32 : amount;
      const std::int64_t wide = static_cast<std::int32_t>(value);
      return {static_cast<std::uint32_t>(wide >> n), static_cast<std::uint32_t>(wide >> (n - 1)) & 1};
    }
    case 3: {
      const std::uint32_t result = std::rotr(value, static_cast<int>(amount & 31));
      return {result, result >> 31};
    }
    default:
      return {carry << 31 | value >> 1, value & 1};
  }
}

inline std::uint32_t shift_value(std::uint32_t value, unsigned type, std::uint32_t amount,
                                 std::uint32_t carry) {
  return shift_carry(value, type, amount, carry).value;
}

/// Shift by the low byte of a register: an amount of 0 changes neither value nor carry.
inline std::uint32_t shift_by_register(std::uint32_t value, unsigned type, std::uint32_t amount) {
  return (amount & 0xff) == 0 ? value : shift_carry(value, type, amount & 0xff, 0).value;
}
inline std::uint32_t shift_by_register_flags(CpuState& s, std::uint32_t value, unsigned type,
                                             std::uint32_t amount) {
  if ((amount & 0xff) != 0) {
    const Shifted shifted = shift_carry(value, type, amount & 0xff, s.c);
    value = shifted.value;
    s.c = shifted.carry;
  }
  s.set_nz(value);
  return value;
}

inline std::uint32_t reverse_bits(std::uint32_t v) {
  v = (v >> 1 & 0x55555555u) | (v & 0x55555555u) << 1;
  v = (v >> 2 & 0x33333333u) | (v & 0x33333333u) << 2;
  v = (v >> 4 & 0x0f0f0f0fu) | (v & 0x0f0f0f0fu) << 4;
  return __builtin_bswap32(v);
}

inline std::uint32_t reverse_halves(std::uint32_t v) {
  return (v & 0x00ff00ffu) << 8 | (v >> 8 & 0x00ff00ffu);
}

inline std::uint32_t low_mask(unsigned bits) { return bits >= 32 ? ~0u : (1u << bits) - 1; }

/// SDIV: the one overflow, INT_MIN / -1, gives INT_MIN; division by zero gives 0 where it does not trap.
inline std::uint32_t signed_divide(std::uint32_t a, std::uint32_t b) {
  if (b == 0) return 0;
  return static_cast<std::uint32_t>(static_cast<std::int64_t>(static_cast<std::int32_t>(a)) /
                                    static_cast<std::int32_t>(b));
}

}  // namespace mcusim::emulator::cortex_m
