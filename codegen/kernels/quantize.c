#include <math.h>

#include "mcusim_fixed_point.h"
#include "mcusim_kernels.h"

/* Clamped before the conversion, which is undefined for what an int32_t cannot hold; NaN becomes the zero
 * point. */
static int8_t quantized(float x, float scale, int32_t zero_point) {
  const float steps = roundf(x / scale);
  if (steps >= 256.0f) return INT8_MAX;
  if (steps <= -256.0f) return INT8_MIN;
  return (int8_t)mcusim_clamp((steps == steps ? (int32_t)steps : 0) + zero_point, INT8_MIN, INT8_MAX);
}

void mcusim_quantize_f32_s8(float scale, int32_t zero_point, int32_t count, const float* input,
                            int8_t* output) {
  for (int32_t i = 0; i < count; ++i) output[i] = quantized(input[i], scale, zero_point);
}

void mcusim_dequantize_s8_f32(float scale, int32_t zero_point, int32_t count, const int8_t* input,
                              float* output) {
  for (int32_t i = 0; i < count; ++i) output[i] = scale * (float)(input[i] - zero_point);
}

void mcusim_requantize_x8(const mcusim_requantize_params* params, int32_t count, const void* input,
                          void* output) {
  const uint8_t* x = input;
  uint8_t* y = output;
  for (int32_t i = 0; i < count; ++i) {
    const int32_t value = (int8_t)(x[i] ^ params->input_flip) - params->input_zero_point;
    const int32_t scaled = mcusim_scale(value, params->multiplier, params->shift) + params->output_zero_point;
    y[i] = (uint8_t)((uint8_t)mcusim_clamp(scaled, INT8_MIN, INT8_MAX) ^ params->output_flip);
  }
}
