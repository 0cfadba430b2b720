"""Keras scripts as people write them, each of which builds `model`."""

from __future__ import annotations

RESIDUAL = '''
import keras
from keras import layers
from keras import regularizers as reg

WEIGHT_DECAY = 1e-4


def conv_bn(x, filters, size=3, stride=1, act=True):
    """A convolution, normalized."""
    x = layers.Conv2D(
        filters, size, strides=stride, padding="same", use_bias=False,
        kernel_regularizer=reg.L2(WEIGHT_DECAY),
    )(x)
    x = layers.BatchNormalization()(x)
    return layers.ReLU()(x) if act else x


def residual_block(x, filters, stride=1):
    shortcut = x
    y = conv_bn(x, filters, stride=stride)
    y = conv_bn(y, filters, act=False)
    if stride != 1 or x.shape[-1] != filters:
        shortcut = conv_bn(x, filters, size=1, stride=stride, act=False)
    return layers.Activation("relu")(layers.Add()([y, shortcut]))


inputs = keras.Input((16, 16, 3), name="image")
x = conv_bn(inputs, 4)
for stage, filters in enumerate([4, 8]):
    for block in range(2):
        stride = 2 if stage > 0 and block == 0 else 1
        x = residual_block(x, filters, stride)
x = layers.GlobalAveragePooling2D()(x)
outputs = layers.Dense(3, "softmax", name="head")(x)
model = keras.Model(inputs, outputs)
model.compile(
    optimizer=keras.optimizers.SGD(0.05, momentum=0.9),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
if False:
    model.fit(None, None, epochs=7, batch_size=48)
'''
SEQUENTIAL = """
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential(name="digits")
model.add(keras.Input(shape=(8, 8, 1)))
for n in (4, 8):
    model.add(layers.Conv2D(n, kernel_size=(3, 3), activation="relu", name=f"conv_{n}"))
model.add(layers.Flatten())
model.add(layers.Dropout(0.5))
model.add(layers.Dense(10))
"""
FIRST_LAYER = """
import tensorflow as tf
model = tf.keras.models.Sequential([
    tf.keras.layers.Dense(16, input_shape=(4,), activation=tf.nn.relu),
    tf.keras.layers.Dense(3, activation=tf.keras.activations.softmax),
])
"""
SIAMESE = """
import keras
from keras import layers, ops

encoder = keras.Sequential([layers.Dense(8, activation="tanh"), layers.Dense(4)])
left, right = keras.Input((6,), name="left"), keras.Input((6,), name="right")
a, b = [encoder(each) for each in (left, right)]
distance = ops.sqrt(ops.sum((a - b) ** 2, axis=-1, keepdims=True) + 1e-6)
similarity = 1 / (1 + distance)
model = keras.Model([left, right], similarity, name="siamese")
"""
TRANSFORMER = """
import keras
from keras import layers as L


def block(x, heads, width, rate=0.1, *, name):
    attended = L.MultiHeadAttention(
        num_heads=heads, key_dim=width // heads, name=f"{name}_attention"
    )(x, x, use_causal_mask=True)
    x = L.LayerNormalization(epsilon=1e-6)(x + L.Dropout(rate)(attended))
    y = L.Dense(2 * width, activation="gelu")(x)
    y = L.Dense(width)(y)
    return L.LayerNormalization(epsilon=1e-6, name=name)(L.Add()([x, y]))


def make(length=6, words=20, width=8, depth=2):
    tokens = keras.Input((length,), dtype="int32", name="tokens")
    x = L.Embedding(words, width, mask_zero=True)(tokens)
    for number in range(depth):
        x = block(x, heads=2, width=width, name=f"block_{number + 1}")
    x = x[:, -1]
    return keras.Model(tokens, L.Dense(words, name="next")(x))


model = make(depth=2)
"""
STATES = """
import keras
from keras import layers

source = keras.Input((5, 3), name="source")
_, h, c = layers.LSTM(4, return_state=True, name="encoder")(source)
target = keras.Input((4, 3), name="target")
decoder = layers.LSTM(4, return_sequences=True, return_state=True)
sequence, last, _ = decoder(target, initial_state=[h, c])
states = layers.concatenate([h, last], axis=1)
model = keras.Model([source, target], [sequence, states])
"""
NESTED = """
import keras
from keras import layers


def make_encoder(units):
    given = keras.Input((6,))
    hidden = layers.Dense(units, activation="relu")(given)
    return keras.Model(given, layers.Dense(3)(hidden), name="encoder")


encoder = make_encoder(units=5)
encoder.trainable = False
one = keras.Input((6,), name="one")
two = keras.Input((6,), name="two")
both = layers.Concatenate()([encoder(one), encoder(inputs=two)])
scaled = both * 2.0 - 0.5
model = keras.Model({"one": one, "two": two}, layers.Dense(1, name="score")(scaled))
"""
UNET = """
import keras
from keras import layers

inputs = keras.Input(shape=(16, 16, 1))
skips = []
x = inputs
widths = [4, 8]
for width in widths:
    x = layers.Conv2D(width, 3, padding="same", activation="relu")(x)
    skips.append(x)
    x = layers.MaxPooling2D()(x)
x = layers.Conv2D(widths[-1] * 2, 3, padding="same", activation="relu")(x)
for width, skip in zip(reversed(widths), reversed(skips)):
    x = layers.Conv2DTranspose(width, 2, strides=2, padding="same")(x)
    x = layers.Concatenate()([x, skip])
    x = layers.Conv2D(width, 3, padding="same", activation="relu")(x)
while len(skips) > 1:
    skips.pop()
outputs = layers.Conv2D(1, 1, activation="sigmoid")(x)
model = keras.Model(inputs, outputs)
"""
FROZEN = """
import keras
from functools import partial
from keras import layers

base = keras.applications.MobileNet(
    alpha=0.25, include_top=False, weights=None, input_shape=(32, 32, 3), pooling="avg"
)
base.trainable = True
fine_tune_at = 60
for layer in base.layers[:fine_tune_at]:
    layer.trainable = False
Dense = partial(layers.Dense, activation="relu")
inputs = keras.Input((32, 32, 3))
x = Dense(4)(base(inputs, training=False))
model = keras.Model(inputs, layers.Dense(2)(x))
"""
CLASSES = """
import keras
from keras import layers, ops

class Block(layers.Layer):
    rate = 0.1

    def __init__(self, width, heads=2, **kwargs):
        super().__init__(**kwargs)
        self.attention = layers.MultiHeadAttention(heads, width)
        self.norms = [layers.LayerNormalization() for _ in range(2)]
        self.drop = layers.Dropout(self.rate)
        self.inner = self.make_inner(width)

    def make_inner(self, width):
        return keras.Sequential([layers.Dense(2 * width, "relu"), layers.Dense(width)])

    def call(self, x, training=None):
        x = self.norms[0](x + self.attention(x, x))
        x = self.drop(x, training=training)
        return self.norms[1](x + self.inner(x))

class Gated(Block):
    def build(self, input_shape):
        self.gate = layers.Dense(input_shape[-1], activation="sigmoid")

    def call(self, x, training=None):
        return self.gate(x) * super().call(x, training=training)

class Classifier(keras.Model):
    def __init__(self, classes):
        super().__init__()
        self.blocks = [Block(8), Gated(8)]
        self.pool, self.head = layers.GlobalAveragePooling1D(), layers.Dense(classes)

    def call(self, words, training=None):
        for block in self.blocks:
            words = block(words, training=training)
        return ops.softmax(self.head(self.pool(words)))

words = keras.Input((6,), dtype="int32")
embedded = layers.Embedding(20, 8)(words)
model = keras.Model(words, Classifier(3)(embedded))
"""
SCRIPTS = {
    "classes": CLASSES,
    "residual": RESIDUAL,
    "sequential": SEQUENTIAL,
    "first_layer": FIRST_LAYER,
    "siamese": SIAMESE,
    "transformer": TRANSFORMER,
    "states": STATES,
    "nested": NESTED,
    "unet": UNET,
    "frozen": FROZEN,
}
