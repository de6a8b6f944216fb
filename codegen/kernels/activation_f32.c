#include <math.h>

#include "mcusim_kernels.h"
#include "mcusim_range.h"

void mcusim_clamp_f32(mcusim_range_f32 range, int32_t count, const float* input, float* output) {
  for (int32_t i = 0; i < count; ++i) output[i] = mcusim_clamp_to(range, input[i]);
}

void mcusim_logistic_f32(int32_t count, const float* input, float* output) {
  for (int32_t i = 0; i < count; ++i) output[i] = 1.0f / (1.0f + expf(-input[i]));
}

void mcusim_tanh_f32(int32_t count, const float* input, float* output) {
  for (int32_t i = 0; i < count; ++i) output[i] = tanhf(input[i]);
}
