#include <math.h>

#include "mcusim_kernels.h"
#include "mcusim_range.h"
#include "mcusim_window.h"

void mcusim_max_pool_f32(const mcusim_window* window, mcusim_range_f32 range, const float* input,
                         float* output) {
  const int32_t depth = window->input_c;
  const int32_t input_row = window->input_w * depth;
  for (int32_t batch = 0; batch < window->batches; ++batch) {
    for (int32_t oy = 0; oy < window->output_h; ++oy) {
      const mcusim_taps rows =
          mcusim_taps_of(oy, window->stride_h, window->pad_top, 1, window->filter_h, window->input_h);
      for (int32_t ox = 0; ox < window->output_w; ++ox) {
        const mcusim_taps columns =
            mcusim_taps_of(ox, window->stride_w, window->pad_left, 1, window->filter_w, window->input_w);
        const float* corner =
            input + (rows.origin + rows.begin) * input_row + (columns.origin + columns.begin) * depth;
        for (int32_t channel = 0; channel < depth; ++channel) {
          float largest = -INFINITY;
          const float* row = corner + channel;
          for (int32_t ky = rows.begin; ky < rows.end; ++ky) {
            const float* x = row;
            for (int32_t kx = columns.begin; kx < columns.end; ++kx) {
              if (*x > largest) largest = *x;
              x += depth;
            }
            row += input_row;
          }
          *output++ = mcusim_clamp_to(range, largest);
        }
      }
    }
    input += window->input_h * input_row;
  }
}

void mcusim_average_pool_f32(const mcusim_window* window, mcusim_range_f32 range, const float* input,
                             float* output) {
  const int32_t depth = window->input_c;
  const int32_t input_row = window->input_w * depth;
  for (int32_t batch = 0; batch < window->batches; ++batch) {
    for (int32_t oy = 0; oy < window->output_h; ++oy) {
      const mcusim_taps rows =
          mcusim_taps_of(oy, window->stride_h, window->pad_top, 1, window->filter_h, window->input_h);
      for (int32_t ox = 0; ox < window->output_w; ++ox) {
        const mcusim_taps columns =
            mcusim_taps_of(ox, window->stride_w, window->pad_left, 1, window->filter_w, window->input_w);
        const float taps = (float)((rows.end - rows.begin) * (columns.end - columns.begin));
        const float* corner =
            input + (rows.origin + rows.begin) * input_row + (columns.origin + columns.begin) * depth;
        for (int32_t channel = 0; channel < depth; ++channel) {
          float sum = 0;
          const float* row = corner + channel;
          for (int32_t ky = rows.begin; ky < rows.end; ++ky) {
            const float* x = row;
            for (int32_t kx = columns.begin; kx < columns.end; ++kx) {
              sum += *x;
              x += depth;
            }
            row += input_row;
          }
          *output++ = mcusim_clamp_to(range, sum / taps);
        }
      }
    }
    input += window->input_h * input_row;
  }
}
