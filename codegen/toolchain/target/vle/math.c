/* Single precision on a core whose FPU has no infinity, no NaN and no subnormal numbers (EFPU2 with its default
 * settings): too large a result is the largest finite number, too small a one is 0. */
#include <math.h>

#include <stdint.h>

union bits {
  float f;
  uint32_t u;
};

static float from_bits(uint32_t u) {
  const union bits bits = {.u = u};
  return bits.f;
}

static uint32_t to_bits(float f) {
  const union bits bits = {.f = f};
  return bits.u;
}

#define MAGNITUDE 0x7FFFFFFFu
#define SIGN 0x80000000u
#define LARGEST 0x7F7FFFFFu

/* e^r - 1 for |r| <= ln(2) / 2: the series up to r^7 / 5040, whose rest is below 2^-27 of the result. */
static float exp_minus_1(float r) {
  const float tail = 1.0f / 120 + r * (1.0f / 720 + r * (1.0f / 5040));
  return r + r * r * (0.5f + r * (1.0f / 6 + r * (1.0f / 24 + r * tail)));
}

/* x = n * ln(2) + r with |r| about ln(2) / 2 at most. */
static int32_t reduce(float x, float *r) {
  const float n_real = x * 1.44269504f;
  const int32_t n = (int32_t)(n_real < 0 ? n_real - 0.5f : n_real + 0.5f);
  /* ln(2) in two parts; the first has 9 bits, so that its product with n is exact. */
  *r = x - (float)n * 0.693359375f;
  *r += (float)n * 2.12194440e-4f;
  return n;
}

float expf(float x) {
  if (x > 88.7228f) return from_bits(LARGEST);
  if (x < -87.3365f) return 0.0f; /* Below the smallest normal number. */
  float r;
  const int32_t n = reduce(x, &r);
  const float y = 1.0f + exp_minus_1(r);
  /* Two steps, because 2^128 is no float but the result may be one. */
  const int32_t half = n / 2;
  return y * from_bits((uint32_t)(half + 127) << 23) * from_bits((uint32_t)(n - half + 127) << 23);
}

/* (e^2x - 1) / (e^2x + 1), with e^2x - 1 = 2^n * (e^r - 1) + (2^n - 1) so that small x keep their bits. */
float tanhf(float x) {
  const uint32_t sign = to_bits(x) & SIGN;
  const float a = from_bits(to_bits(x) & MAGNITUDE);
  if (a < 2.44140625e-4f) return x;         /* x - x^3 / 3 rounds to x. */
  if (a > 9.1f) return from_bits(sign | 0x3F800000u);
  float r;
  const int32_t n = reduce(2.0f * a, &r);
  const float scale = from_bits((uint32_t)(n + 127) << 23);
  const float e = scale * exp_minus_1(r) + (scale - 1.0f);
  return from_bits(sign | to_bits(e / (e + 2.0f)));
}

/* To the nearest integer, ties away from 0. */
float roundf(float x) {
  const uint32_t bits = to_bits(x);
  const uint32_t exponent = (bits >> 23) & 0xFFu;
  if (exponent >= 127 + 23) return x; /* Has no fraction. */
  if (exponent < 126) return from_bits(bits & SIGN);
  if (exponent == 126) return from_bits((bits & SIGN) | 0x3F800000u); /* 0.5 up to 1. */
  const unsigned fraction_bits = 150 - exponent;
  const uint32_t half = 1u << (fraction_bits - 1);
  return from_bits((bits + half) & ~((1u << fraction_bits) - 1));
}
