#include "mcusim_kernels.h"

static float sum_f32(const mcusim_mean_shape* shape, const float* input) {
  float sum = 0;
  for (int32_t i = 0; i < shape->reduced[0]; ++i) {
    for (int32_t j = 0; j < shape->reduced[1]; ++j) {
      const float* x = input + i * shape->reduced_stride[0] + j * shape->reduced_stride[1];
      for (int32_t k = shape->reduced[2]; k > 0; --k) {
        sum += *x;
        x += shape->reduced_stride[2];
      }
    }
  }
  return sum;
}

void mcusim_mean_f32(const mcusim_mean_shape* shape, const float* input, float* output) {
  const float count = (float)(shape->reduced[0] * shape->reduced[1] * shape->reduced[2]);
  for (int32_t i = 0; i < shape->kept[0]; ++i) {
    for (int32_t j = 0; j < shape->kept[1]; ++j) {
      const float* x = input + i * shape->kept_stride[0] + j * shape->kept_stride[1];
      for (int32_t k = shape->kept[2]; k > 0; --k) {
        *output++ = sum_f32(shape, x) / count;
        x += shape->kept_stride[2];
      }
    }
  }
}
