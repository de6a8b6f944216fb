/* Clipping of a sliding window to the input, along one axis. */
#ifndef MCUSIM_WINDOW_H
#define MCUSIM_WINDOW_H

#include <stdint.h>

typedef struct {
  int32_t origin;     /* input coordinate of tap 0, negative in the padding */
  int32_t begin, end; /* the taps inside the input */
} mcusim_taps;

static inline mcusim_taps mcusim_taps_of(int32_t output, int32_t stride, int32_t pad, int32_t dilation,
                                         int32_t filter, int32_t input) {
  mcusim_taps taps;
  taps.origin = output * stride - pad;
  taps.begin = 0;
  taps.end = filter;
  /* The usual window lies inside: no division then. */
  if (taps.origin < 0) taps.begin = (dilation - 1 - taps.origin) / dilation;
  if (taps.origin + (filter - 1) * dilation >= input) {
    taps.end = taps.origin < input ? (input - taps.origin + dilation - 1) / dilation : 0;
  }
  if (taps.begin > taps.end) taps.begin = taps.end;
  return taps;
}

#endif
