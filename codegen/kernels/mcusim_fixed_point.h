/* Fixed-point arithmetic with the roundings of TensorFlow Lite's reference kernels (gemmlowp's
 * SaturatingRoundingDoublingHighMul and RoundingDivideByPOT). Right shifts of negative numbers must be
 * arithmetic, as they are with every compiler for the targets. */
#ifndef MCUSIM_FIXED_POINT_H
#define MCUSIM_FIXED_POINT_H

#include <stdint.h>

/* round(a * b / 2^31), ties towards plus infinity. Not for a == b == INT32_MIN, whose result does not fit. */
static inline int32_t mcusim_high_mul(int32_t a, int32_t b) {
  return (int32_t)(((int64_t)a * b + ((int64_t)1 << 30)) >> 31);
}

/* round(x / 2^exponent), ties away from zero; exponent 0 to 31. */
static inline int32_t mcusim_rounding_shift_right(int32_t x, int exponent) {
  const int32_t mask = (int32_t)(((uint32_t)1 << exponent) - 1);
  const int32_t threshold = (mask >> 1) + (x < 0);
  return (x >> exponent) + ((x & mask) > threshold);
}

/* x * multiplier * 2^(shift - 31), rounded twice as the reference does; a left shift comes first. */
static inline int32_t mcusim_scale(int32_t x, int32_t multiplier, int shift) {
  if (shift > 0) return mcusim_high_mul((int32_t)((uint32_t)x << shift), multiplier);
  return mcusim_rounding_shift_right(mcusim_high_mul(x, multiplier), -shift);
}

static inline int32_t mcusim_clamp(int32_t x, int32_t min, int32_t max) {
  if (x < min) return min;
  return x > max ? max : x;
}

#endif
