/* Softmax in fixed point, with the approximations and roundings of gemmlowp's fixedpoint.h, which TensorFlow
 * Lite's reference kernel uses. Qm.n below: m integer bits, n fractional bits, and the sign. */
#include "mcusim_fixed_point.h"
#include "mcusim_kernels.h"

/* x * 2^exponent, saturated. */
static int32_t saturating_shift_left(int32_t x, int exponent) {
  const int32_t limit = INT32_MAX >> exponent;
  if (x > limit) return INT32_MAX;
  if (x < -limit - 1) return INT32_MIN;
  return (int32_t)((uint32_t)x << exponent);
}

/* exp(x) in Q0.31 for x in [-1/4, 0) in Q0.31: the Taylor series of degree 4 around -1/8. */
static int32_t exp_near_zero(int32_t x) {
  const int32_t exp_minus_eighth = 1895147668;
  const int32_t third = 715827883;
  const int32_t y = x + (1 << 28); /* x + 1/8 */
  const int32_t y2 = mcusim_high_mul(y, y);
  const int32_t y3 = mcusim_high_mul(y2, y);
  const int32_t y4 = mcusim_high_mul(y2, y2);
  const int32_t y4_over_4 = mcusim_rounding_shift_right(y4, 2);
  const int32_t tail = mcusim_rounding_shift_right(mcusim_high_mul(y4_over_4 + y3, third) + y2, 1);
  return exp_minus_eighth + mcusim_high_mul(exp_minus_eighth, y + tail);
}

/* exp(x) in Q0.31 for x <= 0 in Q5.26: the quarter nearest above by series, then one factor for each set bit
 * of what remains. */
static int32_t exp_of_negative(int32_t x) {
  /* exp(-1/4), exp(-1/2), exp(-1) ... exp(-16) in Q0.31 */
  static const int32_t factors[7] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  const int32_t quarter = 1 << 24;
  if (x == 0) return INT32_MAX;
  const int32_t fraction = (x & (quarter - 1)) - quarter;
  const int32_t remainder = fraction - x;
  int32_t result = exp_near_zero(saturating_shift_left(fraction, 5));
  for (int i = 0; i < 7; ++i) {
    if (remainder & (quarter << i)) result = mcusim_high_mul(result, factors[i]);
  }
  return result;
}

/* 1 / (1 + x) in Q0.31 for x in [0, 1) in Q0.31: three Newton-Raphson steps on half the denominator. */
static int32_t reciprocal_of_one_plus(int32_t x) {
  const int32_t forty_eight_17ths = 1515870810;       /* Q2.29 */
  const int32_t minus_thirty_two_17ths = -1010580540; /* Q2.29 */
  const int32_t one = 1 << 29;                        /* Q2.29 */
  const int32_t half_denominator = (int32_t)(((int64_t)x + INT32_MAX + 1) / 2);
  int32_t y = forty_eight_17ths + mcusim_high_mul(half_denominator, minus_thirty_two_17ths);
  for (int step = 0; step < 3; ++step) {
    const int32_t error = one - mcusim_high_mul(half_denominator, y);
    y += saturating_shift_left(mcusim_high_mul(y, error), 2);
  }
  return saturating_shift_left(y, 1); /* y is 2 / (1 + x) in Q2.29: halve it and drop two integer bits */
}

static int leading_zeros(uint32_t x) {
  int count = 0;
  while (!(x & 0x80000000u)) {
    x <<= 1;
    ++count;
  }
  return count;
}

static int32_t exp_of_difference(const mcusim_softmax_s8_params* params, int32_t difference) {
  return exp_of_negative(mcusim_scale(difference, params->multiplier, params->shift));
}

void mcusim_softmax_s8(const mcusim_softmax_s8_params* params, const int8_t* input, int8_t* output) {
  for (int32_t row = 0; row < params->rows; ++row) {
    int32_t largest = INT8_MIN;
    for (int32_t i = 0; i < params->depth; ++i) {
      if (input[i] > largest) largest = input[i];
    }

    int32_t sum = 0; /* Q12.19 */
    for (int32_t i = 0; i < params->depth; ++i) {
      const int32_t difference = input[i] - largest;
      if (difference < params->smallest_difference) continue;
      sum += mcusim_rounding_shift_right(exp_of_difference(params, difference), 12);
    }

    /* sum = 2^(12 - zeros) * (1 + mantissa) */
    const int zeros = leading_zeros((uint32_t)sum);
    const int32_t mantissa = (int32_t)(((uint32_t)sum << zeros) - 0x80000000u);
    const int32_t reciprocal = reciprocal_of_one_plus(mantissa);
    const int exponent = 12 - zeros + 31 - 8;

    for (int32_t i = 0; i < params->depth; ++i) {
      const int32_t difference = input[i] - largest;
      int32_t result = INT8_MIN;
      /* Beyond a sum of 512 each share is below half a step. */
      if (difference >= params->smallest_difference && exponent <= 31) {
        const int32_t product = mcusim_high_mul(reciprocal, exp_of_difference(params, difference));
        result = mcusim_clamp(mcusim_rounding_shift_right(product, exponent) + INT8_MIN, INT8_MIN, INT8_MAX);
      }
      output[i] = (int8_t)result;
    }
    input += params->depth;
    output += params->depth;
  }
}
