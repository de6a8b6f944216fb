/* The kernel library of generated networks: one function per operator and element type. Plain C99; needs no
 * more than <stdint.h>, <stddef.h>, <string.h> and <math.h>, allocates nothing and keeps no state.
 *
 * Tensors are NHWC, row major. int8 results equal those of TensorFlow Lite's reference kernels (version
 * 2.19) bit for bit; every multiplier and shift is computed by the generator. `s8` is int8, `f32` is float,
 * `x8` and `bytes` mean that only the element's size matters.
 */
#ifndef MCUSIM_KERNELS_H
#define MCUSIM_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Geometry of a sliding window. Padding is what lies outside the input; windows are clipped to the input. */
typedef struct {
  int32_t batches;
  int32_t input_h, input_w, input_c;
  int32_t output_h, output_w, output_c;
  int32_t filter_h, filter_w;
  int32_t stride_h, stride_w;
  int32_t dilation_h, dilation_w;
  int32_t pad_top, pad_left;
} mcusim_window;

/* From a 32-bit accumulator to int8. */
typedef struct {
  int32_t input_offset;  /* minus the input's zero point */
  int32_t output_offset; /* the output's zero point */
  int32_t min, max;      /* the fused activation's range in the output's units */
  int32_t per_channel;   /* 1: a multiplier and shift for each output channel; 0: one for all */
  const int32_t* multipliers;
  const int8_t* shifts; /* positive: to the left */
} mcusim_requantization;

/* The fused activation's range of a float operator. */
typedef struct {
  float min, max;
} mcusim_range_f32;

/* conv2d: weights [output_c][filter_h][filter_w][input_c]; bias may be NULL. */
void mcusim_conv2d_s8(const mcusim_window* window, const mcusim_requantization* requantization,
                      const int8_t* input, const int8_t* weights, const int32_t* bias, int8_t* output);
void mcusim_conv2d_f32(const mcusim_window* window, mcusim_range_f32 range, const float* input,
                       const float* weights, const float* bias, float* output);

/* depthwise: weights [filter_h][filter_w][output_c]; output channel c reads input channel c / multiplier with
 * multiplier = output_c / input_c. */
void mcusim_depthwise_conv2d_s8(const mcusim_window* window, const mcusim_requantization* requantization,
                                const int8_t* input, const int8_t* weights, const int32_t* bias,
                                int8_t* output);
void mcusim_depthwise_conv2d_f32(const mcusim_window* window, mcusim_range_f32 range, const float* input,
                                 const float* weights, const float* bias, float* output);

/* fully connected: input [batches][inputs], weights [outputs][inputs]. */
typedef struct {
  int32_t batches, inputs, outputs;
} mcusim_fully_connected_shape;
void mcusim_fully_connected_s8(const mcusim_fully_connected_shape* shape,
                               const mcusim_requantization* requantization, const int8_t* input,
                               const int8_t* weights, const int32_t* bias, int8_t* output);
void mcusim_fully_connected_f32(const mcusim_fully_connected_shape* shape, mcusim_range_f32 range,
                                const float* input, const float* weights, const float* bias, float* output);

/* Pools: input and output have the same scale; an average divides by the taps inside the input. */
void mcusim_max_pool_s8(const mcusim_window* window, int32_t min, int32_t max, const int8_t* input,
                        int8_t* output);
void mcusim_average_pool_s8(const mcusim_window* window, int32_t min, int32_t max, const int8_t* input,
                            int8_t* output);
void mcusim_max_pool_f32(const mcusim_window* window, mcusim_range_f32 range, const float* input,
                         float* output);
void mcusim_average_pool_f32(const mcusim_window* window, mcusim_range_f32 range, const float* input,
                             float* output);

/* Mean over some axes. The generator merges neighbouring axes, so that three kept and three reduced ones
 * suffice for six dimensions; strides count input elements, unused axes have size 1. */
typedef struct {
  int32_t kept[3], kept_stride[3];
  int32_t reduced[3], reduced_stride[3];
} mcusim_mean_shape;
typedef struct {
  int32_t input_zero_point, output_zero_point;
  int32_t multiplier;
  int8_t shift;
} mcusim_mean_requantization;
/* The multiplier includes the division by the number of elements. */
void mcusim_mean_s8(const mcusim_mean_shape* shape, const mcusim_mean_requantization* requantization,
                    const int8_t* input, int8_t* output);
void mcusim_mean_f32(const mcusim_mean_shape* shape, const float* input, float* output);

/* Element-wise operators of two operands. The generator merges neighbouring dimensions; a stride of 0
 * repeats an operand. Equal shapes are one dimension. The output may be one of the operands. */
