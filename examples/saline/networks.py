"""The two networks. Both read a grey picture (0 to 1) and give one probability per class.

The level is a position, so neither network averages over the picture: Flatten keeps where things are.
"""
import math

import keras
from keras import layers


def saline(input_shape, classes):
    """Plain convolutions."""
    return keras.Sequential([
        keras.Input(input_shape),
        layers.Conv2D(8, 3, padding="same", activation="relu", name="conv1"),
        layers.MaxPooling2D(name="pool1"),
        layers.Conv2D(16, 3, padding="same", activation="relu", name="conv2"),
        layers.MaxPooling2D(name="pool2"),
        layers.Conv2D(24, 3, padding="same", activation="relu", name="conv3"),
        layers.MaxPooling2D(name="pool3"),
        layers.Flatten(name="flatten"),
        layers.Dense(32, activation="relu", name="dense1"),
        layers.Dense(classes, activation="softmax", name="dense2"),
    ], name="saline")


def saline_sep(input_shape, classes):
    """Separable convolutions with batch normalisation; the first layer stays plain, for with one input
    channel there is nothing to separate."""
    network = [keras.Input(input_shape),
               layers.Conv2D(8, 3, padding="same", activation="relu", name="conv1"),
               layers.MaxPooling2D(name="pool1")]
    for index, channels in enumerate((16, 32, 48), start=2):
        network += [layers.SeparableConv2D(channels, 3, padding="same", use_bias=False, name=f"sep{index}"),
                    layers.BatchNormalization(momentum=0.9, name=f"norm{index}"),
                    layers.ReLU(name=f"relu{index}"),
                    layers.MaxPooling2D(name=f"pool{index}")]
    network += [layers.Flatten(name="flatten"),
                layers.Dense(32, activation="relu", name="dense1"),
                layers.Dense(classes, activation="softmax", name="dense2")]
    return keras.Sequential(network, name="saline_sep")


def macc(layer):
    """Multiply-accumulates of one layer for one picture; biases, pooling and softmax are not counted."""
    if isinstance(layer, layers.Dense):
        return math.prod(layer.kernel.shape)
    if isinstance(layer, layers.SeparableConv2D):
        weights = math.prod(layer.depthwise_kernel.shape) + math.prod(layer.pointwise_kernel.shape)
        return math.prod(layer.output.shape[1:3]) * weights
    if isinstance(layer, layers.Conv2D):
        return math.prod(layer.output.shape[1:3]) * math.prod(layer.kernel.shape)
    return 0
