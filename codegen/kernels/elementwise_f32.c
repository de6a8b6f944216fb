#include "mcusim_kernels.h"
#include "mcusim_range.h"

void mcusim_add_f32(const mcusim_broadcast* broadcast, mcusim_range_f32 range, const float* a, const float* b,
                    float* output) {
  const int32_t* size = broadcast->size;
  const int32_t* sa = broadcast->stride_a;
  const int32_t* sb = broadcast->stride_b;
  for (int32_t i = 0; i < size[0]; ++i) {
    for (int32_t j = 0; j < size[1]; ++j) {
      for (int32_t k = 0; k < size[2]; ++k) {
        for (int32_t l = 0; l < size[3]; ++l) {
          const float* x = a + i * sa[0] + j * sa[1] + k * sa[2] + l * sa[3];
          const float* y = b + i * sb[0] + j * sb[1] + k * sb[2] + l * sb[3];
          for (int32_t m = size[4]; m > 0; --m) {
            *output++ = mcusim_clamp_to(range, *x + *y);
            x += sa[4];
            y += sb[4];
          }
        }
      }
    }
  }
}

void mcusim_mul_f32(const mcusim_broadcast* broadcast, mcusim_range_f32 range, const float* a, const float* b,
                    float* output) {
  const int32_t* size = broadcast->size;
  const int32_t* sa = broadcast->stride_a;
  const int32_t* sb = broadcast->stride_b;
  for (int32_t i = 0; i < size[0]; ++i) {
    for (int32_t j = 0; j < size[1]; ++j) {
      for (int32_t k = 0; k < size[2]; ++k) {
        for (int32_t l = 0; l < size[3]; ++l) {
          const float* x = a + i * sa[0] + j * sa[1] + k * sa[2] + l * sa[3];
          const float* y = b + i * sb[0] + j * sb[1] + k * sb[2] + l * sb[3];
          for (int32_t m = size[4]; m > 0; --m) {
            *output++ = mcusim_clamp_to(range, *x * *y);
            x += sa[4];
            y += sb[4];
          }
        }
      }
    }
  }
}
