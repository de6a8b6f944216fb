#include <string.h>

#include "mcusim_kernels.h"

void mcusim_resize_nearest_bytes(const mcusim_resize_params* params, const void* input, void* output) {
  const int32_t pixel = params->pixel_bytes;
  const int32_t input_row = params->input_w * pixel;
  const uint8_t* in = input;
  uint8_t* out = output;
  for (int32_t batch = 0; batch < params->batches; ++batch) {
    for (int32_t y = 0; y < params->output_h; ++y) {
      const uint8_t* row = in + params->rows[y] * input_row;
      for (int32_t x = 0; x < params->output_w; ++x) {
        memcpy(out, row + params->columns[x] * pixel, (size_t)pixel);
        out += pixel;
      }
    }
    in += params->input_h * input_row;
  }
}
