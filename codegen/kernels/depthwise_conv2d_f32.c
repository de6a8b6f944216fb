#include "mcusim_kernels.h"
#include "mcusim_range.h"
#include "mcusim_window.h"

void mcusim_depthwise_conv2d_f32(const mcusim_window* window, mcusim_range_f32 range, const float* input,
                                 const float* weights, const float* bias, float* output) {
  const int32_t input_c = window->input_c;
  const int32_t output_c = window->output_c;
  const int32_t input_row = window->input_w * input_c;
  const int32_t filter_row = window->filter_w * output_c;
  const int32_t copies = output_c / input_c;
  const int32_t tap_stride = window->dilation_w * input_c;
  const int32_t row_stride = window->dilation_h * input_row;

  for (int32_t batch = 0; batch < window->batches; ++batch) {
    for (int32_t oy = 0; oy < window->output_h; ++oy) {
      const mcusim_taps rows = mcusim_taps_of(oy, window->stride_h, window->pad_top, window->dilation_h,
                                              window->filter_h, window->input_h);
      for (int32_t ox = 0; ox < window->output_w; ++ox) {
        const mcusim_taps columns = mcusim_taps_of(ox, window->stride_w, window->pad_left, window->dilation_w,
                                                   window->filter_w, window->input_w);
        const int32_t taps = columns.end - columns.begin;
        const float* corner = input + rows.origin * input_row + rows.begin * row_stride +
                              columns.origin * input_c + columns.begin * tap_stride;
        const float* filter = weights + rows.begin * filter_row + columns.begin * output_c;
        int32_t channel = 0;
        for (int32_t c = 0; c < input_c; ++c) {
          for (int32_t copy = 0; copy < copies; ++copy, ++channel) {
            float sum = 0;
            const float* x_row = corner + c;
            const float* w_row = filter + channel;
            for (int32_t ky = rows.begin; ky < rows.end; ++ky) {
              const float* x = x_row;
              const float* w = w_row;
              for (int32_t kx = taps; kx > 0; --kx) {
                sum += *x * *w;
                x += tap_stride;
                w += output_c;
              }
              x_row += row_stride;
              w_row += filter_row;
            }
            if (bias) sum += bias[channel];
            *output++ = mcusim_clamp_to(range, sum);
          }
        }
      }
    }
    input += window->input_h * input_row;
  }
}
