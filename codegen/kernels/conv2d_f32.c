#include "mcusim_kernels.h"
#include "mcusim_range.h"
#include "mcusim_window.h"

static float dot(const float* input, const float* weights, int32_t count, float sum) {
  const float* const end = input + count;
  while (input != end) sum += *input++ * *weights++;
  return sum;
}

void mcusim_conv2d_f32(const mcusim_window* window, mcusim_range_f32 range, const float* input,
                       const float* weights, const float* bias, float* output) {
  const int32_t depth = window->input_c;
  const int32_t input_row = window->input_w * depth;
  const int32_t filter_row = window->filter_w * depth;
  const int32_t filter_size = window->filter_h * filter_row;

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
        const float* filter = weights + columns.begin * depth;
        for (int32_t channel = 0; channel < window->output_c; ++channel) {
          float sum = 0;
          for (int32_t ky = rows.begin; ky < rows.end; ++ky) {
            const float* x = input + (rows.origin + ky * window->dilation_h) * input_row +
                             (columns.origin + columns.begin * window->dilation_w) * depth;
            const float* w = filter + ky * filter_row;
            for (int32_t i = 0; i < runs; ++i) {
              sum = dot(x, w, run, sum);
              x += run_stride;
              w += depth;
            }
          }
          if (bias) sum += bias[channel];
          *output++ = mcusim_clamp_to(range, sum);
          filter += filter_size;
        }
      }
    }
    input += window->input_h * input_row;
  }
}
