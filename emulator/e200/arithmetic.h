#pragma once

#include <bit>
#include <cstdint>

namespace mcusim::emulator::e200 {

struct SumResult {
  std::uint32_t value;
  bool carry, overflow;
};

/// a + b + carry; carry and overflow as XER has them. Subtractions pass ~a.
constexpr SumResult add_with_carry(std::uint32_t a, std::uint32_t b, std::uint32_t carry) {
  const std::uint64_t sum = std::uint64_t{a} + b + carry;
  const auto value = static_cast<std::uint32_t>(sum);
  return {value, (sum >> 32) != 0, ((a ^ value) & (b ^ value)) >> 31 != 0};
}

struct ProductResult {
  std::uint32_t value;
  bool overflow;
};

constexpr ProductResult multiply_low(std::uint32_t a, std::uint32_t b) {
  const std::int64_t product = std::int64_t{static_cast<std::int32_t>(a)} * static_cast<std::int32_t>(b);
  return {static_cast<std::uint32_t>(product), product != static_cast<std::int32_t>(product)};
}

/// Quotients that do not exist are undefined in the architecture; 0 here, with OV.
constexpr ProductResult divide_signed(std::uint32_t a, std::uint32_t b) {
  if (b == 0 || (a == 0x80000000u && b == 0xffffffffu)) return {0, true};
  return {static_cast<std::uint32_t>(static_cast<std::int32_t>(a) / static_cast<std::int32_t>(b)), false};
}
constexpr ProductResult divide_unsigned(std::uint32_t a, std::uint32_t b) {
  return b == 0 ? ProductResult{0, true} : ProductResult{a / b, false};
}

/// Six bits of `amount` count: from 32 on nothing is left.
constexpr std::uint32_t shift_left(std::uint32_t value, std::uint32_t amount) {
  return (amount & 32) != 0 ? 0 : value << (amount & 31);
}
constexpr std::uint32_t shift_right(std::uint32_t value, std::uint32_t amount) {
  return (amount & 32) != 0 ? 0 : value >> (amount & 31);
}

struct ShiftResult {
  std::uint32_t value;
  bool carry;  ///< Negative, and ones were shifted out.
};
constexpr ShiftResult shift_right_algebraic(std::uint32_t value, std::uint32_t amount) {
  const auto number = static_cast<std::int32_t>(value);
  if ((amount & 32) != 0) return {number < 0 ? 0xffffffffu : 0u, number < 0};
  const std::uint32_t lost = value & ((1u << (amount & 31)) - 1);
  return {static_cast<std::uint32_t>(number >> (amount & 31)), number < 0 && lost != 0};
}

constexpr std::uint32_t sign_extend8(std::uint32_t x) {
  return static_cast<std::uint32_t>(static_cast<std::int8_t>(x));
}
constexpr std::uint32_t sign_extend16(std::uint32_t x) {
  return static_cast<std::uint32_t>(static_cast<std::int16_t>(x));
}

template <typename T>
T from_big_endian(T value) {
  static_assert(std::endian::native == std::endian::little);
  if constexpr (sizeof(T) == 4)
    return static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
  else if constexpr (sizeof(T) == 2)
    return static_cast<T>(__builtin_bswap16(static_cast<std::uint16_t>(value)));
  else
    return value;
}

/// What tw traps on.
constexpr bool traps(std::uint32_t conditions, std::uint32_t a, std::uint32_t b) {
  const auto x = static_cast<std::int32_t>(a), y = static_cast<std::int32_t>(b);
  return ((conditions & 16) != 0 && x < y) || ((conditions & 8) != 0 && x > y) ||
         ((conditions & 4) != 0 && a == b) || ((conditions & 2) != 0 && a < b) ||
         ((conditions & 1) != 0 && a > b);
}

}  // namespace mcusim::emulator::e200
