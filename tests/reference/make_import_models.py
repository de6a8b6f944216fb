"""Writes the small networks of tests/reference/import and what TensorFlow itself reads from them.

Run by hand; README.md in that folder names the versions that wrote the committed files.
  NAME.tflite, NAME.json   to be imported; the JSON holds tensors and operators as TensorFlow's interpreter and its
                           own Python reader of the format see them, and paddings as its kernels apply them
  refused/NAME.tflite      to be refused; refused/expected.json has a part of the message for each
"""

import json
import pathlib
import sys

import numpy as np
import tensorflow as tf
from tensorflow.lite.python import schema_py_generated as schema
from tensorflow.lite.tools import flatbuffer_utils

FOLDER = pathlib.Path(__file__).parent / "import"
RANDOM = np.random.RandomState(2024)

OPERATORS = {v: k for k, v in vars(schema.BuiltinOperator).items() if not k.startswith("_")}
ACTIVATIONS = {v: k.lower() for k, v in vars(schema.ActivationFunctionType).items() if not k.startswith("_")}
# How many leading operands stay operands; the others are constants that become attributes.
KEPT = {"MEAN": 1, "PAD": 1, "RESHAPE": 1, "RESIZE_NEAREST_NEIGHBOR": 1, "TRANSPOSE": 1}
# Shape arithmetic of reshapes with a free batch: gone once the batch is 1.
ON_SIZES = ("SHAPE", "STRIDED_SLICE", "PACK")
WITH_BIAS = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED")


# ---------------------------------------------------------------- building

def weights(*shape):
    return tf.constant(RANDOM.uniform(-1, 1, shape).astype(np.float32))


