#ifndef MCUSIM_RANGE_H
#define MCUSIM_RANGE_H

#include "mcusim_kernels.h"

static inline float mcusim_clamp_to(mcusim_range_f32 range, float x) {
  if (x < range.min) return range.min;
  return x > range.max ? range.max : x;
}

#endif
