"""Converted models are shown: their layers, shapes, sizes, and weights."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from dlstudio.engine.converted_models.view import view_model
from dlstudio.errors import UserError

FILES = Path(__file__).parents[2] / "support" / "converted_files"


def test_tensorflow_lite() -> None:
    """A Conv2D, a Flatten and a Dense of Keras, converted."""
    model = view_model(FILES / "tiny.tflite")
    assert model.format == "TensorFlow Lite"
    kinds = [layer.kind for layer in model.layers]
    assert kinds[0] == "CONV_2D" and kinds[-2:] == ["FULLY_CONNECTED", "SOFTMAX"]
    conv = model.layers[0]
    assert conv.shapes == ((None, 6, 6, 4),)
    assert conv.parameters == 3 * 3 * 3 * 4 + 4 and conv.size == 4 * 112
    assert conv.weights is not None and sum(conv.weights.histogram) == 112
    assert conv.weights.least < conv.weights.mean < conv.weights.most
    assert model.inputs[0][1] == (None, 8, 8, 3)
    assert model.outputs[0][1] == (None, 3)


def test_onnx() -> None:
    """A product, a sum and a softmax, as the package `onnx` writes them."""
    model = view_model(FILES / "tiny.onnx")
    matmul, add, softmax = model.layers
    assert (matmul.name, matmul.kind) == ("matmul", "MatMul")
    assert matmul.shapes == ((None, 2),) and add.shapes == ()
    assert (matmul.parameters, matmul.size) == (6, 24)
    assert matmul.weights is not None and add.weights is not None
    assert matmul.weights.least == pytest.approx(-0.2)
    assert (add.weights.least, add.weights.most) == (-0.5, 0.5)
    assert softmax.name == "y" and softmax.weights is None
    assert model.inputs == (("x", (None, 3)),) and model.outputs == (("y", (None, 2)),)
    assert model.parameters == 8 and model.size == 32


@pytest.mark.parametrize("name", ["tiny.tflite", "tiny.onnx"])
def test_damaged_files_are_refused(name: str, tmp_path: Path) -> None:
    data = (FILES / name).read_bytes()
    path = tmp_path / name
    for cut in (0, 3, len(data) // 2):
        path.write_bytes(data[:cut])
        with pytest.raises(UserError, match="not a readable"):
            view_model(path)
    choose = random.Random(0)
    for _each in range(60):
        changed = bytearray(data)
        changed[choose.randrange(len(data))] = choose.randrange(256)
        path.write_bytes(changed)
        try:
            view_model(path)
        except UserError:
            continue
    shutil.rmtree(tmp_path)
