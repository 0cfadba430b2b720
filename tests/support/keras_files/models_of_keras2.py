"""Small models of every form, for files written by Keras 2 (`tf-keras`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf
import tf_keras as keras
from tf_keras import layers

MAKERS: dict[str, Callable[[], Any]] = {}


def model(maker: Callable[[], Any]) -> Callable[[], Any]:
    """Add a model under the name of its function."""
    MAKERS[maker.__name__] = maker
    return maker


@model
def cnn() -> Any:
    """Convolutions and normalizations, in a row."""
    return keras.Sequential(
        [
            layers.Rescaling(1 / 255, input_shape=(8, 8, 3)),
            layers.Conv2D(4, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(alpha=0.2),
            layers.DepthwiseConv2D(3, padding="same"),
            layers.MaxPooling2D(),
            layers.SeparableConv2D(4, 3, activation=tf.nn.gelu),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(3, activation="softmax", kernel_regularizer="l2"),
        ]
    )


@model
def teachable() -> Any:
    """Rows of layers and models inside of one another, as Teachable Machine does."""
    inside = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, strides=2, padding="same")(inside)
    x = layers.ReLU(6.0)(layers.BatchNormalization()(x))
    net = keras.Model(inside, layers.DepthwiseConv2D(3, padding="same")(x), name="net")
    body = keras.Sequential([net, layers.GlobalAveragePooling2D()])
    head = keras.Sequential(
        [
            layers.Dense(6, activation="relu", input_shape=(4,)),
            layers.Dense(2, activation="softmax", use_bias=False),
        ]
    )
    made = keras.Sequential([body, head])
    made.build((None, 8, 8, 3))
    return made


@model
def siamese_models() -> Any:
    """A layer and a model that are called twice."""
    inside = keras.Input((6,))
    tower = keras.Model(inside, layers.Dense(4)(layers.Dense(5)(inside)), name="tower")
    left, right = keras.Input((6,), name="left"), keras.Input((6,), name="right")
    dense = layers.Dense(3)
    both = layers.Concatenate()([tower(left), tower(right), dense(left), dense(right)])
    return keras.Model([right, left], layers.Dense(1)(both))


@model
def nested() -> Any:
    """Three deep, with weights that are not trained in the middle."""
    a = keras.Input((6,))
    inner = keras.Model(a, layers.Dense(5, activation="elu")(a), name="inner")
    b = keras.Input((6,))
    normed = layers.BatchNormalization()(inner(b))
    middle = keras.Model(b, layers.Dense(4)(normed), name="middle")
    c = keras.Input((6,))
    return keras.Model(c, layers.Dense(2)(middle(c)), name="whole")


@model
def operators() -> Any:
    """Operators and functions of TensorFlow."""
    x = keras.Input((5, 4))
    y = (x + 1.0) * x[:, :1] - 2 / (tf.abs(x) + 3.0)
    y = tf.matmul(y, tf.transpose(y, (0, 2, 1)))
    y = tf.where(y > 0, y, 0.1 * y)
    y = tf.concat([y, -y], axis=-1)
    y = tf.nn.softmax(tf.clip_by_value(y, -2.0, 2.0))
    y = tf.reduce_mean(y, axis=1, keepdims=True) ** 2
    y = tf.squeeze(tf.stack([y, y], axis=1)[:, 0], 1)
    return keras.Model(x, layers.Dense(2)(tf.expand_dims(y[..., ::2], -1)))


@model
def encoder_decoder() -> Any:
    """A decoder that begins with the encoder's state."""
    source, target = keras.Input((5,), name="source"), keras.Input((4,), name="target")
    embedding = layers.Embedding(10, 4)
    _last, h, c = layers.LSTM(3, return_state=True)(embedding(source))
    decoded = layers.LSTM(3, return_sequences=True)(
        embedding(target), initial_state=[h, c]
    )
    return keras.Model([source, target], layers.Dense(6, "softmax")(decoded))