def convert(function, shapes, mode="float", free_batch=False):
    """mode: float; int8 (border included); mixed (int8 inside, float border); uint8 (border); float16; dynamic;
    int16."""
    specs = [tf.TensorSpec([None if free_batch else s[0], *s[1:]], tf.float32) for s in shapes]
    concrete = tf.function(function).get_concrete_function(*specs)
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete], tf.Module())
    if mode != "float":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if mode == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if mode in ("int8", "uint8", "mixed", "int16"):
        samples = np.random.RandomState(7)
        converter.representative_dataset = lambda: (
            [samples.uniform(-4, 4, s).astype(np.float32) for s in shapes] for _ in range(8))
        converter.target_spec.supported_ops = [
            tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8 if mode == "int16"
            else tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    if mode in ("int8", "uint8"):
        border = tf.int8 if mode == "int8" else tf.uint8
        converter.inference_input_type = converter.inference_output_type = border
    return bytearray(converter.convert())


def edited(data, change):
    """The file with `change` applied to its object form."""
    model = flatbuffer_utils.convert_bytearray_to_object(bytes(data))
    for op in model.subgraphs[0].operators:  # Read-only arrays otherwise.
        op.inputs, op.outputs = [int(i) for i in op.inputs], [int(i) for i in op.outputs]
    change(model)
    return bytearray(flatbuffer_utils.convert_object_to_bytearray(model))


# ---------------------------------------------------------------- what TensorFlow sees

def probe_padding(size, filter_size, stride, dilation, padding):
    """Zeros before and after one dimension, found by running TensorFlow's convolution: kernel tap t has the value
    t + 1, so that the first result tells which tap meets a single one in the input."""
    kernel = tf.reshape(tf.range(1, filter_size + 1, dtype=tf.float32), [1, filter_size, 1, 1])

    def run(position):
        x = np.zeros([1, 1, size, 1], np.float32)
        x[0, 0, position, 0] = 1
        return tf.nn.conv2d(x, kernel, [1, 1, stride, 1], padding, dilations=[1, 1, dilation, 1]).numpy()[0, 0, :, 0]

    for position in range(size):
        taps = run(position)
        if taps[0] > 0:
            before = int(taps[0] - 1) * dilation - position
            last_row = (len(taps) - 1) * stride - before + (filter_size - 1) * dilation
            return [max(0, before), max(0, last_row - (size - 1))]
    raise ValueError("no tap of the first window meets the input")


def padding_of(options, shape, filter_h, filter_w, dilation_h=1, dilation_w=1):
    kind = "SAME" if options.padding == schema.Padding.SAME else "VALID"
    return (probe_padding(shape[1], filter_h, options.strideH, dilation_h, kind)
            + probe_padding(shape[2], filter_w, options.strideW, dilation_w, kind))


def attributes_of(name, options, shapes, constant):
    """Of one operator, with the names of codegen/graph/graph.h."""
    activation = lambda: ACTIVATIONS[options.fusedActivationFunction]
    if name in ("CONV_2D", "DEPTHWISE_CONV_2D"):
        result = {"stride": [options.strideH, options.strideW],
                  "dilation": [options.dilationHFactor, options.dilationWFactor],
                  "padding": padding_of(options, shapes[0], shapes[1][1], shapes[1][2], options.dilationHFactor,
                                        options.dilationWFactor),
                  "activation": activation()}
        if name == "DEPTHWISE_CONV_2D":
            result["multiplier"] = shapes[1][3] // shapes[0][3]
        return result
    if name == "FULLY_CONNECTED":
        return {"activation": activation()}
    if name in ("MAX_POOL_2D", "AVERAGE_POOL_2D"):
        return {"filter": [options.filterHeight, options.filterWidth], "stride": [options.strideH, options.strideW],
                "padding": padding_of(options, shapes[0], options.filterHeight, options.filterWidth),
                "activation": activation()}
    if name == "MEAN":
        rank = len(shapes[0])
        return {"axes": sorted({int(a) % rank for a in np.atleast_1d(constant(1))}), "keep_dims": bool(options.keepDims)}
    if name in ("ADD", "MUL"):
        return {"activation": activation()}
    if name == "PAD":
        return {"before": constant(1)[:, 0].tolist(), "after": constant(1)[:, 1].tolist()}
    if name == "SOFTMAX":
        return {"beta": float(options.beta)}
    if name == "CONCATENATION":
        return {"axis": options.axis % len(shapes[0]), "activation": activation()}
    if name == "TRANSPOSE":
        return {"permutation": constant(1).tolist()}
    if name == "RESIZE_NEAREST_NEIGHBOR":
        return {"align_corners": bool(options.alignCorners), "half_pixel_centers": bool(options.halfPixelCenters)}
    return {}


def fnv1a(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def describe(data):
    interpreter = tf.lite.Interpreter(
        model_content=bytes(data),
        experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)
    interpreter.allocate_tensors()
    details = {d["index"]: d for d in interpreter.get_tensor_details()}
    model = flatbuffer_utils.convert_bytearray_to_object(bytes(data))
    network = model.subgraphs[0]
    is_constant = lambda i: model.buffers[network.tensors[i].buffer].data is not None

    nodes, used = [], set()
    network_inputs = [d["index"] for d in interpreter.get_input_details()]
    network_outputs = [d["index"] for d in interpreter.get_output_details()]
    # The interpreter orders its inputs by signature; the file's own order is what a graph keeps.
    assert sorted(network_inputs) == sorted(network.inputs) and sorted(network_outputs) == sorted(network.outputs)
    used.update(network_inputs + network_outputs)
    for op, seen in zip(network.operators, interpreter._get_ops_details()):
        name = seen["op_name"]
        if name in ON_SIZES:
            continue
        operands = [int(i) for i in op.inputs]
        assert [i for i in operands if i >= 0] == [int(i) for i in seen["inputs"] if i >= 0]
        shapes = [details[i]["shape"].tolist() if i >= 0 else None for i in operands]
        constant = lambda k: interpreter.get_tensor(operands[k])
        kept = operands[:KEPT.get(name, len(operands))]
        if name in WITH_BIAS:
            kept += [-1] * (3 - len(kept))
        used.update(i for i in kept if i >= 0)
        used.update(int(i) for i in seen["outputs"])
        nodes.append({"op": name, "inputs": [details[i]["name"] if i >= 0 else None for i in kept],
                      "outputs": [details[int(i)]["name"] for i in seen["outputs"]],
                      "attributes": attributes_of(name, op.builtinOptions, shapes, constant)})
    tensors = {}
    for index in sorted(used):
        detail = details[index]
        q = detail["quantization_parameters"]
        entry = {"shape": detail["shape"].tolist(), "type": np.dtype(detail["dtype"]).name}
        if len(q["scales"]):
            entry["scales"] = [float(s) for s in q["scales"]]
            entry["zero_points"] = q["zero_points"].tolist()
            if len(q["scales"]) > 1:
                entry["axis"] = 0 if len(entry["shape"]) == 1 else int(q["quantized_dimension"])
        if is_constant(index):
            entry["fnv1a"] = fnv1a(interpreter.get_tensor(index).tobytes())
        tensors[detail["name"]] = entry
    assert len(tensors) == len(used), "tensor names must differ"
    return {"inputs": [details[int(i)]["name"] for i in network.inputs],
            "outputs": [details[int(i)]["name"] for i in network.outputs], "tensors": tensors, "nodes": nodes}


# ---------------------------------------------------------------- networks to import

def networks():
    """name -> (function, input shapes)"""
    conv = lambda k, stride, pad, dilation=1: (
        lambda x: tf.nn.bias_add(tf.nn.conv2d(x, k, stride, pad, dilations=dilation), weights(k.shape[3])))
    depthwise = lambda k, stride, pad, dilation=None: (
        lambda x: tf.nn.bias_add(tf.nn.depthwise_conv2d(x, k, [1, *stride, 1], pad, dilations=dilation),
                                 weights(k.shape[2] * k.shape[3])))
    image = [1, 6, 7, 2]
    return {
        "conv_same_stride2_relu": (lambda x: tf.nn.relu(conv(weights(3, 3, 2, 4), 2, "SAME")(x)), [image]),
        "conv_same_3x2_stride_1x3_relu6": (lambda x: tf.nn.relu6(conv(weights(3, 2, 2, 3), [1, 1, 3, 1], "SAME")(x)),
                                           [[1, 6, 11, 2]]),
        "conv_same_even_filter": (conv(weights(4, 2, 2, 3), 1, "SAME"), [image]),
        "conv_valid_leftover": (conv(weights(3, 3, 2, 3), 2, "VALID"), [[1, 6, 8, 2]]),
        "conv_dilated_same": (conv(weights(3, 3, 2, 3), 1, "SAME", [2, 3]), [[1, 9, 8, 2]]),
        "conv_pointwise_stride2": (conv(weights(1, 1, 2, 3), 2, "SAME"), [image]),
        "depthwise_same_stride2_relu": (lambda x: tf.nn.relu(depthwise(weights(3, 3, 2, 1), [2, 2], "SAME")(x)),
                                        [[1, 7, 6, 2]]),
        "depthwise_multiplier3_valid": (depthwise(weights(2, 3, 2, 3), [1, 1], "VALID"), [image]),
        "depthwise_dilated": (depthwise(weights(3, 3, 2, 1), [1, 1], "SAME", [2, 2]), [[1, 8, 9, 2]]),
        "dense_bias_relu": (lambda x: tf.nn.relu(tf.matmul(x, weights(5, 3)) + weights(3)), [[1, 5]]),
        "dense_no_bias": (lambda x: tf.matmul(x, weights(5, 3)), [[2, 5]]),
        "dense_keep_dimensions": (lambda x: tf.tensordot(x, weights(5, 3), [[2], [0]]), [[1, 4, 5]]),
        "max_pool_valid": (lambda x: tf.nn.max_pool2d(x, [2, 3], 2, "VALID"), [image]),
        "max_pool_same": (lambda x: tf.nn.max_pool2d(x, [3, 3], [2, 1], "SAME"), [image]),
        "average_pool_same": (lambda x: tf.nn.avg_pool2d(x, [2, 2], 2, "SAME"), [[1, 5, 5, 2]]),
        "average_pool_relu": (lambda x: tf.nn.relu(tf.nn.avg_pool2d(x, [3, 2], 1, "VALID")), [image]),
        "mean_spatial": (lambda x: tf.reduce_mean(x, [1, 2]), [image]),
        "mean_keep_dims_negative_axis": (lambda x: tf.reduce_mean(x, [-1], keepdims=True), [image]),
        "add_two_inputs_relu": (lambda a, b: tf.nn.relu(a + b), [image, image]),
        "add_broadcast_constant": (lambda x: x + weights(1, 1, 2), [image]),
        "mul_broadcast": (lambda a, b: a * b, [image, [1, 1, 1, 2]]),
        "pad": (lambda x: tf.pad(x, [[0, 0], [1, 2], [0, 3], [0, 0]]), [image]),
        "reshape_flatten": (lambda x: tf.nn.relu(tf.reshape(x, [1, -1])), [image]),
        "reshape_to_image": (lambda x: tf.reshape(x, [1, 4, -1, 3]), [[1, 24]]),
        "softmax": (tf.nn.softmax, [[1, 5]]),
        "softmax_beta": (tf.nn.softmax, [[1, 3, 5]]),
        "relu": (tf.nn.relu, [image]),
        "relu6": (tf.nn.relu6, [image]),
        "logistic": (tf.sigmoid, [image]),
        "tanh": (tf.tanh, [image]),
        "concatenation_channels": (lambda a, b: tf.concat([a, b], -1), [image, [1, 6, 7, 3]]),
        "concatenation_rows_of_three": (lambda a, b: tf.concat([a, b, a], 1), [image, [1, 2, 7, 2]]),
        "transpose": (lambda x: tf.transpose(x, [0, 3, 1, 2]), [image]),
        "resize_nearest": (lambda x: tf.compat.v1.image.resize_nearest_neighbor(x, [12, 14]), [image]),
        "resize_nearest_half_pixel": (lambda x: tf.image.resize(x, [9, 9], "nearest"), [image]),
        "resize_nearest_align_corners": (
            lambda x: tf.compat.v1.image.resize_nearest_neighbor(x, [4, 3], align_corners=True), [image]),
        "two_outputs": (lambda x: (tf.nn.relu(x), tf.reshape(tf.tanh(x), [1, 84])), [image]),
        "residual_block": (lambda x: tf.nn.softmax(tf.matmul(tf.reshape(tf.nn.relu(
            x + conv(weights(3, 3, 2, 2), 1, "SAME")(tf.nn.relu(conv(weights(3, 3, 2, 2), 1, "SAME")(x)))), [1, -1]),
            weights(84, 3))), [image]),
    }


def set_beta(model):
    model.subgraphs[0].operators[0].builtinOptions.beta = 0.5


def set_activation(value):
    def change(model):
        model.subgraphs[0].operators[-1].builtinOptions.fusedActivationFunction = value
    return change


def omit_bias(model):
    op = model.subgraphs[0].operators[0]
    op.inputs = [op.inputs[0], op.inputs[1], -1]


def shape_from_options(model):
    network = model.subgraphs[0]
    op = network.operators[0]
    op.builtinOptionsType = schema.BuiltinOptions.ReshapeOptions
    op.builtinOptions = schema.ReshapeOptionsT()
    op.builtinOptions.newShape = [int(d) for d in network.tensors[op.outputs[0]].shape]
    op.inputs = [op.inputs[0]]


def importable():
    for name, (function, shapes) in networks().items():
        for mode, suffix in (("float", "f32"), ("int8", "i8")):
            data = convert(function, shapes, mode)
            if name == "softmax_beta":
                data = edited(data, set_beta)
            yield f"{name}_{suffix}", data
    function, shapes = networks()["conv_same_stride2_relu"]
    yield "border_float", convert(function, shapes, "mixed")
    yield "border_uint8", convert(function, shapes, "uint8")
    yield "batch_free", convert(function, shapes, "int8", free_batch=True)
    yield "reshape_of_free_batch", convert(lambda x: tf.nn.relu(tf.reshape(tf.tanh(x), [tf.shape(x)[0], 84])), shapes,
                                           "int8", free_batch=True)
    yield "conv_relu_n1_to_1", edited(convert(function, shapes, "int8"),
                                      set_activation(schema.ActivationFunctionType.RELU_N1_TO_1))
    function, shapes = networks()["dense_bias_relu"]
    yield "dense_bias_omitted", edited(convert(function, shapes, "int8"), omit_bias)
    function, shapes = networks()["reshape_to_image"]
    yield "reshape_shape_in_options", edited(convert(function, shapes, "float"), shape_from_options)


# ---------------------------------------------------------------- networks to refuse

def refused():
    """(name, file, part of the message)"""
    function, shapes = networks()["conv_same_stride2_relu"]
    conv = convert(function, shapes, "int8")
    dense = convert(networks()["dense_bias_relu"][0], [[1, 5]], "int8")
    residual = convert(networks()["residual_block"][0], shapes, "int8")
    simple = {
        "float16": ("is FLOAT16: float16 models are not supported", convert(function, shapes, "float16")),
        "activations_int16": ("not supported", convert(function, shapes, "int16")),
        "leaky_relu": ("operator LEAKY_RELU of tensor", convert(lambda x: tf.nn.leaky_relu(x), shapes)),
        "split": ("operator SPLIT of tensor", convert(lambda x: tf.split(x, 2, -1)[1] + 0.5, shapes)),
        "while": ("operator WHILE of tensor",
                  convert(lambda x: tf.while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, v * 1.5),
                                                  [tf.reduce_mean(x), x])[1], shapes)),
        "weights_computed": ("are computed at run time, which is not supported; make them constants",
                             convert(lambda a, b: tf.matmul(a, b, transpose_b=True), [[1, 5], [3, 5]])),
        "grouped": ("grouped convolution", convert(lambda x: tf.nn.conv2d(x, weights(3, 3, 1, 4), 1, "SAME"), shapes)),
        "rows_free": ("has no fixed size", convert_free_rows()),
        "shape_from_data": ("are computed at run time", convert(
            lambda x: tf.nn.relu(tf.reshape(x, tf.cast(x[0, :2, 0, 0], tf.int32) * 0 + [12, 7])), shapes)),
        "integers": ("not supported", convert(lambda x: tf.cast(tf.cast(x, tf.int32) + 3, tf.float32), shapes)),
    }
    # Big enough for the converter to quantise its weights alone.
    simple["dynamic_range"] = ("dynamic-range quantisation",
                               convert(lambda x: tf.matmul(x, weights(40, 40)), [[1, 40]], "dynamic"))
    for name, (message, data) in simple.items():
        yield name, data, message

    network = lambda m: m.subgraphs[0]
    first = lambda m: network(m).operators[0]
    weight = lambda m: network(m).tensors[first(m).inputs[1]]

    def cycle(m):
        first(m).inputs[0] = network(m).outputs[0]

    def shared_output(m):
        op = first(m)
        network(m).operators.append(op)

    changes = {
        "version_4": (conv, "version 4", lambda m: setattr(m, "version", 4)),
        "operand_out_of_range": (conv, "tensor 1000 does not exist", lambda m: first(m).inputs.__setitem__(1, 1000)),
        "operand_negative": (conv, "tensor -7 does not exist", lambda m: first(m).inputs.__setitem__(0, -7)),
        "operand_omitted": (conv, "operand 1 is missing", lambda m: first(m).inputs.__setitem__(1, -1)),
        "result_out_of_range": (conv, "tensor 1000 does not exist", lambda m: first(m).outputs.__setitem__(0, 1000)),
        "input_out_of_range": (conv, "tensor 99 does not exist", lambda m: setattr(network(m), "inputs", [99])),
        "no_output": (conv, "1 to 256 inputs and outputs", lambda m: setattr(network(m), "outputs", [])),
        "no_operators": (conv, "no operators", lambda m: setattr(network(m), "operators", [])),
        "code_out_of_range": (conv, "operator code 77 does not exist", lambda m: setattr(first(m), "opcodeIndex", 77)),
        "buffer_out_of_range": (conv, "buffer 500, which does not exist", lambda m: setattr(weight(m), "buffer", 500)),
        "weights_too_short": (conv, "where its shape", lambda m: setattr(weight(m), "shape", [4, 3, 3, 3])),
        "shape_overflows": (conv, "take more than 1024 MiB",
                            lambda m: setattr(weight(m), "shape", [2 ** 31 - 1, 3, 3, 2 ** 31 - 1])),
        "shape_of_zeros": (conv, "four positive dimensions", lambda m: setattr(weight(m), "shape", [0, 3, 3, 2])),
        "many_dimensions": (conv, "has 9 dimensions", lambda m: setattr(weight(m), "shape", [1] * 9)),
        "stride_0": (conv, "0 is not within 1..4096", lambda m: setattr(first(m).builtinOptions, "strideH", 0)),
        "stride_huge": (conv, "2147483647 is not within", lambda m: setattr(first(m).builtinOptions, "strideW", 2 ** 31 - 1)),
        "dilation_negative": (conv, "-1 is not within", lambda m: setattr(first(m).builtinOptions, "dilationWFactor", -1)),
        "padding_unknown": (conv, "neither SAME nor VALID", lambda m: setattr(first(m).builtinOptions, "padding", 9)),
        "activation_tanh": (conv, "fused activation TANH", set_activation(schema.ActivationFunctionType.TANH)),
        "result_of_other_shape": (conv, "its result has shape",
                                  lambda m: setattr(network(m).tensors[first(m).outputs[0]], "shape", [1, 3, 5, 4])),
        "scale_missing": (residual, "is int8 without scale and zero point",
                          lambda m: setattr(network(m).tensors[first(m).outputs[0]], "quantization", None)),
        "scale_of_output_missing": (conv, "int8 without one scale",
                                    lambda m: setattr(network(m).tensors[first(m).outputs[0]], "quantization", None)),
        "scale_of_weights_missing": (conv, "its int8 weights have no scale",
                                     lambda m: setattr(weight(m), "quantization", None)),
        "scale_negative": (conv, "has the scale -1", lambda m: setattr(weight(m).quantization, "scale", [-1.0] * 4)),
        "scale_count": (conv, "has 3 scales and 3 zero points along",
                        lambda m: (setattr(weight(m).quantization, "scale", [0.1] * 3),
                                   setattr(weight(m).quantization, "zeroPoint", [0] * 3))),
        "zero_point_count": (conv, "not as many zero points as scales",
                             lambda m: setattr(weight(m).quantization, "zeroPoint", [0])),
        "zero_point_of_weights": (conv, "quantise them symmetrically",
                                  lambda m: setattr(weight(m).quantization, "zeroPoint", [0, 0, 1, 0])),
        "quantized_axis": (conv, "along dimension 40",
                           lambda m: setattr(weight(m).quantization, "quantizedDimension", 40)),
        "cycle": (conv, "used before it is computed", cycle),
        "computed_twice": (conv, "computed twice", shared_output),
        "variable": (conv, "is a variable", lambda m: setattr(network(m).tensors[first(m).inputs[0]], "isVariable", True)),
        "options_missing": (conv, "its options are missing", lambda m: (setattr(first(m), "builtinOptions", None),
                                                                       setattr(first(m), "builtinOptionsType", 0))),
        "custom": (conv, "operator CUSTOM Mine of tensor",
                   lambda m: (setattr(m.operatorCodes[0], "builtinCode", schema.BuiltinOperator.CUSTOM),
                              setattr(m.operatorCodes[0], "deprecatedBuiltinCode", schema.BuiltinOperator.CUSTOM),
                              setattr(m.operatorCodes[0], "customCode", b"Mine"))),
        "dense_shuffled": (dense, "shuffled weights", lambda m: setattr(first(m).builtinOptions, "weightsFormat", 1)),
    }
    for name, (base, message, change) in changes.items():
        yield name, edited(base, change), message

    unary = lambda name: convert(*networks()[name], "float")
    transpose, pad, mean = unary("transpose"), unary("pad"), unary("mean_spatial")

    def constant(model, values, dtype=np.int32):
        tensor = network(model).tensors[first(model).inputs[1]]
        data = np.array(values, dtype)
        tensor.shape = list(data.shape)
        model.buffers[tensor.buffer].data = np.frombuffer(data.tobytes(), np.uint8)

    for name, base, message, values in (
            ("permutation_repeats", transpose, "does not name every dimension once", [0, 3, 3, 2]),
            ("permutation_out_of_range", transpose, "axis 4 is not within", [0, 4, 1, 2]),
            ("permutation_short", transpose, "does not name every dimension once", [0, 1]),
            ("permutation_long", transpose, "more axes than", list(range(64))),
            ("pad_negative", pad, "negative padding", [[0, 0], [-1, 2], [0, 3], [0, 0]]),
            ("pad_short", pad, "do not fit 4 dimensions", [[0, 0], [1, 2]]),
            ("pad_huge", pad, "its result has shape", [[0, 0], [2 ** 31 - 1, 2 ** 31 - 1], [0, 3], [0, 0]]),
            ("mean_axis", mean, "axis -5 is not within", [1, -5])):
        yield name, edited(base, lambda m, v=values: constant(m, v)), message


