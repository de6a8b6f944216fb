#include "mcusim_kernels.h"

void mcusim_transpose_x8(const mcusim_transpose_params* params, const void* input, void* output) {
  const int32_t* size = params->size;
  const int32_t* stride = params->stride;
  const uint8_t* in = input;
  uint8_t* out = output;
  for (int32_t i = 0; i < size[0]; ++i) {
    for (int32_t j = 0; j < size[1]; ++j) {
      for (int32_t k = 0; k < size[2]; ++k) {
        for (int32_t l = 0; l < size[3]; ++l) {
          const uint8_t* x = in + i * stride[0] + j * stride[1] + k * stride[2] + l * stride[3];
          for (int32_t m = size[4]; m > 0; --m) {
            *out++ = *x;
            x += stride[4];
          }
        }
      }
    }
  }
}

void mcusim_transpose_f32(const mcusim_transpose_params* params, const float* input, float* output) {
  const int32_t* size = params->size;
  const int32_t* stride = params->stride;
  for (int32_t i = 0; i < size[0]; ++i) {
    for (int32_t j = 0; j < size[1]; ++j) {
      for (int32_t k = 0; k < size[2]; ++k) {
        for (int32_t l = 0; l < size[3]; ++l) {
          const float* x = input + i * stride[0] + j * stride[1] + k * stride[2] + l * stride[3];
          for (int32_t m = size[4]; m > 0; --m) {
            *output++ = *x;
            x += stride[4];
          }
        }
      }
    }
  }
}
