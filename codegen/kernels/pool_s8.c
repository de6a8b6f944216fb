#include "mcusim_fixed_point.h"
#include "mcusim_kernels.h"
#include "mcusim_window.h"

void mcusim_max_pool_s8(const mcusim_window* window, int32_t min, int32_t max, const int8_t* input,
                        int8_t* output) {
  const int32_t depth = window->input_c;
  const int32_t input_row = window->input_w * depth;
  for (int32_t batch = 0; batch < window->batches; ++batch) {
    for (int32_t oy = 0; oy < window->output_h; ++oy) {
      const mcusim_taps rows =
          mcusim_taps_of(oy, window->stride_h, window->pad_top, 1, window->filter_h, window->input_h);
      for (int32_t ox = 0; ox < window->output_w; ++ox) {
        const mcusim_taps columns =
            mcusim_taps_of(ox, window->stride_w, window->pad_left, 1, window->filter_w, window->input_w);
        const int8_t* corner =
            input + (rows.origin + rows.begin) * input_row + (columns.origin + columns.begin) * depth;
        for (int32_t channel = 0; channel < depth; ++channel) {
          int32_t largest = INT8_MIN;
          const int8_t* row = corner + channel;
          for (int32_t ky = rows.begin; ky < rows.end; ++ky) {
            const int8_t* x = row;
            for (int32_t kx = columns.begin; kx < columns.end; ++kx) {
              if (*x > largest) largest = *x;
              x += depth;
            }
            row += input_row;
          }
          *output++ = (int8_t)mcusim_clamp(largest, min, max);
        }
      }
    }
    input += window->input_h * input_row;
  }
}

void mcusim_average_pool_s8(const mcusim_window* window, int32_t min, int32_t max, const int8_t* input,
                            int8_t* output) {
  const int32_t depth = window->input_c;
  const int32_t input_row = window->input_w * depth;
  for (int32_t batch = 0; batch < window->batches; ++batch) {
    for (int32_t oy = 0; oy < window->output_h; ++oy) {
      const mcusim_taps rows =
          mcusim_taps_of(oy, window->stride_h, window->pad_top, 1, window->filter_h, window->input_h);
      for (int32_t ox = 0; ox < window->output_w; ++ox) {
        const mcusim_taps columns =
            mcusim_taps_of(ox, window->stride_w, window->pad_left, 1, window->filter_w, window->input_w);
        const int32_t taps = (rows.end - rows.begin) * (columns.end - columns.begin);
        const int8_t* corner =
            input + (rows.origin + rows.begin) * input_row + (columns.origin + columns.begin) * depth;
        for (int32_t channel = 0; channel < depth; ++channel) {
          int32_t sum = 0;
          const int8_t* row = corner + channel;
          for (int32_t ky = rows.begin; ky < rows.end; ++ky) {
            const int8_t* x = row;
            for (int32_t kx = columns.begin; kx < columns.end; ++kx) {
              sum += *x;
              x += depth;
            }
            row += input_row;
          }
          /* Division truncates: half a divisor towards the sum's sign makes it round, ties away from zero. */
          sum = (sum > 0 ? sum + taps / 2 : sum - taps / 2) / taps;
          *output++ = (int8_t)mcusim_clamp(sum, min, max);
        }
      }
    }
    input += window->input_h * input_row;
  }
}
