#include "mcusim_fixed_point.h"
#include "mcusim_kernels.h"

static int8_t add(const mcusim_add_requantization* r, int32_t a, int32_t b) {
  /* 20 bits of headroom keep the precision of both operands through their rescaling to a common scale. */
  const int32_t scaled_a = mcusim_scale((a + r->offset_a) * (1 << 20), r->multiplier_a, r->shift_a);
  const int32_t scaled_b = mcusim_scale((b + r->offset_b) * (1 << 20), r->multiplier_b, r->shift_b);
  const int32_t sum = mcusim_scale(scaled_a + scaled_b, r->output_multiplier, r->output_shift);
  return (int8_t)mcusim_clamp(sum + r->output_offset, r->min, r->max);
}

void mcusim_add_s8(const mcusim_broadcast* broadcast, const mcusim_add_requantization* requantization,
                   const int8_t* a, const int8_t* b, int8_t* output) {
  const int32_t* size = broadcast->size;
  const int32_t* sa = broadcast->stride_a;
  const int32_t* sb = broadcast->stride_b;
  for (int32_t i = 0; i < size[0]; ++i) {
    for (int32_t j = 0; j < size[1]; ++j) {
      for (int32_t k = 0; k < size[2]; ++k) {
        for (int32_t l = 0; l < size[3]; ++l) {
          const int8_t* x = a + i * sa[0] + j * sa[1] + k * sa[2] + l * sa[3];
          const int8_t* y = b + i * sb[0] + j * sb[1] + k * sb[2] + l * sb[3];
          for (int32_t m = size[4]; m > 0; --m) {
            *output++ = add(requantization, *x, *y);
            x += sa[4];
            y += sb[4];
          }
        }
      }
    }
  }
}

static int8_t mul(const mcusim_mul_requantization* r, int32_t a, int32_t b) {
  const int32_t product = mcusim_scale((a + r->offset_a) * (b + r->offset_b), r->multiplier, r->shift);
  return (int8_t)mcusim_clamp(product + r->output_offset, r->min, r->max);
}

void mcusim_mul_s8(const mcusim_broadcast* broadcast, const mcusim_mul_requantization* requantization,
                   const int8_t* a, const int8_t* b, int8_t* output) {
  const int32_t* size = broadcast->size;
  const int32_t* sa = broadcast->stride_a;
  const int32_t* sb = broadcast->stride_b;
  for (int32_t i = 0; i < size[0]; ++i) {
    for (int32_t j = 0; j < size[1]; ++j) {
      for (int32_t k = 0; k < size[2]; ++k) {
        for (int32_t l = 0; l < size[3]; ++l) {
          const int8_t* x = a + i * sa[0] + j * sa[1] + k * sa[2] + l * sa[3];
          const int8_t* y = b + i * sb[0] + j * sb[1] + k * sb[2] + l * sb[3];
          for (int32_t m = size[4]; m > 0; --m) {
            *output++ = mul(requantization, *x, *y);
            x += sa[4];
            y += sb[4];
          }
        }
      }
    }
  }
}
