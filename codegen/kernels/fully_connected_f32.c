#include "mcusim_kernels.h"
#include "mcusim_range.h"

void mcusim_fully_connected_f32(const mcusim_fully_connected_shape* shape, mcusim_range_f32 range,
                                const float* input, const float* weights, const float* bias, float* output) {
  const int32_t inputs = shape->inputs;
  for (int32_t batch = 0; batch < shape->batches; ++batch) {
    const float* w = weights;
    for (int32_t channel = 0; channel < shape->outputs; ++channel) {
      float sum = 0;
      for (const float* x = input; x != input + inputs; ++x) sum += *x * *w++;
      if (bias) sum += bias[channel];
      *output++ = mcusim_clamp_to(range, sum);
    }
    input += inputs;
  }
}
