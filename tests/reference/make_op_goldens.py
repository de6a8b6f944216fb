#!/usr/bin/env python3
"""Writes ops/<case>.tflite and ops/<case>.golden: one operator each, and what TensorFlow Lite's reference kernels
(OpResolverType.BUILTIN_REF) answer. Run by hand; needs TensorFlow 2.19.0. The same script writes the same bytes.

A golden file is one line of text, "mcusim golden, TensorFlow <version>, BUILTIN_REF\\n", then the samples: the
bytes of each input, then of each output, in the model's order, little-endian."""

import os
import pathlib
import sys
import zlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

from tflite_builder import Builder, options

TENSORFLOW = "2.19.0"
HEADER = f"mcusim golden, TensorFlow {TENSORFLOW}, BUILTIN_REF\n"
FOLDER = pathlib.Path(__file__).parent / "ops"
NONE, RELU, RELU_N1, RELU6 = 0, 1, 2, 3
SAME, VALID = 0, 1
SAMPLES = 4

written = set()


def rng_of(name):
    return np.random.default_rng(zlib.crc32(name.encode()))


def samples_of(rng, shape, dtype, spread=1.0):
    """Random ones, then extremes."""
    if dtype == np.float32:
        alternating = np.where(np.arange(np.prod(shape)) % 2, 1, -1).reshape(shape) * 8 * spread
        return [rng.normal(0, spread, shape).astype(dtype), rng.uniform(-8 * spread, 8 * spread, shape).astype(dtype),
                alternating.astype(dtype), np.zeros(shape, dtype)]
    info = np.iinfo(dtype)
    ramp = (np.arange(np.prod(shape)) * 37 % 256 + info.min).reshape(shape)
    alternating = np.where(np.arange(np.prod(shape)) % 3 == 0, info.min, info.max).reshape(shape)
    return [rng.integers(info.min, info.max + 1, shape).astype(dtype), ramp.astype(dtype), alternating.astype(dtype),
            np.full(shape, info.min, dtype)]


