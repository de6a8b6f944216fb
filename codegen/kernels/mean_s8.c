#include "mcusim_fixed_point.h"
#include "mcusim_kernels.h"

static int32_t reduced_count(const mcusim_mean_shape* shape) {
  return shape->reduced[0] * shape->reduced[1] * shape->reduced[2];
}

static int32_t sum_s8(const mcusim_mean_shape* shape, const int8_t* input) {
  int32_t sum = 0;
  for (int32_t i = 0; i < shape->reduced[0]; ++i) {
    for (int32_t j = 0; j < shape->reduced[1]; ++j) {
      const int8_t* x = input + i * shape->reduced_stride[0] + j * shape->reduced_stride[1];
      for (int32_t k = shape->reduced[2]; k > 0; --k) {
        sum += *x;
        x += shape->reduced_stride[2];
      }
    }
  }
  return sum;
}

void mcusim_mean_s8(const mcusim_mean_shape* shape, const mcusim_mean_requantization* requantization,
                    const int8_t* input, int8_t* output) {
  const int32_t bias = requantization->input_zero_point * reduced_count(shape);
  for (int32_t i = 0; i < shape->kept[0]; ++i) {
    for (int32_t j = 0; j < shape->kept[1]; ++j) {
      const int8_t* x = input + i * shape->kept_stride[0] + j * shape->kept_stride[1];
      for (int32_t k = shape->kept[2]; k > 0; --k) {
        const int32_t mean =
            mcusim_scale(sum_s8(shape, x) - bias, requantization->multiplier, requantization->shift);
        *output++ = (int8_t)mcusim_clamp(mean + requantization->output_zero_point, INT8_MIN, INT8_MAX);
        x += shape->kept_stride[2];
      }
    }
  }
}
