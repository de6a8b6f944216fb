"""Builds one-operator .tflite files tensor by tensor, so that scales, zero points and shapes are exactly what a
test wants, also where the converter would not choose them."""

import flatbuffers
import numpy as np
from tensorflow.lite.python import schema_py_generated as schema

_TYPES = {
    np.dtype(np.float32): schema.TensorType.FLOAT32,
    np.dtype(np.int8): schema.TensorType.INT8,
    np.dtype(np.uint8): schema.TensorType.UINT8,
    np.dtype(np.int32): schema.TensorType.INT32,
}


class Builder:
    def __init__(self, description):
        self.model = schema.ModelT()
        self.model.version = 3
        self.model.description = description
        self.model.buffers = [schema.BufferT()]
        self.model.operatorCodes = []
        self.graph = schema.SubGraphT()
        self.graph.name = "main"
        self.graph.tensors, self.graph.operators = [], []
        self.model.subgraphs = [self.graph]

    def tensor(self, name, shape, dtype, scale=None, zero_point=0, axis=0, data=None):
        t = schema.TensorT()
        t.name, t.shape, t.type = name, [int(d) for d in shape], _TYPES[np.dtype(dtype)]
        t.buffer = 0
        if data is not None:
            data = np.ascontiguousarray(data, dtype=dtype)
            assert data.shape == tuple(shape), (name, data.shape, shape)
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(data.tobytes(), dtype=np.uint8)
            self.model.buffers.append(buffer)
            t.buffer = len(self.model.buffers) - 1
        if scale is not None:
            q = schema.QuantizationParametersT()
            q.scale = np.atleast_1d(np.asarray(scale, dtype=np.float32))
            q.zeroPoint = np.full(q.scale.shape, zero_point, dtype=np.int64)
            q.quantizedDimension = axis
            t.quantization = q
        self.graph.tensors.append(t)
        return len(self.graph.tensors) - 1

    def op(self, name, version, inputs, outputs, options=None):
        code = schema.OperatorCodeT()
        code.builtinCode = getattr(schema.BuiltinOperator, name)
        code.deprecatedBuiltinCode = min(code.builtinCode, 127)
        code.version = version
        self.model.operatorCodes.append(code)
        operator = schema.OperatorT()
        operator.opcodeIndex = len(self.model.operatorCodes) - 1
        operator.inputs = np.asarray(inputs, dtype=np.int32)
        operator.outputs = np.asarray(outputs, dtype=np.int32)
        if options is not None:
            operator.builtinOptions = options
            operator.builtinOptionsType = getattr(schema.BuiltinOptions, type(options).__name__[:-1])
        self.graph.operators.append(operator)

    def finish(self, inputs, outputs):
        self.graph.inputs = np.asarray(inputs, dtype=np.int32)
        self.graph.outputs = np.asarray(outputs, dtype=np.int32)
        builder = flatbuffers.Builder(4096)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def options(kind, **fields):
    """schema.<kind>OptionsT with the given members."""
    result = getattr(schema, kind + "OptionsT")()
    for key, value in fields.items():
        assert hasattr(result, key), (kind, key)
        setattr(result, key, value)
    return result
