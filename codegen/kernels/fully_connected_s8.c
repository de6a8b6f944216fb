#include "mcusim_kernels.h"
#include "mcusim_requantize.h"

void mcusim_fully_connected_s8(const mcusim_fully_connected_shape* shape,
                               const mcusim_requantization* requantization, const int8_t* input,
                               const int8_t* weights, const int32_t* bias, int8_t* output) {
  const int32_t inputs = shape->inputs;
  const int32_t input_offset = requantization->input_offset;
  for (int32_t batch = 0; batch < shape->batches; ++batch) {
    const int8_t* w = weights;
    for (int32_t channel = 0; channel < shape->outputs; ++channel) {
      int32_t sum = bias ? bias[channel] : 0;
      for (const int8_t* x = input; x != input + inputs; ++x) sum += (*x + input_offset) * *w++;
      *output++ = mcusim_requantize(requantization, channel, sum);
    }
    input += inputs;
  }
}
