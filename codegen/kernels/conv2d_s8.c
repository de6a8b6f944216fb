#include "mcusim_kernels.h"
#include "mcusim_requantize.h"
#include "mcusim_window.h"

static int32_t dot(const int8_t* input, const int8_t* weights, int32_t count, int32_t input_offset,
                   int32_t sum) {
  const int8_t* const end = input + count;
  while (input != end) sum += (*input++ + input_offset) * *weights++;
  return sum;
}

void mcusim_conv2d_s8(const mcusim_window* window, const mcusim_requantization* requantization,
                      const int8_t* input, const int8_t* weights, const int32_t* bias, int8_t* output) {
  const int32_t depth = window->input_c;
  const int32_t input_row = window->input_w * depth;
  const int32_t filter_row = window->filter_w * depth;
  const int32_t filter_size = window->filter_h * filter_row;
  const int32_t input_offset = requantization->input_offset;

  for (int32_t batch = 0; batch < window->batches; ++batch) {
    for (int32_t oy = 0; oy < window->output_h; ++oy) {
      const mcusim_taps rows = mcusim_taps_of(oy, window->stride_h, window->pad_top, window->dilation_h,
                                              window->filter_h, window->input_h);
      for (int32_t ox = 0; ox < window->output_w; ++ox) {
        const mcusim_taps columns = mcusim_taps_of(ox, window->stride_w, window->pad_left, window->dilation_w,
                                                   window->filter_w, window->input_w);
        /* Taps that are neighbours in the input are neighbours in the weights too: one long run. */
        const int32_t taps = columns.end - columns.begin;
        const int32_t runs = window->dilation_w == 1 ? (taps > 0) : taps;
        const int32_t run = window->dilation_w == 1 ? taps * depth : depth;
        const int32_t run_stride = window->dilation_w * depth;
        const int8_t* filter = weights + columns.begin * depth;
        for (int32_t channel = 0; channel < window->output_c; ++channel) {
          int32_t sum = bias ? bias[channel] : 0;
          for (int32_t ky = rows.begin; ky < rows.end; ++ky) {
            const int8_t* x = input + (rows.origin + ky * window->dilation_h) * input_row +
                              (columns.origin + columns.begin * window->dilation_w) * depth;
            const int8_t* w = filter + ky * filter_row;
            for (int32_t i = 0; i < runs; ++i) {
              sum = dot(x, w, run, input_offset, sum);
              x += run_stride;
              w += depth;
            }
          }
          *output++ = mcusim_requantize(requantization, channel, sum);
          filter += filter_size;
        }
      }
    }
    input += window->input_h * input_row;
  }
}
