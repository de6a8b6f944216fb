#include <string.h>

#include "mcusim_kernels.h"

/* Writes one block of dimensions `d` and inward; returns the end of what it wrote. */
static uint8_t* pad(const mcusim_pad_params* params, int d, const uint8_t** input, uint8_t* output,
                    const size_t* block) {
  const size_t before = (size_t)params->before[d] * block[d];
  const size_t after = (size_t)params->after[d] * block[d];
  memset(output, params->value, before);
  output += before;
  if (d == MCUSIM_PAD_DIMS - 1) {
    memcpy(output, *input, (size_t)params->size[d]);
    *input += params->size[d];
    output += params->size[d];
  } else {
    for (int32_t i = 0; i < params->size[d]; ++i) output = pad(params, d + 1, input, output, block);
  }
  memset(output, params->value, after);
  return output + after;
}

void mcusim_pad_bytes(const mcusim_pad_params* params, const void* input, void* output) {
  size_t block[MCUSIM_PAD_DIMS]; /* bytes of the output behind one step of each dimension */
  block[MCUSIM_PAD_DIMS - 1] = 1;
  for (int d = MCUSIM_PAD_DIMS - 1; d > 0; --d) {
    block[d - 1] = block[d] * (size_t)(params->before[d] + params->size[d] + params->after[d]);
  }
  const uint8_t* x = input;
  pad(params, 0, &x, output, block);
}
