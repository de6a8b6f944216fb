#ifndef MCUSIM_REQUANTIZE_H
#define MCUSIM_REQUANTIZE_H

#include "mcusim_fixed_point.h"
#include "mcusim_kernels.h"

/* The accumulator of an output channel as the int8 that it stands for. */
static inline int8_t mcusim_requantize(const mcusim_requantization* requantization, int32_t channel,
                                       int32_t sum) {
  const int32_t i = requantization->per_channel ? channel : 0;
  const int32_t scaled = mcusim_scale(sum, requantization->multipliers[i], requantization->shifts[i]);
  return (int8_t)mcusim_clamp(scaled + requantization->output_offset, requantization->min,
                              requantization->max);
}

#endif