def write(name, model, samples):
    assert name not in written, name
    written.add(name)
    interpreter = tf.lite.Interpreter(
        model_content=model, experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    inputs, outputs = interpreter.get_input_details(), interpreter.get_output_details()
    golden = HEADER.encode()
    for sample in samples:
        for detail, value in zip(inputs, sample):
            interpreter.set_tensor(detail["index"], value)
            golden += value.tobytes()
        interpreter.invoke()
        for detail in outputs:
            golden += interpreter.get_tensor(detail["index"]).tobytes()
    (FOLDER / f"{name}.tflite").write_bytes(model)
    (FOLDER / f"{name}.golden").write_bytes(golden)


def out_size(size, k, stride, dilation, padding):
    extent = (k - 1) * dilation + 1
    return -(-size // stride) if padding == SAME else (size - extent) // stride + 1


def windowed(name, kind, shape, k, channels=None, stride=(1, 1), dilation=(1, 1), padding=SAME, act=NONE,
             per_channel=True, bias=True, float32=False, zp_in=-5, zp_out=9, gain=1.0, multiplier=1):
    """CONV_2D ("conv"; TensorFlow Lite 2.19 refuses it without bias) or DEPTHWISE_CONV_2D ("depthwise")."""
    rng = rng_of(name)
    depthwise = kind == "depthwise"
    cin = shape[3]
    cout = cin * multiplier if depthwise else channels
    weight_shape = (1, k[0], k[1], cout) if depthwise else (cout, k[0], k[1], cin)
    axis = 3 if depthwise else 0
    out = (shape[0], out_size(shape[1], k[0], stride[0], dilation[0], padding),
           out_size(shape[2], k[1], stride[1], dilation[1], padding), cout)
    b = Builder(HEADER.strip())
    taps = k[0] * k[1] * (1 if depthwise else cin)
    if float32:
        dtype = np.float32
        x = b.tensor("input", shape, dtype)
        w = b.tensor("weights", weight_shape, dtype, data=rng.normal(0, 1 / np.sqrt(taps), weight_shape))
        operands = [x, w] + ([b.tensor("bias", (cout,), dtype, data=rng.normal(0, 0.5, cout))] if bias else [])
        y = b.tensor("output", out, dtype)
    else:
        dtype = np.int8
        si = 0.0173
        sw = rng.uniform(0.002, 0.02, cout) if per_channel else np.array([0.0091])
        so = si * np.mean(sw) * np.sqrt(taps) * 40 / gain
        x = b.tensor("input", shape, dtype, si, zp_in)
        w = b.tensor("weights", weight_shape, dtype, sw, 0, axis, rng.integers(-127, 128, weight_shape))
        operands = [x, w]
        if bias:
            values = rng.integers(-20000, 20000, cout)
            operands.append(b.tensor("bias", (cout,), np.int32, si * sw.astype(np.float32), 0, 0, values))
        y = b.tensor("output", out, dtype, so, zp_out)
    common = dict(padding=padding, strideH=stride[0], strideW=stride[1], dilationHFactor=dilation[0],
                  dilationWFactor=dilation[1], fusedActivationFunction=act)
    if depthwise:
        b.op("DEPTHWISE_CONV_2D", 3, operands, [y], options("DepthwiseConv2D", depthMultiplier=multiplier, **common))
    else:
        b.op("CONV_2D", 3, operands, [y], options("Conv2D", **common))
    write(name, b.finish([x], [y]), [[s] for s in samples_of(rng, shape, dtype)])


def convolutions():
    for f in (False, True):
        t = "f32" if f else "s8"

        def conv(tag, *args, **kw):
            windowed(f"conv2d_{t}_{tag}", "conv", *args, float32=f, **kw)

        conv("1x1", (1, 5, 4, 7), (1, 1), 6)
        conv("1x1_stride2_same", (1, 5, 6, 4), (1, 1), 5, stride=(2, 2))
        conv("3x3_same", (1, 7, 5, 3), (3, 3), 4)
        conv("3x3_valid", (1, 7, 5, 3), (3, 3), 4, padding=VALID)
        conv("3x3_same_stride2_even", (1, 8, 6, 3), (3, 3), 4, stride=(2, 2))
        conv("3x3_same_stride2_odd", (1, 7, 9, 3), (3, 3), 4, stride=(2, 2))
        conv("3x3_valid_stride2", (1, 8, 9, 2), (3, 3), 3, stride=(2, 2), padding=VALID)
        conv("5x3_stride1x2", (1, 9, 8, 2), (5, 3), 3, stride=(1, 2))
        conv("10x4_stride2_one_channel", (1, 25, 10, 1), (10, 4), 8, stride=(2, 2), act=RELU)
        conv("2x2_stride3", (1, 9, 9, 2), (2, 2), 3, stride=(3, 3))
        conv("4x1_stride2x1", (1, 9, 3, 5), (4, 1), 2, stride=(2, 1))
        conv("1x7_same", (1, 3, 11, 2), (1, 7), 2)
        conv("dilation2_same", (1, 9, 8, 3), (3, 3), 3, dilation=(2, 2))
        conv("dilation3x2_valid", (1, 11, 9, 2), (3, 3), 3, dilation=(3, 2), padding=VALID)
        conv("dilation1x2_same", (1, 6, 9, 2), (3, 3), 2, dilation=(1, 2))
        conv("dilation_wider_than_input", (1, 3, 3, 2), (3, 3), 2, dilation=(4, 4))
        conv("filter_larger_than_input", (1, 2, 3, 2), (5, 5), 3)
        conv("batch2", (2, 4, 5, 3), (3, 3), 3)
        conv("relu", (1, 5, 5, 3), (3, 3), 4, act=RELU)
        conv("relu6", (1, 5, 5, 3), (3, 3), 4, act=RELU6)
        conv("relu_n1", (1, 5, 5, 3), (3, 3), 4, act=RELU_N1)
        conv("one_pixel", (1, 1, 1, 16), (1, 1), 10)
        conv("wide", (1, 3, 3, 64), (3, 3), 16)
    for tag, kw in {
            "per_tensor": dict(per_channel=False), "zero_points_low": dict(zp_in=-128, zp_out=-128, act=RELU),
            "zero_points_high": dict(zp_in=127, zp_out=127), "saturates": dict(gain=40),
            "multiplier_above_one": dict(gain=3000), "tiny_results": dict(gain=0.004),
            "per_tensor_relu6": dict(per_channel=False, act=RELU6, gain=0.2)
    }.items():
        windowed(f"conv2d_s8_{tag}", "conv", (1, 6, 5, 4), (3, 3), 5, **kw)


def depthwise_convolutions():
    for f in (False, True):
        t = "f32" if f else "s8"

        def depthwise(tag, *args, **kw):
            windowed(f"depthwise_{t}_{tag}", "depthwise", *args, float32=f, **kw)

        depthwise("3x3_same", (1, 6, 7, 5), (3, 3))
        depthwise("3x3_valid", (1, 6, 7, 5), (3, 3), padding=VALID)
        depthwise("3x3_stride2", (1, 7, 8, 4), (3, 3), stride=(2, 2))
        depthwise("5x5_stride2_odd", (1, 9, 7, 3), (5, 5), stride=(2, 2))
        depthwise("7x7", (1, 8, 8, 2), (7, 7))
        depthwise("3x1_stride1x2", (1, 6, 7, 3), (3, 1), stride=(1, 2))
        depthwise("multiplier2", (1, 5, 5, 3), (3, 3), multiplier=2)
        depthwise("multiplier8_one_channel", (1, 12, 9, 1), (10, 8), stride=(2, 2), multiplier=8, act=RELU)
        depthwise("dilation2", (1, 9, 9, 3), (3, 3), dilation=(2, 2))
        depthwise("dilation2x3_valid", (1, 9, 10, 2), (3, 3), dilation=(2, 3), padding=VALID)
        depthwise("batch2", (2, 4, 4, 3), (3, 3))
        depthwise("no_bias", (1, 4, 4, 3), (3, 3), bias=False)
        depthwise("relu", (1, 5, 5, 4), (3, 3), act=RELU)
        depthwise("relu6", (1, 5, 5, 4), (3, 3), act=RELU6)
        depthwise("relu_n1", (1, 5, 5, 4), (3, 3), act=RELU_N1)
        depthwise("whole_input", (1, 4, 5, 6), (4, 5), padding=VALID)
    for tag, kw in {
            "per_tensor": dict(per_channel=False), "zero_points_low": dict(zp_in=-128, zp_out=-128, act=RELU6),
            "zero_points_high": dict(zp_in=127, zp_out=127), "saturates": dict(gain=40),
            "multiplier_above_one": dict(gain=3000)
    }.items():
        windowed(f"depthwise_s8_{tag}", "depthwise", (1, 6, 5, 4), (3, 3), **kw)


def dense(tag, batches, inputs, outputs, act=NONE, bias=True, per_channel=False, float32=False, zp_in=-5, zp_out=9,
          gain=1.0, input_shape=None):
    name = f"fully_connected_{'f32' if float32 else 's8'}_{tag}"
    rng = rng_of(name)
    shape = input_shape or (batches, inputs)
    b = Builder(HEADER.strip())
    if float32:
        dtype = np.float32
        x = b.tensor("input", shape, dtype)
        w = b.tensor("weights", (outputs, inputs), dtype, data=rng.normal(0, 1 / np.sqrt(inputs), (outputs, inputs)))
        operands = [x, w, b.tensor("bias", (outputs,), dtype, data=rng.normal(0, 1, outputs)) if bias else -1]
        y = b.tensor("output", (batches, outputs), dtype)
    else:
        dtype = np.int8
        si = 0.0391
        sw = rng.uniform(0.002, 0.02, outputs) if per_channel else np.array([rng.uniform(0.002, 0.02)])
        x = b.tensor("input", shape, dtype, si, zp_in)
        w = b.tensor("weights", (outputs, inputs), dtype, sw, 0, 0, rng.integers(-127, 128, (outputs, inputs)))
        operands = [x, w, b.tensor("bias", (outputs,), np.int32, np.float32(si) * sw.astype(np.float32), 0, 0,
                                   rng.integers(-30000, 30000, outputs)) if bias else -1]
        y = b.tensor("output", (batches, outputs), dtype, si * np.mean(sw) * np.sqrt(inputs) * 40 / gain, zp_out)
    b.op("FULLY_CONNECTED", 5, operands, [y],
         options("FullyConnected", fusedActivationFunction=act))
    write(name, b.finish([x], [y]), [[s] for s in samples_of(rng, shape, dtype)])


def fully_connected():
    for f in (False, True):
        dense("plain", 1, 17, 9, float32=f)
        dense("batch3", 3, 8, 5, float32=f)
        dense("one_output", 1, 33, 1, float32=f)
        dense("one_input", 1, 1, 12, float32=f)
        dense("wide", 1, 200, 12, float32=f)
        dense("no_bias", 1, 16, 6, bias=False, float32=f)
        dense("relu", 1, 16, 10, act=RELU, float32=f)
        dense("relu6", 1, 16, 10, act=RELU6, float32=f)
        dense("relu_n1", 1, 16, 10, act=RELU_N1, float32=f)
        dense("flattens_image", 1, 24, 5, input_shape=(1, 2, 3, 4), float32=f)
    dense("per_channel", 1, 16, 7, per_channel=True)
    dense("zero_points_low", 1, 16, 7, zp_in=-128, zp_out=-128, act=RELU)
    dense("zero_points_high", 1, 16, 7, zp_in=127, zp_out=127)
    dense("saturates", 1, 16, 7, gain=40)
    dense("multiplier_above_one", 1, 16, 7, gain=3000)
    for i in range(4):  # Single scales, whose product is rounded to float.
        dense(f"scale_product_{i}", 2, 16, 20, gain=1 + i)


def pool(tag, op, shape, k, stride, padding=SAME, act=NONE, float32=False, scale=0.05, zp=-7):
    name = f"{'max_pool' if op == 'MAX_POOL_2D' else 'average_pool'}_{'f32' if float32 else 's8'}_{tag}"
    rng = rng_of(name)
    out = (shape[0], out_size(shape[1], k[0], stride[0], 1, padding), out_size(shape[2], k[1], stride[1], 1, padding),
           shape[3])
    b = Builder(HEADER.strip())
    dtype = np.float32 if float32 else np.int8
    q = () if float32 else (scale, zp)
    x = b.tensor("input", shape, dtype, *q)
    y = b.tensor("output", out, dtype, *q)
    b.op(op, 2, [x], [y], options("Pool2D", padding=padding, strideH=stride[0], strideW=stride[1], filterHeight=k[0],
                                  filterWidth=k[1], fusedActivationFunction=act))
    write(name, b.finish([x], [y]), [[s] for s in samples_of(rng, shape, dtype)])


def pools():
    for op in ("MAX_POOL_2D", "AVERAGE_POOL_2D"):
        for f in (False, True):
            pool("2x2", op, (1, 6, 8, 3), (2, 2), (2, 2), float32=f)
            pool("2x2_odd_same", op, (1, 5, 7, 3), (2, 2), (2, 2), float32=f)
            pool("3x3_stride1_same", op, (1, 5, 6, 2), (3, 3), (1, 1), float32=f)
            pool("3x3_stride2_valid", op, (1, 7, 8, 2), (3, 3), (2, 2), VALID, float32=f)
            pool("whole_input", op, (1, 5, 3, 4), (5, 3), (5, 3), VALID, float32=f)
            pool("1x4_stride1x3_batch2", op, (2, 3, 10, 2), (1, 4), (1, 3), VALID, float32=f)
            pool("relu6", op, (1, 4, 4, 3), (2, 2), (2, 2), act=RELU6, float32=f)
            pool("relu_n1", op, (1, 4, 4, 3), (2, 2), (1, 1), act=RELU_N1, float32=f)
        pool("relu", op, (1, 4, 4, 3), (3, 2), (2, 2), act=RELU, zp=-20)
        pool("zero_point_high", op, (1, 5, 5, 3), (3, 3), (2, 2), zp=127)


def mean(tag, shape, axes, keep, float32=False, q_in=(0.021, -5), q_out=(0.013, 11)):
    name = f"mean_{'f32' if float32 else 's8'}_{tag}"
    rng = rng_of(name)
    out = tuple(1 if i in axes else d for i, d in enumerate(shape) if keep or i not in axes)
    b = Builder(HEADER.strip())
    dtype = np.float32 if float32 else np.int8
    x = b.tensor("input", shape, dtype, *(() if float32 else q_in))
    a = b.tensor("axes", (len(axes),), np.int32, data=np.array(axes))
    y = b.tensor("output", out, dtype, *(() if float32 else q_out))
    b.op("MEAN", 2, [x, a], [y], options("Reducer", keepDims=keep))
    write(name, b.finish([x], [y]), [[s] for s in samples_of(rng, shape, dtype)])


def means():
    for f in (False, True):
        mean("image_keep", (1, 5, 7, 6), (1, 2), True, float32=f)
        mean("image", (1, 5, 7, 6), (1, 2), False, float32=f)
        mean("image_batch2", (2, 4, 4, 5), (1, 2), True, float32=f)
        mean("channels", (1, 3, 4, 9), (3,), True, float32=f)
        mean("rows", (1, 6, 3, 4), (1,), False, float32=f)
        mean("rows_and_channels", (2, 3, 4, 5), (1, 3), False, float32=f)
        mean("all", (2, 3, 4), (0, 1, 2), False, float32=f)
        mean("vector", (1, 13), (1,), True, float32=f)
        mean("five_dimensions", (2, 2, 3, 2, 3), (1, 3), False, float32=f)
    mean("same_scale", (1, 5, 7, 6), (1, 2), False, q_out=(0.021, -5))
    mean("same_scale_keep", (1, 5, 7, 6), (1, 2), True, q_out=(0.021, -5))
    mean("same_scale_rows", (2, 6, 5), (1,), False, q_out=(0.021, -5))
    mean("large", (1, 40, 30, 2), (1, 2), True)
    mean("power_of_two", (1, 8, 8, 4), (1, 2), True, q_in=(0.5, 3), q_out=(0.25, -128))
    mean("saturates", (1, 3, 3, 4), (1, 2), True, q_in=(0.5, 3), q_out=(0.01, 0))
    mean("one_element", (1, 1, 1, 8), (1, 2), True)


def binary(tag, op, a_shape, b_shape, act=NONE, float32=False, qa=(0.031, -7), qb=(0.019, 12), qo=None, constant=False):
    name = f"{op.lower()}_{'f32' if float32 else 's8'}_{tag}"
    rng = rng_of(name)
    out = np.broadcast_shapes(a_shape, b_shape)
    dtype = np.float32 if float32 else np.int8
    if qo is None:
        qo = (0.043, -3) if op == "ADD" else (0.05, -3)
    b = Builder(HEADER.strip())
    x = b.tensor("a", a_shape, dtype, *(() if float32 else qa))
    values = samples_of(rng, b_shape, dtype)
    y = b.tensor("b", b_shape, dtype, *(() if float32 else qb), **({"data": values[0]} if constant else {}))
    z = b.tensor("output", out, dtype, *(() if float32 else qo))
    b.op(op, 2, [x, y], [z], options(op.capitalize(), fusedActivationFunction=act))
    a_samples = samples_of(rng, a_shape, dtype)
    if constant:
        write(name, b.finish([x], [z]), [[s] for s in a_samples])
    else:
        write(name, b.finish([x, y], [z]), [[p, q] for p, q in zip(a_samples, values[1:] + values[:1])])


def binaries():
    for op in ("ADD", "MUL"):
        for f in (False, True):
            binary("equal", op, (1, 4, 5, 3), (1, 4, 5, 3), float32=f)
            binary("relu", op, (1, 4, 5, 3), (1, 4, 5, 3), act=RELU, float32=f)
            binary("relu6", op, (1, 4, 5, 3), (1, 4, 5, 3), act=RELU6, float32=f)
            binary("relu_n1", op, (2, 10), (2, 10), act=RELU_N1, float32=f)
            binary("channel_constant", op, (1, 4, 5, 6), (6,), constant=True, float32=f)
            binary("scalar_constant", op, (1, 4, 5, 3), (1,), constant=True, float32=f)
            binary("scalar_first", op, (1,), (1, 3, 2, 4), float32=f)
            binary("image_by_channel", op, (1, 4, 5, 6), (1, 1, 1, 6), float32=f)
            binary("both_repeat", op, (1, 4, 1, 3), (2, 1, 5, 1), float32=f)
            binary("column_by_row", op, (4, 1), (1, 5), float32=f)
            binary("lower_rank", op, (2, 3, 4), (3, 1), float32=f)
        binary("far_scales", op, (1, 40), (1, 40), qa=(0.9, 5), qb=(0.0004, -100), qo=(0.8, 2) if op == "ADD" else (0.0005, 2))
        binary("zero_points_extreme", op, (1, 64), (1, 64), qa=(0.1, -128), qb=(0.1, 127), qo=(0.2, -128))
        binary("saturates", op, (1, 64), (1, 64), qo=(0.003, 0))
        binary("same_scale", op, (1, 64), (1, 64), qa=(0.05, 0), qb=(0.05, 0), qo=(0.05, 0))


def simple(name, op, version, shape, out, opts, float32, q_in=(0.05, -9), q_out=None, extra=(), spread=1.0,
           inputs=None, out_dtype=None, dtype=None):
    """One activation in, one out, and constant int32 operands `extra`."""
    rng = rng_of(name)
    b = Builder(HEADER.strip())
    dtype = dtype or (np.float32 if float32 else np.int8)
    out_dtype = out_dtype or dtype
    x = b.tensor("input", shape, dtype, *(() if dtype == np.float32 else q_in))
    operands = [x] + [b.tensor(f"operand_{i}", np.asarray(e).shape, np.int32, data=np.asarray(e))
                      for i, e in enumerate(extra)]
    y = b.tensor("output", out, out_dtype, *(() if out_dtype == np.float32 else (q_out or q_in)))
    b.op(op, version, operands, [y], opts)
    write(name, b.finish([x], [y]), [[s] for s in (inputs or samples_of(rng, shape, dtype, spread))])


def softmaxes():
    def softmax(tag, shape, beta, float32=False, scale=0.1, zp=4, spread=1.0, inputs=None):
        simple(f"softmax_{'f32' if float32 else 's8'}_{tag}", "SOFTMAX", 2, shape, shape, options("Softmax", beta=beta),
               float32, (scale, zp), (1 / 256, -128), spread=spread, inputs=inputs)

    for f in (False, True):
        softmax("two", (1, 2), 1.0, f)
        softmax("ten", (1, 10), 1.0, f)
        softmax("rows", (5, 7), 1.0, f)
        softmax("image", (1, 3, 4, 5), 1.0, f)
        softmax("one", (3, 1), 1.0, f)
        softmax("beta_half", (2, 12), 0.5, f)
        softmax("beta_3", (2, 12), 3.0, f)
    for i, scale in enumerate((0.0005, 0.004, 0.02, 0.0625, 0.3, 1.0, 5.0)):
        softmax(f"scale_{i}", (4, 20), 1.0, scale=scale, zp=-3 * i)
    # The reference aborts where the sum of exponentials reaches 512, as 1000 equal inputs would make it.
    thousand = samples_of(rng_of("thousand"), (1, 1000), np.int8)[:2]
    softmax("thousand", (1, 1000), 1.0, scale=0.07, inputs=thousand)
    rows = samples_of(rng_of("rows"), (800, 8), np.int8)[:1]  # Near ties show the last bits of the approximation.
    softmax("many_rows", (800, 8), 1.0, scale=0.09, inputs=rows)
    softmax("wide_range", (2, 20), 1.0, True, spread=100.0)


def all_inputs():
    return np.arange(-128, 128).astype(np.int8).reshape(1, 256)


def unaries():
    scales = (0.0007, 0.003, 0.0123, 0.025, 0.047, 0.0625, 0.11, 0.2, 0.55, 1.7)
    for op, q_out in (("LOGISTIC", (1 / 256, -128)), ("TANH", (1 / 128, 0))):
        for i, scale in enumerate(scales):
            simple(f"{op.lower()}_s8_all_inputs_{i}", op, 2, (1, 256), (1, 256), None, False, (scale, 13 * i - 60), q_out,
                   inputs=[all_inputs()])
        for i, spread in enumerate((0.01, 1.0, 12.0)):
            simple(f"{op.lower()}_f32_{i}", op, 2, (2, 60), (2, 60), None, True, spread=spread)
    for op in ("RELU", "RELU6"):
        simple(f"{op.lower()}_f32", op, 2, (3, 20), (3, 20), None, True)
        for i, (q_in, q_out) in enumerate((((0.05, -9), (0.05, -9)), ((0.05, -9), (0.027, -128)),
                                           ((0.01, 100), (0.03, 5)), ((0.3, -128), (0.0235, -128)))):
            simple(f"{op.lower()}_s8_all_inputs_{i}", op, 2, (1, 256), (1, 256), None, False, q_in, q_out,
                   inputs=[all_inputs()])


def moves():
    for f in (False, True):
        t = "f32" if f else "s8"
        for tag, shape, pads in (("image", (1, 4, 5, 3), ((0, 0), (1, 2), (2, 1), (0, 0))),
                                 ("channels", (1, 2, 3, 4), ((0, 0), (0, 0), (0, 0), (1, 3))),
                                 ("everything", (2, 2, 3, 2), ((1, 0), (0, 2), (1, 1), (2, 1))),
                                 ("bottom_right", (1, 5, 5, 2), ((0, 0), (0, 1), (0, 1), (0, 0))),
                                 ("rows_and_channels", (2, 3, 4, 3), ((0, 0), (1, 1), (0, 0), (1, 1))),
                                 ("nothing", (1, 3, 4), ((0, 0), (0, 0), (0, 0))), ("vector", (7,), ((2, 3),))):
            out = tuple(d + p[0] + p[1] for d, p in zip(shape, pads))
            simple(f"pad_{t}_{tag}", "PAD", 2, shape, out, options("Pad"), f, extra=[pads])
        for tag, shape, perm in (("swap", (5, 7), (1, 0)), ("to_nchw", (1, 3, 4, 5), (0, 3, 1, 2)),
                                 ("to_nhwc", (1, 3, 4, 5), (0, 2, 3, 1)), ("reverse", (2, 3, 4, 5), (3, 2, 1, 0)),
                                 ("identity", (2, 3, 4), (0, 1, 2)), ("rows_columns", (1, 6, 5, 1), (0, 2, 1, 3)),
                                 ("five_dimensions", (2, 3, 2, 3, 2), (4, 1, 3, 0, 2))):
            simple(f"transpose_{t}_{tag}", "TRANSPOSE", 2, shape, tuple(shape[p] for p in perm), options("Transpose"), f,
                   extra=[perm])
        for tag, shape, size, align, half in (("double", (1, 3, 4, 3), (6, 8), False, False),
                                              ("odd_up", (1, 3, 4, 2), (7, 5), False, False),
                                              ("down", (1, 9, 8, 2), (4, 3), False, False),
                                              ("align_up", (1, 3, 4, 2), (7, 9), True, False),
                                              ("align_down", (1, 9, 8, 2), (4, 1), True, False),
                                              ("half_pixel_up", (1, 3, 4, 2), (7, 9), False, True),
                                              ("half_pixel_down", (2, 9, 8, 2), (4, 3), False, True)):
            simple(f"resize_nearest_{t}_{tag}", "RESIZE_NEAREST_NEIGHBOR", 3, shape, (shape[0],) + size + (shape[3],),
                   options("ResizeNearestNeighbor", alignCorners=align, halfPixelCenters=half), f, extra=[size])
        simple(f"reshape_{t}", "RESHAPE", 1, (2, 3, 4), (6, 4), options("Reshape", newShape=[6, 4]), f, extra=[(6, 4)])
        for tag, shapes, axis in (("channels", ((1, 3, 4, 2), (1, 3, 4, 5), (1, 3, 4, 1)), 3),
                                  ("rows", ((1, 3, 4, 2), (1, 2, 4, 2)), 1), ("batch", ((1, 5), (3, 5)), 0),
                                  ("negative_axis", ((2, 3), (2, 4)), -1), ("one_operand", ((2, 3),), 1)):
            concatenation(f"concatenation_{t}_{tag}", shapes, axis, f)


def concatenation(name, shapes, axis, float32):
    rng = rng_of(name)
    dtype = np.float32 if float32 else np.int8
    q = () if float32 else (0.05, -9)
    out = list(shapes[0])
    out[axis] = sum(s[axis] for s in shapes)
    b = Builder(HEADER.strip())
    xs = [b.tensor(f"input_{i}", s, dtype, *q) for i, s in enumerate(shapes)]
    y = b.tensor("output", out, dtype, *q)
    b.op("CONCATENATION", 2, xs, [y], options("Concatenation", axis=axis, fusedActivationFunction=NONE))
    columns = [samples_of(rng, s, dtype) for s in shapes]
    write(name, b.finish(xs, [y]), [list(row) for row in zip(*columns)])


def quantisations():
    q = options("Quantize")
    ties = (np.arange(-300, 300) / 2 * 0.25).astype(np.float32).reshape(1, 600)
    simple("quantize_f32_s8_ties", "QUANTIZE", 1, (1, 600), (1, 600), q, True, q_out=(0.25, -11), out_dtype=np.int8,
           inputs=[ties])
    for i, (scale, zp) in enumerate(((0.0123, 5), (0.00392157, -128), (0.7, 127))):
        simple(f"quantize_f32_s8_{i}", "QUANTIZE", 1, (2, 100), (2, 100), q, True, q_out=(scale, zp), out_dtype=np.int8)
    for i, (q_in, q_out) in enumerate((((0.05, -9), (0.05, -9)), ((0.05, -9), (0.021, 30)), ((0.003, 100), (0.09, -128)),
                                       ((0.5, 0), (0.25, 0)), ((0.3, -128), (0.001, 127)))):
        simple(f"quantize_s8_s8_{i}", "QUANTIZE", 2, (1, 256), (1, 256), q, False, q_in, q_out, inputs=[all_inputs()])
    unsigned = [np.arange(256).astype(np.uint8).reshape(1, 256)]
    for i, (q_in, q_out) in enumerate((((0.05, 119), (0.05, -9)), ((0.05, 128), (0.03, -20)), ((1.0, 0), (0.9, -128)))):
        simple(f"quantize_u8_s8_{i}", "QUANTIZE", 2, (1, 256), (1, 256), q, False, q_in, q_out, inputs=[unsigned[0]],
               dtype=np.uint8, out_dtype=np.int8)
        simple(f"quantize_s8_u8_{i}", "QUANTIZE", 2, (1, 256), (1, 256), q, False, q_out, q_in, inputs=[all_inputs()],
               out_dtype=np.uint8)
    for i, (scale, zp) in enumerate(((0.0123, 5), (1.5, -128), (3e-5, 127))):
        simple(f"dequantize_s8_{i}", "DEQUANTIZE", 2, (1, 256), (1, 256), options("Dequantize"), False, (scale, zp),
               inputs=[all_inputs()], out_dtype=np.float32)


def main():
    if tf.__version__ != TENSORFLOW:
        sys.exit(f"TensorFlow {TENSORFLOW} is needed, this is {tf.__version__}")
    FOLDER.mkdir(exist_ok=True)
    for family in (convolutions, depthwise_convolutions, fully_connected, pools, means, binaries, softmaxes, unaries,
                   moves, quantisations):
        family()
    for stale in FOLDER.iterdir():
        if stale.stem not in written:
            stale.unlink()
    size = sum(f.stat().st_size for f in FOLDER.iterdir())
    print(f"{len(written)} cases, {size} bytes")


if __name__ == "__main__":
    main()
