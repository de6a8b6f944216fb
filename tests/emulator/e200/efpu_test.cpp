#include "emulator/e200/efpu.h"

#include <gtest/gtest.h>

#include <bit>

// Edge cases by hand, after the SPE PEM's descriptions of efs* in the default mode and the EFP2 PEM.
namespace mcusim::emulator::e200::efpu {
namespace {

constexpr std::uint32_t kInfinity = 0x7f800000, kNan = 0x7fc00000, kDenormal = 0x00000001,
                        kSmallest = 0x00800000;
std::uint32_t bits(float x) { return std::bit_cast<std::uint32_t>(x); }

TEST(Efpu, OverflowGivesTheLargestNumberOfItsSign) {
  std::uint32_t scr = 0;
  EXPECT_EQ(add(kLargest, kLargest, scr), kLargest);
  EXPECT_EQ(scr, kOverflow | kOverflowSticky | kInexactSticky);
  EXPECT_EQ(multiply(kLargest, bits(-2.0f), scr), kSign | kLargest);
  EXPECT_EQ(divide(kLargest, bits(0.5f), scr), kLargest);
}

TEST(Efpu, AResultThatIsTooSmallIsZero) {
  std::uint32_t scr = 0;
  EXPECT_EQ(multiply(kSmallest, bits(-0.5f), scr), kSign);
  EXPECT_EQ(scr, kUnderflow | kUnderflowSticky | kInexactSticky);
  scr = 0;
  EXPECT_EQ(subtract(kSmallest | 1, kSmallest, scr), 0u) << "a sum has no sign of its own";
  scr = down;
  EXPECT_EQ(subtract(kSmallest | 1, kSmallest, scr), kSign);
}

TEST(Efpu, DenormalOperandsCountAsZeroAndAreInvalid) {
  std::uint32_t scr = 0;
  EXPECT_EQ(add(kDenormal, bits(1.0f), scr), bits(1.0f));
  EXPECT_EQ(scr, kInvalid | kInvalidSticky);
  EXPECT_EQ(multiply(kDenormal | kSign, bits(3.0f), scr), kSign);
  EXPECT_EQ(divide(bits(1.0f), kDenormal, scr), kLargest);
}

TEST(Efpu, NansAndInfinitiesGiveTheLargestNumberOfTheirSign) {
  std::uint32_t scr = 0;
  EXPECT_EQ(add(kNan | kSign, bits(1.0f), scr), kSign | kLargest);
  EXPECT_EQ(add(bits(1.0f), kInfinity, scr), kLargest);
  EXPECT_EQ(subtract(bits(1.0f), kInfinity, scr), kSign | kLargest);
  EXPECT_EQ(multiply(kInfinity, bits(-1.0f), scr), kSign | kLargest);
  EXPECT_EQ(multiply(kInfinity, 0, scr), 0u);
  EXPECT_EQ(divide(bits(-1.0f), kInfinity, scr), kSign);
  EXPECT_NE(scr & kInvalidSticky, 0u);
}

TEST(Efpu, DivisionByZeroHasAFlagOfItsOwn) {
  std::uint32_t scr = 0;
  EXPECT_EQ(divide(bits(-1.0f), 0, scr), kSign | kLargest);
  EXPECT_EQ(scr, kDivide | kDivideSticky);
  EXPECT_EQ(divide(0, 0, scr), kLargest);
  EXPECT_EQ(scr, kInvalid | kInvalidSticky | kDivideSticky) << "0 / 0 is invalid; the old flag sticks";
}

TEST(Efpu, RoundsInAllFourDirections) {
  // 1 + 2^-24 lies half-way between 1 and the next number.
  const std::uint32_t one = bits(1.0f), half_way = bits(0x1p-24f), next = one + 1;
  std::uint32_t scr = to_nearest;
  EXPECT_EQ(add(one, half_way, scr), one);
  EXPECT_EQ(scr & (kGuard | kRest | kInexactSticky), kGuard | kInexactSticky);
  EXPECT_EQ(add(next, half_way, scr), next + 1) << "ties to even";
  scr = to_zero;
  EXPECT_EQ(add(next, half_way, scr), next);
  scr = up;
  EXPECT_EQ(add(one, half_way, scr), next);
  EXPECT_EQ(subtract(bits(-1.0f), half_way, scr), bits(-1.0f));
  scr = down;
  EXPECT_EQ(add(one, half_way, scr), one);
  EXPECT_EQ(subtract(bits(-1.0f), half_way, scr), next | kSign);
}

TEST(Efpu, BitsFarBelowStillCount) {
  const std::uint32_t one = bits(1.0f), tiny = bits(0x1p-100f);
  std::uint32_t scr = up;
  EXPECT_EQ(add(one, tiny, scr), one + 1);
  EXPECT_EQ(scr & (kGuard | kRest), kRest);
  scr = to_zero;
  EXPECT_EQ(subtract(one, tiny, scr), one - 1);
  scr = to_nearest;
  EXPECT_EQ(subtract(one, tiny, scr), one);
}

TEST(Efpu, MultiplyAddRoundsOnce) {
  // (1 + 2^-12)^2 = 1 + 2^-11 + 2^-24: rounded first, the last term would be lost.
  const std::uint32_t x = bits(1.0f + 0x1p-12f);
  std::uint32_t scr = 0;
  EXPECT_EQ(multiply_add(x, x, bits(-1.0f - 0x1p-11f), scr), bits(0x1p-24f));
  EXPECT_EQ(scr, 0u) << "exact";
  EXPECT_EQ(multiply_add(0, x, kDenormal, scr), 0u);
  EXPECT_EQ(multiply_add(x, kInfinity, bits(-1.0f), scr), kLargest);
}

TEST(Efpu, ComparesNansAsTheirBitsStand) {
  EXPECT_GT(ordinal(kNan), ordinal(kInfinity));
  EXPECT_EQ(ordinal(0), ordinal(kSign));
  EXPECT_LT(ordinal(bits(-2.0f)), ordinal(bits(-1.0f)));
  std::uint32_t scr = 0;
  EXPECT_EQ(maximum(kSign, 0, scr), 0u);
  EXPECT_EQ(minimum(0, kSign, scr), kSign);
}

TEST(Efpu, ConversionsSaturate) {
  std::uint32_t scr = 0;
  EXPECT_EQ(to_signed(bits(3e9f), 0, true, scr), 0x7fffffffu);
  EXPECT_EQ(scr & kInvalid, kInvalid);
  EXPECT_EQ(to_signed(bits(-3e9f), 0, true, scr), 0x80000000u);
  EXPECT_EQ(to_unsigned(bits(-1.0f), 0, true, scr), 0u);
  EXPECT_EQ(to_unsigned(bits(5e9f), 0, false, scr), 0xffffffffu);
  EXPECT_EQ(to_signed(kNan, 0, true, scr), 0u);
  EXPECT_EQ(to_signed(bits(2.5f), 0, false, scr), 2u);
  EXPECT_EQ(to_signed(bits(-3.5f), 0, false, scr), 0xfffffffcu);
  EXPECT_EQ(to_signed(bits(-3.5f), 0, true, scr), 0xfffffffdu);
  EXPECT_EQ(to_signed(bits(0.5f), 31, true, scr), 0x40000000u);
  EXPECT_EQ(to_unsigned(bits(0.5f), 32, true, scr), 0x80000000u);
  EXPECT_EQ(from_integer(16777217, scr), bits(16777216.0f));
}

TEST(Efpu, HalfPrecisionRoundsAndSaturates) {
  std::uint32_t scr = 0;
  EXPECT_EQ(from_half(0x3c00, scr), bits(1.0f));
  EXPECT_EQ(from_half(0x7c00, scr), kLargest);
  EXPECT_EQ(from_half(0x8001, scr), kSign);
  EXPECT_EQ(to_half(bits(1.0f), scr), 0x3c00u);
  EXPECT_EQ(to_half(bits(-65536.0f), scr), 0xfbffu);
  EXPECT_EQ(to_half(bits(1.0f + 0x1p-11f), scr), 0x3c00u) << "a tie";
}

TEST(Efpu, SquareRoots) {
  std::uint32_t scr = 0;
  EXPECT_EQ(square_root(bits(2.25f), scr), bits(1.5f));
  EXPECT_EQ(scr, 0u);
  EXPECT_EQ(square_root(bits(-1.0f), scr), kSign);
  EXPECT_EQ(scr, kInvalid | kInvalidSticky);
}

}  // namespace
}  // namespace mcusim::emulator::e200::efpu
