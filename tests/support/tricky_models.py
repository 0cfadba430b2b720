"""Small Keras models of every form that an import has to understand."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers, ops
from keras_files.shared_models import siamese, siamese_models
from tricky_registry import MAKERS as MAKERS
from tricky_registry import OPAQUE as OPAQUE
from tricky_registry import model
from tricky_sequences import encoder_decoder as encoder_decoder


@keras.saving.register_keras_serializable("tricky")
class Scaled(keras.layers.Layer):  # type: ignore[misc]
    """A custom layer with one weight."""

    def __init__(self, factor: float = 1.0, **options: Any) -> None:
        super().__init__(**options)
        self.factor = factor

    def build(self, shape: tuple[int | None, ...]) -> None:
        self.scale = self.add_weight(shape=(shape[-1],), name="scale")

    def call(self, x: Any) -> Any:
        return x * self.scale * self.factor

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "factor": self.factor}


@keras.saving.register_keras_serializable("tricky")
class Both(keras.layers.Layer):  # type: ignore[misc]
    """A custom layer with two inputs, a number and two outputs."""

    def call(self, x: Any, other: Any, factor: float) -> Any:
        return x + factor * other, x - other


@keras.saving.register_keras_serializable("tricky")
def wave(x: Any) -> Any:
    """A custom activation."""
    return ops.sin(x)


@model
def sequential() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(4, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )


@model
def sequential_without_input() -> keras.Model:
    made = keras.Sequential(
        [layers.Dense(4, activation="tanh"), layers.Dropout(0.5), layers.Dense(2)]
    )
    made.build((None, 5))
    return made


model(siamese)
model(siamese_models)


@model
def nested_three_deep() -> keras.Model:
    a = keras.Input((6,))
    inner = keras.Model(a, layers.Dense(5, activation="elu")(a), name="inner")
    b = keras.Input((6,))
    middle = keras.Model(b, layers.Dense(4)(inner(b)), name="middle")
    outer = keras.Sequential([keras.Input((6,)), middle, layers.Dense(3)], name="outer")
    c = keras.Input((6,))
    return keras.Model(c, layers.Dense(2)(outer(c)), name="model")


@model
def nested_outputs() -> keras.Model:
    a = keras.Input((6,))
    hidden = layers.Dense(5, activation="relu")(a)
    two = [layers.Dense(4)(hidden), layers.Dense(3)(hidden)]
    inner = keras.Model(a, two, name="two_heads")
    x, y = keras.Input((6,)), keras.Input((6,))
    first, second = inner(x)
    third, _fourth = inner(y)
    last = layers.Dense(2)(layers.Concatenate()([first, second, third]))
    return keras.Model([x, y], [last, second], name="outer")


@model
def nested_twice() -> keras.Model:
    a, b, x = keras.Input((4,)), keras.Input((4,)), keras.Input((4,))
    layer = layers.Dense(4)
    base = keras.Model(a, layer(layer(a)), name="base")
    middle = keras.Model(b, base(base(b)) + b, name="middle")
    return keras.Model(x, [middle(x), base(x)])


@model
def operators() -> keras.Model:
    x = keras.Input((5, 4))
    y = (x + 1.0) * x[:, :1] - 2 / (ops.abs(x) + 3.0)
    y = y @ ops.transpose(y, (0, 2, 1))
    y = ops.where(y > 0, y, 0.1 * y)
    y = ops.concatenate([y, -y], axis=-1)
    y = ops.einsum("bij,bkj->bik", y, y)
    y = ops.mean(y, axis=1, keepdims=True) ** 2
    return keras.Model(x, layers.Dense(2)(y[..., 0, ::2]))


@model
def comparisons() -> keras.Model:
    x = keras.Input((4,))
    inside = (x > 0) & (x < 1)
    either = ops.logical_or(inside, ~inside)
    chosen = ops.where(either, x // 2, x % 2) - abs(x) + (-x) ** 2
    return keras.Model(x, chosen * ops.cast(inside, "float32"))


@model
def operations() -> keras.Model:
    x = keras.Input((6, 4))
    low, high = ops.split(x, 2, axis=1)
    y = ops.stack([low, high, low * np.arange(4, dtype="float32")], axis=1)
    y = ops.reshape(y, (-1, 9, 4))
    y = ops.take(y, [0, 3, 5], axis=1) + ops.expand_dims(y[:, 0], 1)
    y = ops.softmax(ops.clip(y, -1.0, 1.0), axis=-1)
    y = ops.cast(ops.argmax(y, axis=-1), "float32") + ops.sum(y, axis=-1)
    y = ops.pad(y, [[0, 0], [1, 1]], constant_values=2.0)
    top, _places = ops.top_k(ops.relu(y), 2)
    return keras.Model(x, [ops.norm(top, axis=-1), ops.squeeze(y[:, None], 1), high])


@model
def unet() -> keras.Model:
    x = keras.Input((8, 8, 1), batch_size=3)
    first = layers.Conv2D(4, 3, padding="same", activation="relu")(x)
    second = layers.Conv2D(6, 3, padding="same")(layers.MaxPooling2D()(first))
    second = layers.LeakyReLU(negative_slope=0.2)(second)
    up = layers.Conv2DTranspose(4, 2, strides=2)(second)
    merged = layers.Concatenate(axis=-1)([up, first])
    smooth = layers.UpSampling2D(interpolation="bilinear")(second)
    last = layers.SeparableConv2D(3, (3, 1), padding="same")(merged)
    return keras.Model(x, [layers.Conv2D(1, 1, activation="sigmoid")(last), smooth])


@model
def custom_layer() -> keras.Model:
    x = keras.Input((4,))
    y = Scaled(2.0, name="scaled")(layers.Dense(3)(x))
    return keras.Model(x, layers.Dense(2)(y))


@model
def custom_activation() -> keras.Model:
    x = keras.Input((4,))
    return keras.Model(x, layers.Dense(3, activation=wave, name="waves")(x))


@model
def custom_outputs() -> keras.Model:
    x, y = keras.Input((4,)), keras.Input((4,))
    total, difference = Both(name="both")(x, other=y, factor=2.0)
    return keras.Model([x, y], [difference, layers.Dense(2)(total)])


@model
def lambda_layer() -> keras.Model:
    x = keras.Input((4,))
    y = layers.Lambda(lambda value: value * 2, output_shape=(4,), name="doubled")(x)
    return keras.Model(x, layers.Dense(2)(y))


@model
def quantized() -> keras.Model:
    x = keras.Input((4,))
    y = layers.Dense(3, name="small", dtype="int8_from_float32")(x)
    return keras.Model(x, layers.Dense(2)(y))


@model
def mixed_precision() -> keras.Model:
    x = keras.Input((6,))
    y = layers.Dense(8, activation="relu", dtype="mixed_bfloat16")(x)
    y = layers.Dense(4, dtype="mixed_bfloat16")(y) + 1
    y = layers.BatchNormalization(dtype="mixed_bfloat16")(y)
    return keras.Model(x, layers.Dense(2, dtype="float32")(y))


@model
def named_structure() -> keras.Model:
    inputs = {"b": keras.Input((3,), name="b"), "a": keras.Input((4,), name="a")}
    hidden = layers.Concatenate()([inputs["a"], inputs["b"]])
    outputs = {
        "y": layers.Dense(2, name="y")(hidden),
        "x": layers.Dense(1, name="x")(hidden),
    }
    return keras.Model(inputs, outputs)


@model
def nested_dict() -> keras.Model:
    a, b = keras.Input((3,), name="a"), keras.Input((4,), name="b")
    inner = keras.Model(
        {"a": a, "b": b},
        {"s": layers.Dense(2)(a), "t": layers.Dense(3)(b)},
        name="pair",
    )
    x, y = keras.Input((4,)), keras.Input((3,))
    both = inner({"b": x, "a": y})
    return keras.Model([x, y], layers.Concatenate()([both["t"], both["s"]]))


@model
def frozen() -> keras.Model:
    a = keras.Input((4,))
    hidden = layers.BatchNormalization()(layers.Dense(4)(a))
    base = keras.Model(a, hidden, name="base")
    base.trainable = False
    x = keras.Input((4,))
    y = base(x, training=False)
    y = layers.Dense(3, trainable=False)(y)
    return keras.Model(x, layers.Dense(2)(y))


@model
def preprocessing() -> keras.Model:
    number, word = keras.Input((2,)), keras.Input((1,), dtype="string")
    scale = layers.Normalization()
    scale.adapt(np.array([[1.0, 2.0], [3.0, 6.0], [5.0, 4.0]]))
    lookup = layers.StringLookup(output_mode="one_hot")
    lookup.adapt(np.array(["red", "green", "red", "blue"]))
    bins = layers.Discretization(num_bins=3, output_mode="one_hot")
    bins.adapt(np.array([[1.0, 2.0], [3.0, 6.0], [5.0, 4.0]]))
    near = ops.cast(layers.Flatten()(bins(number)), "float32")
    parts = [scale(number), lookup(word), near]
    return keras.Model([number, word], layers.Dense(1)(layers.Concatenate()(parts)))


@model
def text() -> keras.Model:
    words = keras.Input((1,), dtype="string")
    tokens = layers.TextVectorization(output_sequence_length=4)
    tokens.adapt(np.array(["a good film", "a bad film"]))
    x = layers.Embedding(10, 3)(tokens(words))
    counts = layers.TextVectorization(output_mode="tf_idf")
    counts.adapt(np.array(["a good film", "a bad film"]))
    y = layers.Conv1D(2, 2, activation="gelu")(x)
    return keras.Model(words, [y, layers.Dense(2)(counts(words))])


@model
def arguments() -> keras.Model:
    x = keras.Input((8, 8, 4), name="input.of.numbers")
    y = layers.Conv2D(
        4,
        3,
        dilation_rate=2,
        groups=2,
        padding="same",
        kernel_initializer=keras.initializers.HeNormal(seed=3),
        kernel_regularizer=keras.regularizers.L1L2(1e-4, 1e-3),
        kernel_constraint=keras.constraints.MaxNorm(2),
        bias_initializer=keras.initializers.Constant(0.1),
        activation=layers.LeakyReLU(negative_slope=0.3),
    )(x)
    y = layers.ReLU(max_value=6.0)(layers.GroupNormalization(groups=2)(y))
    y = layers.ZeroPadding2D(((0, 1), (1, 0)))(y)
    y = layers.SpectralNormalization(layers.Conv2D(2, (1, 3)))(y)
    y = layers.Cropping2D(1)(layers.PReLU(shared_axes=[1, 2])(y))
    y = layers.Activation(keras.activations.hard_silu)(y)
    y = layers.EinsumDense("bhwc,cd->bhwd", (None, None, 3), bias_axes="d")(y)
    y = layers.Permute((3, 1, 2))(layers.Rescaling(2.0, offset=-1.0)(y))
    return keras.Model(x, layers.Reshape((3, -1))(y))


@model
def repeated_outputs() -> keras.Model:
    x = keras.Input((4,), name="x")
    y = layers.Dense(3)(x)
    z = layers.Dense(2)(y)
    return keras.Model(x, [z, y, x, z])


@model
def custom_class() -> keras.Model:
    @keras.saving.register_keras_serializable("tricky")
    class Trained(keras.Model):  # type: ignore[misc]
        """A functional model with a training step of its own."""

        def train_step(self, data: Any) -> dict[str, Any]:
            return {"loss": data}

    x = keras.Input((4,))
    return Trained(x, layers.Dense(2)(x), name="trained")


def inputs_of(made: keras.Model, seed: int = 0) -> list[Any]:
    """Values for the inputs of a model, in their order."""
    random = np.random.default_rng(seed)
    found: list[Any] = []
    for tensor in made.inputs:
        shape = (3, *(5 if size is None else size for size in tensor.shape[1:]))
        if tensor.dtype == "string":
            words = random.choice(["a", "film", "red", "blue", "else"], shape)
            found.append(words)
        elif tensor.dtype == "bool":
            found.append(random.random(shape) < 0.7)
        elif "int" in tensor.dtype:
            values = random.integers(0, 6, shape)
            values[:, 0] = 1
            values[:, -1] = 0
            found.append(values.astype(tensor.dtype))
        else:
            found.append(random.normal(size=shape).astype(tensor.dtype))
    return [keras.ops.convert_to_tensor(each) for each in found]
