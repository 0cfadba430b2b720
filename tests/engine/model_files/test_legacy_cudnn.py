"""Models of Keras 2 with CuDNNLSTM and CuDNNGRU compute what cuDNN computed.

The expected outputs are cuDNN's formulas, with the memory of the weights as CuDNNLSTM
and CuDNNGRU handed it over.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.engine.file_import.opened_model import open_model

INPUTS, UNITS, STEPS = 3, 2, 5
CELLS = {"CuDNNLSTM": 4, "CuDNNGRU": 3}


def sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-values))


def weights_of(gates: int, seed: int) -> list[np.ndarray]:
    """Kernel, recurrent kernel and both biases, as the file has them."""
    draw = np.random.default_rng(seed).normal
    shapes = (INPUTS, gates * UNITS), (UNITS, gates * UNITS), (2 * gates * UNITS,)
    return [draw(size=shape).astype("float32") for shape in shapes]


def matrices(kernel: np.ndarray, gates: int) -> list[np.ndarray]:
    """What cuDNN multiplies with: the memory of each gate as (units, rows)."""
    parts = np.split(kernel, gates, axis=1)
    return [np.ravel(each).reshape(UNITS, len(kernel)) for each in parts]


def cudnn(name: str, rows: np.ndarray, weights: list[np.ndarray]) -> np.ndarray:
    """The last state of a layer of cuDNN for (n, steps, inputs)."""
    gates = CELLS[name]
    enter, again = (matrices(each, gates) for each in weights[:2])
    first, second = (np.split(each, gates) for each in np.split(weights[2], 2))
    outputs = []
    for row in rows:
        h = c = np.zeros(UNITS)
        for x in row:
            a = [enter[g] @ x + first[g] for g in range(gates)]
            b = [again[g] @ h + second[g] for g in range(gates)]
            if name == "CuDNNLSTM":
                i, f, o = (sigmoid(a[g] + b[g]) for g in (0, 1, 3))
                c = f * c + i * np.tanh(a[2] + b[2])
                h = o * np.tanh(c)
            else:  # the file has the update gate first
                z, r = sigmoid(a[0] + b[0]), sigmoid(a[1] + b[1])
                h = (1 - z) * np.tanh(a[2] + r * b[2]) + z * h
        outputs.append(h)
    return np.array(outputs)


def written(
    path: Path, layer: dict[str, Any], weights: list[np.ndarray]
) -> keras.Model:
    """The model of an `.h5` file that Keras 2 might have written."""
    inner = layer["config"]
    inner |= {"name": "states", "batch_input_shape": [None, STEPS, INPUTS]}
    config = {"name": "model", "layers": [layer]}
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = "2.2.4"
        text = {"class_name": "Sequential", "config": config}
        file.attrs["model_config"] = json.dumps(text)
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = ["states"]
        own = group.create_group("states")
        names = [f"states/weight_{number}:0" for number in range(len(weights))]
        own.attrs["weight_names"] = names
        for name, array in zip(names, weights, strict=True):
            own[name] = array
    opened = open_model(path, Catalog.load())
    assert opened.original is not None, opened.reason
    return opened.original


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("both_ways", [False, True])
def test_outputs_are_those_of_cudnn(name: str, both_ways: bool, tmp_path: Path) -> None:
    rows = np.random.default_rng(9).normal(size=(4, STEPS, INPUTS)).astype("float32")
    weights = weights_of(CELLS[name], 0)
    config: dict[str, Any] = {"units": UNITS, "return_sequences": False}
    layer = {"class_name": name, "config": {"name": "cell", **config}}
    expected = cudnn(name, rows, weights)
    if both_ways:
        layer = {
            "class_name": "Bidirectional",
            "config": {"layer": layer, "merge_mode": "concat"},
        }
        back = weights_of(CELLS[name], 1)
        behind = cudnn(name, rows[:, ::-1], back)
        expected, weights = np.concatenate([expected, behind], 1), weights + back
    model = written(tmp_path / "old.h5", layer, weights)
    kind = keras.layers.LSTM if name == "CuDNNLSTM" else keras.layers.GRU
    found = model.layers[0]
    assert type(found.forward_layer if both_ways else found) is kind
    np.testing.assert_allclose(model(rows), expected, atol=2e-6)
