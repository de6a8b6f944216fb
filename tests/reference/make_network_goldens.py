#!/usr/bin/env python3
"""Writes networks/NAME/<path>.golden for each .tflite under FOLDER whose operators are supported: what TensorFlow
Lite's reference kernels (OpResolverType.BUILTIN_REF) answer to three inputs. Run by hand; needs TensorFlow 2.19.0.

    make_network_goldens.py examples ../../examples
    make_network_goldens.py models   <folder of public test networks>

A golden file is one line of text, "mcusim golden, TensorFlow <version>, BUILTIN_REF, sha256 <of the model>\\n",
then the bytes of each output of each sample, little-endian. Inputs are not stored, because hash() makes them:
element e of input i of sample s is the byte h = hash(e, i, s), as int8 h - 128, as uint8 h, as float32 h / 128 - 1."""

import hashlib
import os
import pathlib
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import flatbuffers
import numpy as np
import tensorflow as tf
from tensorflow.lite.python import schema_py_generated as schema

TENSORFLOW = "2.19.0"
SAMPLES = 3
SUPPORTED = {
    "ADD", "AVERAGE_POOL_2D", "CONCATENATION", "CONV_2D", "DEPTHWISE_CONV_2D", "DEQUANTIZE", "FULLY_CONNECTED",
    "LOGISTIC", "MAX_POOL_2D", "MEAN", "MUL", "PAD", "QUANTIZE", "RELU", "RELU6", "RESHAPE", "RESIZE_NEAREST_NEIGHBOR",
    "SOFTMAX", "TANH", "TRANSPOSE"
}
OPERATORS = {code: name for name, code in vars(schema.BuiltinOperator).items() if isinstance(code, int)}


def hash_bytes(count, tensor, sample):
    """hash(e, tensor, sample) for e = 0 .. count - 1, modulo 2^32 throughout."""
    h = np.arange(count, dtype=np.uint32) * np.uint32(2654435761)
    h += np.uint32((sample * 131 + tensor * 17 + 1) * 0x85EBCA6B & 0xFFFFFFFF)
    h ^= h >> np.uint32(15)
    h *= np.uint32(0x2C1B3C6D)
    h ^= h >> np.uint32(12)
    return (h >> np.uint32(24)).astype(np.int32)


def input_of(detail, tensor, sample):
    values = hash_bytes(int(np.prod(detail["shape"])), tensor, sample).reshape(detail["shape"])
    if detail["dtype"] == np.float32:
        return (values / 128 - 1).astype(np.float32)
    return (values + np.iinfo(detail["dtype"]).min).astype(detail["dtype"])


def unsupported(content):
    """What of the network this project does not import."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    codes = [OPERATORS[max(code.builtinCode, code.deprecatedBuiltinCode)] for code in model.operatorCodes]
    found = set(codes) - SUPPORTED
    graph = model.subgraphs[0]
    for op in graph.operators:
        if "CONV" in codes[op.opcodeIndex] or codes[op.opcodeIndex] == "FULLY_CONNECTED":
            if graph.tensors[op.inputs[0]].type != graph.tensors[op.inputs[1]].type:
                found.add("float32 activations with int8 weights")
    return found


def acceptable(content):
    """Older converters gave biases the quantised dimension of the weights, which TensorFlow Lite refuses by now. It
    means nothing in a vector."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    for tensor in model.subgraphs[0].tensors:
        if tensor.quantization is not None and len(tensor.shape) == 1:
            tensor.quantization.quantizedDimension = 0
    builder = flatbuffers.Builder(len(content))
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def golden(content):
    interpreter = tf.lite.Interpreter(
        model_content=acceptable(content), experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    digest = hashlib.sha256(content).hexdigest()
    result = f"mcusim golden, TensorFlow {TENSORFLOW}, BUILTIN_REF, sha256 {digest}\n".encode()
    for sample in range(SAMPLES):
        for i, detail in enumerate(interpreter.get_input_details()):
            interpreter.set_tensor(detail["index"], input_of(detail, i, sample))
        interpreter.invoke()
        for detail in interpreter.get_output_details():
            result += interpreter.get_tensor(detail["index"]).tobytes()
    return result


def main():
    if tf.__version__ != TENSORFLOW:
        sys.exit(f"TensorFlow {TENSORFLOW} is needed, this is {tf.__version__}")
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    target = pathlib.Path(__file__).parent / "networks" / sys.argv[1]
    folder = pathlib.Path(sys.argv[2])
    for path in sorted(folder.rglob("*.tflite")):
        content = path.read_bytes()
        obstacles = unsupported(content)
        if obstacles:
            print(f"{path.name}: left out, {', '.join(sorted(obstacles))}")
            continue
        file = target / path.relative_to(folder).with_suffix(".golden")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(golden(content))
        print(f"{path.name}: {file.stat().st_size} bytes")


if __name__ == "__main__":
    main()