def convert_free_rows():
    concrete = tf.function(lambda x: tf.nn.relu(x)).get_concrete_function(tf.TensorSpec([1, None, 7, 2], tf.float32))
    return bytearray(tf.lite.TFLiteConverter.from_concrete_functions([concrete]).convert())


def text_of(description):
    """JSON with one line for each tensor and node."""
    lines = lambda items: ",\n  ".join(items)
    return "{{\n \"inputs\": {},\n \"outputs\": {},\n \"tensors\": {{\n  {}\n }},\n \"nodes\": [\n  {}\n ]\n}}\n".format(
        json.dumps(description["inputs"]), json.dumps(description["outputs"]),
        lines(f"{json.dumps(n)}: {json.dumps(t)}" for n, t in description["tensors"].items()),
        lines(json.dumps(n) for n in description["nodes"]))


def main():
    (FOLDER / "refused").mkdir(parents=True, exist_ok=True)
    for old in [*FOLDER.glob("**/*.tflite"), *FOLDER.glob("**/*.json")]:
        old.unlink()
    for name, data in importable():
        (FOLDER / f"{name}.tflite").write_bytes(data)
        (FOLDER / f"{name}.json").write_text(text_of(describe(data)))
    messages = {}
    for name, data, message in refused():
        (FOLDER / "refused" / f"{name}.tflite").write_bytes(data)
        messages[name] = message
    (FOLDER / "refused" / "expected.json").write_text(json.dumps(messages, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
