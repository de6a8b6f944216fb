#include <string.h>

#include "mcusim_kernels.h"

void mcusim_concatenate_bytes(int32_t rows, int32_t run, int32_t output_stride, const void* input,
                              void* output) {
  const uint8_t* x = input;
  uint8_t* y = output;
  for (int32_t row = 0; row < rows; ++row) {
    memcpy(y, x, (size_t)run);
    x += run;
    y += output_stride;
  }
}