@model
def attention() -> Any:
    """Tensors as keyword arguments."""
    x, y = keras.Input((5, 4)), keras.Input((3, 4))
    a = layers.MultiHeadAttention(2, 3)(x, y, key=y)
    b = layers.Attention(use_scale=True)([x, y])
    a = layers.LayerNormalization()(layers.Add()([x, a]))
    return keras.Model([x, y], layers.Concatenate()([a, b]))


@model
def time_distributed() -> Any:
    """A model for each step of a sequence."""
    inside = keras.Input((6,))
    inner = keras.Model(inside, layers.Dense(3, "relu")(inside), name="inner")
    x = keras.Input((4, 6))
    y = layers.TimeDistributed(inner)(x)
    return keras.Model(x, layers.TimeDistributed(layers.Dense(2))(y))


@model
def recurrent() -> Any:
    """Layers in both directions, and cells."""
    x = keras.Input((5, 4))
    y = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
    y = layers.GRU(3, return_sequences=True)(y)
    y = layers.Bidirectional(layers.GRU(2, reset_after=False), merge_mode="sum")(y)
    z = layers.SimpleRNN(3, go_backwards=True)(x)
    w = layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)])(x)
    return keras.Model(x, [layers.Concatenate()([y, z]), w])


@model
def shared_embedding() -> Any:
    """Two texts through one embedding, with padding that is skipped."""
    first, second = keras.Input((5,), name="first"), keras.Input((5,), name="second")
    embedding = layers.Embedding(10, 4, mask_zero=True)
    both = [layers.LSTM(3)(embedding(each)) for each in (first, second)]
    return keras.Model([first, second], layers.Dot(axes=1, normalize=True)(both))


@model
def unet() -> Any:
    """Down, up, and across."""
    x = keras.Input((8, 8, 1))
    a = layers.Conv2D(3, 3, padding="same", activation="relu")(x)
    b = layers.Conv2D(4, 3, strides=2, padding="same", activation="swish")(a)
    up = layers.Conv2DTranspose(3, 2, strides=2)(b)
    y = layers.Conv2D(2, 3, padding="same")(layers.Concatenate()([a, up]))
    y = layers.UpSampling2D(interpolation="bilinear")(layers.AveragePooling2D(2)(y))
    return keras.Model(x, layers.Conv2D(1, 1, activation="sigmoid", name="mask")(y))


@model
def several_outputs() -> Any:
    """Residuals, frozen layers, and outputs by name."""
    x = keras.Input((6,), name="row")
    y = layers.Dense(6, activation="relu", trainable=False)(x)
    y = layers.Add()([x, layers.PReLU()(y)])
    y = layers.ThresholdedReLU(0.1)(layers.GaussianNoise(0.1)(y))
    price = layers.Dense(1, name="price")(y)
    kind = layers.Dense(3, activation="softmax", name="kind")(y)
    return keras.Model(x, {"price": price, "kind": kind})


@model
def normalized() -> Any:
    """What a layer has learned from data."""
    x = keras.Input((4,))
    learned = layers.Normalization()
    learned.adapt([[1.0, 2.0, 3.0, 4.0], [2.0, 5.0, 4.0, 8.0]])
    return keras.Model(x, layers.Dense(2)(learned(x)))


@model
def mixed_precision() -> Any:
    """A policy of another precision."""
    x = keras.Input((6,))
    y = layers.Dense(4, activation="relu", dtype="mixed_bfloat16")(x)
    return keras.Model(x, layers.Dense(2, dtype="float32")(y))


@model
def convolutions() -> Any:
    """One and three dimensions, with steps."""
    x, y = keras.Input((8, 3)), keras.Input((3, 6, 6, 2))
    a = layers.GlobalAveragePooling1D()(layers.Conv1D(4, 3, padding="causal")(x))
    b = layers.Flatten()(layers.ZeroPadding2D(1)(layers.ConvLSTM2D(2, 3)(y)))
    c = layers.Flatten()(layers.Conv3D(2, 2)(y))
    return keras.Model([x, y], layers.Dense(2)(layers.Concatenate()([a, b, c])))
