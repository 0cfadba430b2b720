"""Models whose layers are defined by code, in files, and the code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras

from dlstudio.trusted_code import TrustStore

CODE = '''\
"""Layers of somebody else."""

from __future__ import annotations

from dataclasses import dataclass

import keras
{more}

@dataclass
class Settings:
    factor: float = 2.0


@keras.saving.register_keras_serializable("theirs")
class Squeezer(keras.layers.Layer):
    def __init__(self, factor=2.0, **options):
        super().__init__(**options)
        self.settings = Settings(factor)
        self.inner = keras.layers.Dense(4)

    def build(self, shape):
        self.inner.build(shape)
        self.scale = self.add_weight(shape=(shape[-1],), initializer="uniform")
        self.built = True

    def call(self, x):
        if self.settings.factor == 13:
            raise KeyError("unlucky")
        return self.inner(x * self.scale) * self.settings.factor

    def get_config(self):
        return {{**super().get_config(), "factor": self.settings.factor}}


def twice(x):
    return 2 * x


@keras.saving.register_keras_serializable("theirs")
class Net(keras.Model):
    def __init__(self, units=3, **options):
        super().__init__(**options)
        self.units = units
        self.first = keras.layers.Dense(units, activation="relu")
        self.last = keras.layers.Dense(2, activation="softmax")

    def call(self, x):
        return self.last(self.first(x))

    def get_config(self):
        return {{**super().get_config(), "units": self.units}}
'''


def write_code(path: Path, more: str = "") -> Path:
    """Write the code; `more` are lines that are run when it is imported."""
    path.write_text(CODE.format(more=more), "utf-8")
    return path


@contextmanager
def defined(code: Path) -> Iterator[dict[str, Any]]:
    """The names that code defines, as the program has them that saves models."""
    names: dict[str, Any] = {"__name__": "builtins"}
    registered = keras.saving.get_custom_objects()
    before = dict(registered)
    source = code.read_text("utf-8").replace("@dataclass\nclass", "class")
    source = source.replace("    factor: float = 2.0", INIT)
    exec(compile(source, "layers.py", "exec"), names)
    try:
        yield names
    finally:
        registered.clear()
        registered.update(before)


INIT = "    def __init__(self, factor):\n        self.factor = factor"


def save_layers(path: Path, code: Path, *, with_lambda: bool = True) -> keras.Model:
    """Save a model with a custom layer, a custom function and a Lambda; the model."""
    keras.utils.set_random_seed(3)
    with defined(code) as names:
        x = keras.Input((4,), name="row")
        y = names["Squeezer"](3.0, name="squeeze")(x)
        if with_lambda:
            y = keras.layers.Lambda(lambda t: t * 2.5 + 1, name="shift")(y)
        y = keras.layers.Dense(4, activation=names["twice"], name="double")(y)
        y = keras.layers.Dense(2, activation="softmax", name="out")(y)
        model = keras.Model(x, y)
        model.save(path)
    return model


def save_net(path: Path, code: Path) -> keras.Model:
    """Save a model that is a class of its own."""
    keras.utils.set_random_seed(4)
    with defined(code) as names:
        model = names["Net"]()
        model(keras.ops.ones((2, 4)))
        model.save(path)
    return model


@contextmanager
def trusted_nowhere(folder: Path) -> Iterator[TrustStore]:
    """A list of trusted code that is empty, in place of the user's."""
    import pytest

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder))
        patch.setattr("dlstudio.paths.user_config", lambda: folder)
        yield TrustStore()
