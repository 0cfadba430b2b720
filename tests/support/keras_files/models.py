"""Small models of every form, for files written by several versions of Keras 3."""

from __future__ import annotations

from collections.abc import Callable

import keras
from keras import layers, ops
from shared_models import siamese, siamese_models

MAKERS: dict[str, Callable[[], keras.Model]] = {}


def model(maker: Callable[[], keras.Model]) -> Callable[[], keras.Model]:
    """Add a model under the name of its function."""
    MAKERS[maker.__name__] = maker
    return maker


@model
def cnn() -> keras.Model:
    """Convolutions and normalizations, in a row."""
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(4, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.DepthwiseConv2D(3, padding="same"),
            layers.MaxPooling2D(),
            layers.SeparableConv2D(4, 3, activation="gelu"),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(3, activation="softmax", kernel_regularizer="l2"),
        ]
    )


@model
def built_later() -> keras.Model:
    """Without an input layer."""
    made = keras.Sequential([layers.Dense(4, activation="tanh"), layers.Dense(2)])
    made.build((None, 5))
    return made


model(siamese)
model(siamese_models)


@model
def nested() -> keras.Model:
    """Three deep, one of them in a row."""
    a = keras.Input((6,))
    inner = keras.Model(a, layers.Dense(5, activation="elu")(a), name="inner")
    b = keras.Input((6,))
    normed = layers.BatchNormalization()(inner(b))
    middle = keras.Model(b, layers.Dense(4)(normed), name="middle")
    outer = keras.Sequential([keras.Input((6,)), middle, layers.Dense(3)], name="outer")
    c = keras.Input((6,))
    return keras.Model(c, layers.Dense(2)(outer(c)), name="whole")


@model
def operators() -> keras.Model:
    """Operators, indices and operations."""
    x = keras.Input((5, 4))
    y = (x + 1.0) * x[:, :1] - 2 / (ops.abs(x) + 3.0)
    y = ops.matmul(y, ops.transpose(y, (0, 2, 1)))
    y = ops.where(y > 0, y, 0.1 * y)
    y = ops.concatenate([y, -y], axis=-1)
    y = ops.mean(y, axis=1, keepdims=True) ** 2
    return keras.Model(x, layers.Dense(2)(y[..., 0, ::2]))


@model
def encoder_decoder() -> keras.Model:
    """A decoder that begins with the encoder's state."""
    source, target = keras.Input((5,), name="source"), keras.Input((4,), name="target")
    embedding = layers.Embedding(10, 4)
    _last, h, c = layers.LSTM(3, return_state=True)(embedding(source))
    decoded = layers.LSTM(3, return_sequences=True)(
        embedding(target), initial_state=[h, c]
    )
    return keras.Model([source, target], layers.Dense(6, "softmax")(decoded))


@model
def attention() -> keras.Model:
    """Tensors as keyword arguments."""
    x, y = keras.Input((5, 4)), keras.Input((3, 4))
    a = layers.MultiHeadAttention(2, 3)(x, y, key=y)
    b = layers.Attention(use_scale=True)([x, y])
    a = layers.LayerNormalization()(layers.Add()([x, a]))
    c = layers.AdditiveAttention()([a, y])
    return keras.Model([x, y], layers.Concatenate()([a, b, c]))


@model
def time_distributed() -> keras.Model:
    """A model for each step of a sequence."""
    inside = keras.Input((6,))
    inner = keras.Model(inside, layers.Dense(3, "relu")(inside), name="inner")
    x = keras.Input((4, 6))
    y = layers.TimeDistributed(inner)(x)
    return keras.Model(x, layers.TimeDistributed(layers.Dense(2))(y))


@model
def recurrent() -> keras.Model:
    """Layers in both directions, and cells."""
    x = keras.Input((5, 4))
    y = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
    y = layers.GRU(3, return_sequences=True)(y)
    y = layers.Bidirectional(layers.GRU(2, reset_after=False), merge_mode="sum")(y)
    z = layers.SimpleRNN(3, go_backwards=True)(x)
    w = layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)])(x)
    return keras.Model(x, [layers.Concatenate()([y, z]), w])


