#include <gtest/gtest.h>

#include "emulator/cortex_m/fpu/fpu.h"

/// Single rules of the architecture, worked out by hand from the pseudocode of DDI 0403 (A2.5 and the
/// instruction pages), so that they hold without any other implementation.
namespace mcusim::emulator::fpu::testing {
namespace {

constexpr std::uint32_t kOne = 0x3f800000;
constexpr std::uint32_t kMinusOne = 0xbf800000;
constexpr std::uint32_t kTwo = 0x40000000;
constexpr std::uint32_t kInfinity = 0x7f800000;
constexpr std::uint32_t kSmallestNormal = 0x00800000;
constexpr std::uint32_t kLargest = 0x7f7fffff;
constexpr std::uint32_t kQuietA = 0x7fc0000a;
constexpr std::uint32_t kQuietB = 0xffc0000b;
constexpr std::uint32_t kSignallingA = 0x7f80000a;
constexpr std::uint32_t kSignallingB = 0xff80000b;

constexpr std::uint32_t rmode(Rounding rounding) { return static_cast<std::uint32_t>(rounding) << 22; }

TEST(FpuNan, signalling_operand_beats_an_earlier_quiet_one) {
  Fpscr fpscr;
  EXPECT_EQ(add<Single>(kQuietA, kSignallingB, fpscr), kSignallingB | Single::kQuietBit);
  EXPECT_EQ(fpscr.bits, Fpscr::kInvalid);
}

TEST(FpuNan, first_of_two_quiet_operands_is_kept_without_a_flag) {
  Fpscr fpscr;
  EXPECT_EQ(multiply<Single>(kQuietB, kQuietA, fpscr), kQuietB);
  EXPECT_EQ(subtract<Single>(kOne, kQuietB, fpscr), kQuietB);
  EXPECT_EQ(fpscr.bits, 0u);
}

TEST(FpuNan, default_nan_mode_replaces_every_nan_but_still_signals) {
  Fpscr fpscr{Fpscr::kDefaultNan};
  EXPECT_EQ(add<Single>(kQuietB, kOne, fpscr), Single::kDefaultNan);
  EXPECT_EQ(fpscr.bits, Fpscr::kDefaultNan);
  EXPECT_EQ(add<Single>(kSignallingB, kOne, fpscr), Single::kDefaultNan);
  EXPECT_EQ(fpscr.bits, Fpscr::kDefaultNan | Fpscr::kInvalid);
}

TEST(FpuNan, fused_multiply_add_prefers_the_addend) {
  Fpscr fpscr;
  EXPECT_EQ(fused_multiply_add<Single>(kQuietA, kQuietB, kOne, fpscr), kQuietA);
  EXPECT_EQ(fused_multiply_add<Single>(kSignallingA, kSignallingB, kOne, fpscr),
            kSignallingA | Single::kQuietBit);
}

TEST(FpuNan, infinity_times_zero_beats_a_quiet_addend_but_not_a_signalling_one) {
  Fpscr fpscr;
  EXPECT_EQ(fused_multiply_add<Single>(kQuietA, kInfinity, 0, fpscr), Single::kDefaultNan);
  EXPECT_EQ(fpscr.bits, Fpscr::kInvalid);
  EXPECT_EQ(fused_multiply_add<Single>(kSignallingA, kInfinity, 0, fpscr), kSignallingA | Single::kQuietBit);
}

TEST(FpuNan, vmls_negates_the_product_even_when_it_is_nan) {
  Fpscr fpscr;
  EXPECT_EQ(chained_multiply_add<Single>(kOne, kQuietA, kOne, true, fpscr), kQuietA | Single::kSignBit);
}

TEST(FpuNan, maximum_and_minimum_prefer_a_number_to_a_quiet_nan_only) {
  Fpscr fpscr;
  EXPECT_EQ(max_number<Single>(kQuietA, kMinusOne, fpscr), kMinusOne);
  EXPECT_EQ(min_number<Single>(kOne, kQuietA, fpscr), kOne);
  EXPECT_EQ(fpscr.bits, 0u);
  EXPECT_EQ(max_number<Single>(kSignallingA, kOne, fpscr), kSignallingA | Single::kQuietBit);
  EXPECT_EQ(fpscr.bits, Fpscr::kInvalid);
}

TEST(FpuNan, conversion_keeps_sign_and_upper_payload) {
  Fpscr fpscr;
  EXPECT_EQ((convert<Double, Single>(0xff800003, fpscr)), 0xfff8000060000000u);
  EXPECT_EQ(fpscr.bits, Fpscr::kInvalid);
  EXPECT_EQ((convert<Half, Single>(kQuietB, fpscr)), 0xfe00u);
}

TEST(FpuZero, minimum_orders_minus_zero_below_plus_zero) {
  Fpscr fpscr;
  EXPECT_EQ(max_number<Single>(0x80000000, 0, fpscr), 0u);
  EXPECT_EQ(min_number<Single>(0, 0x80000000, fpscr), 0x80000000u);
}

TEST(FpuZero, exact_cancellation_is_minus_zero_only_towards_minus_infinity) {
  Fpscr down{rmode(Rounding::toward_minus)};
  Fpscr nearest;
  EXPECT_EQ(subtract<Single>(kOne, kOne, down), 0x80000000u);
  EXPECT_EQ(subtract<Single>(kOne, kOne, nearest), 0u);
  EXPECT_EQ(fused_multiply_add<Single>(kMinusOne, kOne, kOne, down), 0x80000000u);
}

TEST(FpuUnderflow, is_detected_before_rounding) {
  // (1 - 2^-24) * 2^-126 is tiny although it rounds to the smallest normal number.
  Fpscr fpscr;
  EXPECT_EQ(multiply<Single>(kSmallestNormal, 0x3f7fffff, fpscr), kSmallestNormal);
  EXPECT_EQ(fpscr.bits, Fpscr::kUnderflow | Fpscr::kInexact);
}

TEST(FpuUnderflow, exact_denormal_results_do_not_underflow) {
  Fpscr fpscr;
  EXPECT_EQ(multiply<Single>(kSmallestNormal, 0x3f000000, fpscr), 0x00400000u);
  EXPECT_EQ(fpscr.bits, 0u);
}

TEST(FpuFlushToZero, tiny_result_sets_underflow_and_not_inexact) {
  for (const std::uint32_t inexact : {0u, Fpscr::kInexact}) {
    Fpscr fpscr{Fpscr::kFlushToZero | inexact};
    EXPECT_EQ(multiply<Single>(kSmallestNormal, 0xbf7fffff, fpscr), 0x80000000u);
    EXPECT_EQ(fpscr.bits, Fpscr::kFlushToZero | Fpscr::kUnderflow | inexact);
  }
}

TEST(FpuFlushToZero, denormal_operand_counts_as_zero_and_sets_input_denormal) {
  Fpscr fpscr{Fpscr::kFlushToZero};
  EXPECT_EQ(add<Single>(kSmallestNormal, 1, fpscr), kSmallestNormal);
  EXPECT_EQ(fpscr.bits, Fpscr::kFlushToZero | Fpscr::kInputDenormal);
  EXPECT_EQ(divide<Single>(kOne, 0x80000001, fpscr), kInfinity | Single::kSignBit);
  EXPECT_EQ(fpscr.bits, Fpscr::kFlushToZero | Fpscr::kInputDenormal | Fpscr::kDivideByZero);
}

TEST(FpuFlushToZero, does_not_touch_half_precision) {
  Fpscr fpscr{Fpscr::kFlushToZero};
  EXPECT_EQ((convert<Single, Half>(0x0001, fpscr)), 0x33800000u);
  EXPECT_EQ((convert<Half, Single>(0x33800000, fpscr)), 0x0001u);
  EXPECT_EQ(fpscr.bits, Fpscr::kFlushToZero);
}

TEST(FpuOverflow, gives_infinity_or_the_largest_number_by_direction) {
  Fpscr nearest;
  EXPECT_EQ(multiply<Single>(kLargest, kTwo, nearest), kInfinity);
  EXPECT_EQ(nearest.bits, Fpscr::kOverflow | Fpscr::kInexact);
  Fpscr zero{rmode(Rounding::toward_zero)};
  EXPECT_EQ(multiply<Single>(kLargest, kTwo, zero), kLargest);
  Fpscr up{rmode(Rounding::toward_plus)};
  EXPECT_EQ(multiply<Single>(kLargest | Single::kSignBit, kTwo, up), kLargest | Single::kSignBit);
}

TEST(FpuAlternativeHalf, saturates_with_invalid_instead_of_infinity) {
  Fpscr fpscr{Fpscr::kAlternativeHalf};
  EXPECT_EQ((convert<Half, Single>(0xc8000000, fpscr)), 0xffffu);  // -2^17
  EXPECT_EQ(fpscr.bits, Fpscr::kAlternativeHalf | Fpscr::kInvalid);
  EXPECT_EQ((convert<Single, Half>(0x7fff, fpscr)), 0x47ffe000u);  // 131008
}

TEST(FpuToInteger, saturates_with_invalid_alone) {
  Fpscr fpscr;
  EXPECT_EQ(to_integer<Single>(0x4f000000, true, Rounding::toward_zero, fpscr), 0x7fffffffu);
  EXPECT_EQ(to_integer<Single>(kMinusOne, false, Rounding::toward_zero, fpscr), 0u);
  EXPECT_EQ(to_integer<Single>(kQuietA, true, Rounding::toward_zero, fpscr), 0u);
  EXPECT_EQ(fpscr.bits, Fpscr::kInvalid);
}

TEST(FpuToInteger, small_negative_to_unsigned_is_inexact_zero) {
  Fpscr fpscr;
  EXPECT_EQ(to_integer<Single>(0xbf000000, false, Rounding::toward_zero, fpscr), 0u);
  EXPECT_EQ(fpscr.bits, Fpscr::kInexact);
}

TEST(FpuToInteger, rounds_halves_as_each_mode_says) {
  Fpscr fpscr;
  const std::uint32_t two_and_half = 0x40200000;
  EXPECT_EQ(to_integer<Single>(two_and_half, true, Rounding::nearest_even, fpscr), 2u);
  EXPECT_EQ(to_integer<Single>(two_and_half, true, Rounding::nearest_away, fpscr), 3u);
  EXPECT_EQ(to_integer<Single>(two_and_half, true, Rounding::toward_plus, fpscr), 3u);
  EXPECT_EQ(to_integer<Single>(two_and_half, true, Rounding::toward_minus, fpscr), 2u);
}

// VCVT between floating-point and fixed-point: towards zero one way, to nearest the other, whatever RMode is.
// Unicorn 2.0.1 obeys RMode in the second, against the architecture.
TEST(FpuFixedPoint, ignores_the_rounding_mode) {
  for (const Rounding rounding : {Rounding::nearest_even, Rounding::toward_plus, Rounding::toward_minus}) {
    Fpscr fpscr{rmode(rounding)};
    EXPECT_EQ(from_fixed<Single>(0x01000001, {32, 1, false}, fpscr), 0x4b000000u);
    EXPECT_EQ(to_fixed<Single>(0x3fc00000, {16, 0, true}, fpscr), 1u);
    EXPECT_EQ(fpscr.bits, rmode(rounding) | Fpscr::kInexact);
  }
}

TEST(FpuFixedPoint, results_are_extended_from_their_width) {
  Fpscr fpscr;
  EXPECT_EQ(to_fixed<Double>(0xbff0000000000000, {16, 4, true}, fpscr), 0xfffffffffffffff0u);
  EXPECT_EQ(to_fixed<Double>(0x40f0000000000000, {16, 0, false}, fpscr), 0xffffu);
}

TEST(FpuRoundToIntegral, only_vrintx_signals_and_the_sign_of_zero_stays) {
  Fpscr fpscr;
  EXPECT_EQ(round_to_integral<Single>(0xbe800000, Rounding::toward_zero, false, fpscr), 0x80000000u);
  EXPECT_EQ(fpscr.bits, 0u);
  EXPECT_EQ(round_to_integral<Single>(0xbe800000, Rounding::toward_zero, true, fpscr), 0x80000000u);
  EXPECT_EQ(fpscr.bits, Fpscr::kInexact);
}

TEST(FpuCompare, quiet_nan_signals_in_vcmpe_only) {
  Fpscr fpscr;
  compare<Single>(kQuietA, kOne, false, fpscr);
  EXPECT_EQ(fpscr.condition(), Fpscr::kUnordered);
  EXPECT_EQ(fpscr.bits & Fpscr::kInvalid, 0u);
  compare<Single>(kQuietA, kOne, true, fpscr);
  EXPECT_NE(fpscr.bits & Fpscr::kInvalid, 0u);
}

TEST(FpuCompare, zeros_are_equal_and_flushed_denormals_are_zeros) {
  Fpscr fpscr;
  compare<Single>(0x80000000, 0, false, fpscr);
  EXPECT_EQ(fpscr.condition(), Fpscr::kEqual);
  compare<Single>(1, 0, false, fpscr);
  EXPECT_EQ(fpscr.condition(), Fpscr::kGreater);
  fpscr.bits = Fpscr::kFlushToZero;
  compare<Single>(1, 0, false, fpscr);
  EXPECT_EQ(fpscr.condition(), Fpscr::kEqual);
  EXPECT_NE(fpscr.bits & Fpscr::kInputDenormal, 0u);
}

}  // namespace
}  // namespace mcusim::emulator::fpu::testing