#define MCUSIM_BROADCAST_DIMS 5
typedef struct {
  int32_t size[MCUSIM_BROADCAST_DIMS]; /* outermost first */
  int32_t stride_a[MCUSIM_BROADCAST_DIMS], stride_b[MCUSIM_BROADCAST_DIMS];
} mcusim_broadcast;
typedef struct {
  int32_t offset_a, offset_b, output_offset;
  int32_t multiplier_a, multiplier_b, output_multiplier;
  int8_t shift_a, shift_b, output_shift;
  int32_t min, max;
} mcusim_add_requantization;
void mcusim_add_s8(const mcusim_broadcast* broadcast, const mcusim_add_requantization* requantization,
                   const int8_t* a, const int8_t* b, int8_t* output);
typedef struct {
  int32_t offset_a, offset_b, output_offset;
  int32_t multiplier;
  int8_t shift;
  int32_t min, max;
} mcusim_mul_requantization;
void mcusim_mul_s8(const mcusim_broadcast* broadcast, const mcusim_mul_requantization* requantization,
                   const int8_t* a, const int8_t* b, int8_t* output);
void mcusim_add_f32(const mcusim_broadcast* broadcast, mcusim_range_f32 range, const float* a, const float* b,
                    float* output);
void mcusim_mul_f32(const mcusim_broadcast* broadcast, mcusim_range_f32 range, const float* a, const float* b,
                    float* output);

/* Softmax over the last dimension, [rows][depth]. int8 output has scale 1/256 and zero point -128. */
typedef struct {
  int32_t rows, depth;
  int32_t multiplier; /* beta * input scale, so that differences have 5 integer bits */
  int8_t shift;
  int32_t smallest_difference; /* exp of anything below is 0 */
} mcusim_softmax_s8_params;
void mcusim_softmax_s8(const mcusim_softmax_s8_params* params, const int8_t* input, int8_t* output);
void mcusim_softmax_f32(int32_t rows, int32_t depth, float beta, const float* input, float* output);

/* Functions of one operand; in place is allowed. The table of an int8 function is indexed by input + 128. */
void mcusim_lookup_s8(const int8_t* table, int32_t count, const int8_t* input, int8_t* output);
void mcusim_clamp_f32(mcusim_range_f32 range, int32_t count, const float* input, float* output);
void mcusim_logistic_f32(int32_t count, const float* input, float* output);
void mcusim_tanh_f32(int32_t count, const float* input, float* output);

/* Changes of representation. */
void mcusim_quantize_f32_s8(float scale, int32_t zero_point, int32_t count, const float* input,
                            int8_t* output);
void mcusim_dequantize_s8_f32(float scale, int32_t zero_point, int32_t count, const int8_t* input,
                              float* output);
/* 8 bits to 8 bits; a flip of 0x80 turns uint8 into int8 and back, zero points are those of int8. */
typedef struct {
  int32_t input_zero_point, output_zero_point;
  int32_t multiplier;
  int8_t shift;
  uint8_t input_flip, output_flip;
} mcusim_requantize_params;
void mcusim_requantize_x8(const mcusim_requantize_params* params, int32_t count, const void* input,
                          void* output);

/* Movers of bytes. */
#define MCUSIM_PAD_DIMS 5
typedef struct {
  int32_t size[MCUSIM_PAD_DIMS]; /* of the input, outermost first, the last one in bytes */
  int32_t before[MCUSIM_PAD_DIMS], after[MCUSIM_PAD_DIMS];
  uint8_t value;
} mcusim_pad_params;
void mcusim_pad_bytes(const mcusim_pad_params* params, const void* input, void* output);

/* Copies one operand of a concatenation: `rows` runs of `run` bytes, `output_stride` bytes apart. */
void mcusim_concatenate_bytes(int32_t rows, int32_t run, int32_t output_stride, const void* input,
                              void* output);
#define MCUSIM_TRANSPOSE_DIMS 5
typedef struct {
  int32_t size[MCUSIM_TRANSPOSE_DIMS];   /* of the output, outermost first */
  int32_t stride[MCUSIM_TRANSPOSE_DIMS]; /* of the input, in elements */
} mcusim_transpose_params;
void mcusim_transpose_x8(const mcusim_transpose_params* params, const void* input, void* output);
void mcusim_transpose_f32(const mcusim_transpose_params* params, const float* input, float* output);

/* Nearest neighbour: the generator lists the source row of each output row, and the same for columns. */
typedef struct {
  int32_t batches, input_h, input_w;
  int32_t output_h, output_w;
  int32_t pixel_bytes;
  const uint16_t* rows;
  const uint16_t* columns;
} mcusim_resize_params;
void mcusim_resize_nearest_bytes(const mcusim_resize_params* params, const void* input, void* output);

#ifdef __cplusplus
}
#endif

#endif