@model
def shared_embedding() -> keras.Model:
    """Two texts through one embedding, with padding that is skipped."""
    first, second = keras.Input((5,), name="first"), keras.Input((5,), name="second")
    embedding = layers.Embedding(10, 4, mask_zero=True)
    both = [layers.LSTM(3)(embedding(each)) for each in (first, second)]
    return keras.Model([first, second], layers.Dot(axes=1, normalize=True)(both))


@model
def unet() -> keras.Model:
    """Down, up, and across."""
    x = keras.Input((8, 8, 1))
    a = layers.Conv2D(3, 3, padding="same", activation="relu")(x)
    b = layers.Conv2D(4, 3, strides=2, padding="same", activation="swish")(a)
    up = layers.Conv2DTranspose(3, 2, strides=2)(b)
    y = layers.Conv2D(2, 3, padding="same")(layers.Concatenate()([a, up]))
    y = layers.UpSampling2D(interpolation="bilinear")(layers.AveragePooling2D(2)(y))
    return keras.Model(x, layers.Conv2D(1, 1, activation="sigmoid", name="mask")(y))


@model
def several_outputs() -> keras.Model:
    """Residuals, frozen layers, and outputs by name."""
    x = keras.Input((6,), name="row")
    y = layers.Dense(6, activation="relu", trainable=False)(x)
    y = layers.Add()([x, layers.PReLU()(y)])
    y = layers.UnitNormalization()(layers.GaussianNoise(0.1)(y))
    price = layers.Dense(1, name="price")(y)
    kind = layers.Dense(3, activation="softmax", name="kind")(y)
    return keras.Model(x, {"price": price, "kind": kind})


@model
def normalized() -> keras.Model:
    """What a layer has learned from data, and what it was told."""
    x = keras.Input((4,))
    told = layers.Normalization(
        mean=[1.0, 2.0, 3.0, 4.0], variance=[1.0, 4.0, 9.0, 2.0]
    )
    return keras.Model(x, layers.Dense(2)(told(x)))


@model
def mixed_precision() -> keras.Model:
    """A policy of another precision."""
    x = keras.Input((6,))
    y = layers.Dense(4, activation="relu", dtype="mixed_bfloat16")(x)
    return keras.Model(x, layers.Dense(2, dtype="float32")(y))


@model
def convolutions() -> keras.Model:
    """One, three, and both dimensions with steps."""
    x, y = keras.Input((8, 3)), keras.Input((3, 6, 6, 2))
    a = layers.Conv1D(4, 3, dilation_rate=2, padding="causal", groups=1)(x)
    a = layers.GlobalAveragePooling1D()(layers.GroupNormalization(2)(a))
    b = layers.ConvLSTM2D(2, 3)(y)
    c = layers.Conv3D(2, 2)(y)
    flat = [layers.Flatten()(layers.ZeroPadding2D(1)(b)), layers.Flatten()(c)]
    return keras.Model([x, y], layers.Dense(2)(layers.Concatenate()([a, *flat])))


@model
def shapes() -> keras.Model:
    """Layers that only move values."""
    x = keras.Input((4, 6))
    y = layers.Permute((2, 1))(x)
    y = layers.Reshape((8, 3))(y)
    y = layers.Cropping1D(1)(layers.RepeatVector(3)(layers.Flatten()(y)) * 1.0)
    y = layers.Activation("softplus")(layers.ZeroPadding1D(2)(layers.Masking()(x)))
    return keras.Model(x, layers.Minimum()([y, layers.Maximum()([y, y])]))


@keras.saving.register_keras_serializable(package="corpus")
class Scaled(layers.Layer):
    """A layer of somebody's own."""

    def build(self, shape: tuple[int, ...]) -> None:
        self.scale = self.add_weight(shape=(shape[-1],), name="scale")

    def call(self, x: object) -> object:
        return x * self.scale


@model
def own_layer() -> keras.Model:
    """A layer that only its author has: kept as a block."""
    x = keras.Input((4,))
    return keras.Model(x, layers.Dense(2)(Scaled()(layers.Dense(3)(x))))
