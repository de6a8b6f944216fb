#include <math.h>

#include "mcusim_kernels.h"

void mcusim_softmax_f32(int32_t rows, int32_t depth, float beta, const float* input, float* output) {
  for (int32_t row = 0; row < rows; ++row) {
    float largest = input[0];
    for (int32_t i = 1; i < depth; ++i) {
      if (input[i] > largest) largest = input[i];
    }
    float sum = 0;
    for (int32_t i = 0; i < depth; ++i) {
      /* At most 1: no overflow. */
      output[i] = expf((input[i] - largest) * beta);
      sum += output[i];
    }
    for (int32_t i = 0; i < depth; ++i) output[i] /= sum;
    input += depth;
    output += depth;
  }
}
