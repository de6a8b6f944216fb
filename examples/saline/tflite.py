"""TensorFlow Lite: conversion of a Keras network, its operators, and running it with the reference kernels."""
import numpy as np
import tensorflow as tf

# What a .tflite of this example may hold, so that small runtimes can execute it.
ALLOWED = {"CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "MAX_POOL_2D", "AVERAGE_POOL_2D", "MEAN", "ADD",
           "RESHAPE", "SOFTMAX", "RELU"}
CALIBRATION_PICTURES = 400


def convert(model, calibration=None):
    """The .tflite bytes: float32, or, given pictures to calibrate with, int8 from input to output."""
    # A fixed batch of one makes Flatten a RESHAPE with a constant shape.
    signature = tf.TensorSpec((1, *model.input_shape[1:]), tf.float32, name="picture")
    function = tf.function(lambda picture: model(picture, training=False)).get_concrete_function(signature)
    # Without the model beside it the converter writes the weights as constants, not as variables.
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function])
    if calibration is not None:
        chosen = calibration[:CALIBRATION_PICTURES]
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: ([picture[np.newaxis]] for picture in chosen)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = tf.int8
        converter.inference_output_type = tf.int8
    return converter.convert()


def _interpreter(content):
    # The reference kernels define what int8 results are; the optimised ones may round differently.
    resolver = tf.lite.experimental.OpResolverType.BUILTIN_REF
    interpreter = tf.lite.Interpreter(model_content=content, experimental_op_resolver_type=resolver)
    interpreter.allocate_tensors()
    return interpreter


def operators(content):
    """Names of the operators in order of execution. Ends the program when one is outside ALLOWED or a
    RESHAPE takes its shape from another operator."""
    interpreter = _interpreter(content)
    details = interpreter._get_ops_details()  # the only way to list operators from Python
    produced = {tensor for operator in details for tensor in operator["outputs"]}
    names = [operator["op_name"] for operator in details]
    for operator in details:
        if operator["op_name"] not in ALLOWED:
            raise SystemExit(f"operator {operator['op_name']} is not among {', '.join(sorted(ALLOWED))}")
        if operator["op_name"] == "RESHAPE" and operator["inputs"][1] in produced:
            raise SystemExit("a RESHAPE has a computed shape; fix the batch size before converting")
    return names


def predict(content, pictures):
    """Class number for each float picture, quantised first where the network reads int8."""
    interpreter = _interpreter(content)
    source, result = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    if source["dtype"] == np.int8:
        scale, zero_point = source["quantization"]
        pictures = np.clip(np.rint(pictures / scale + zero_point), -128, 127).astype(np.int8)
    classes = np.empty(len(pictures), np.int32)
    for i, picture in enumerate(pictures):
        interpreter.set_tensor(source["index"], picture[np.newaxis])
        interpreter.invoke()
        classes[i] = interpreter.get_tensor(result["index"])[0].argmax()
    return classes
