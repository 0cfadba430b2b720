"""Models in the format of TensorFlow Lite."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from dlstudio.document.viewed_model import ViewedLayer, ViewedModel
from dlstudio.engine.converted_models.tflite_schema import (
    LiteGraph,
    LiteModel,
    LiteOperator,
    LiteOperatorCode,
    StoredTensor,
)
from dlstudio.engine.converted_models.weight_statistics import statistics

IDENTIFIER = b"TFL3"
DTYPES = {0: "f4", 1: "f2", 2: "i4", 3: "u1", 4: "i8", 6: "?", 7: "i2", 9: "i1"}
"""NumPy's types by the number of a type in the file, little endian."""


def read_tflite(data: bytes) -> ViewedModel:
    """The layers of a model.

    Raises:
        Exception: The data is damaged.
    """
    from tensorflow.lite.python import schema_py_generated as schema

    if data[4:8] != IDENTIFIER:
        raise ValueError(data[:8])
    model: LiteModel = schema.Model.GetRootAs(data, 0)
    graph = model.Subgraphs(0)
    layers = tuple(
        _layer(model, graph, graph.Operators(number))
        for number in range(graph.OperatorsLength())
    )
    return ViewedModel(
        "TensorFlow Lite",
        layers,
        tuple(_named(graph, n) for n in graph.InputsAsNumpy().tolist()),
        tuple(_named(graph, n) for n in graph.OutputsAsNumpy().tolist()),
    )


def _layer(model: LiteModel, graph: LiteGraph, operator: LiteOperator) -> ViewedLayer:
    outputs = [n for n in operator.OutputsAsNumpy().tolist() if n >= 0]
    inputs = [n for n in operator.InputsAsNumpy().tolist() if n >= 0]
    arrays = [_array(model, graph.Tensors(n)) for n in inputs]
    stored = [each for each in arrays if each is not None]
    names = [_named(graph, n) for n in outputs]
    return ViewedLayer(
        names[0][0] if names else "",
        _kind(model.OperatorCodes(operator.OpcodeIndex())),
        tuple(shape for _name, shape in names),
        sum(each.size for each in stored),
        sum(each.nbytes for each in stored),
        statistics(stored),
    )


def _named(graph: LiteGraph, number: int) -> tuple[str, tuple[int | None, ...]]:
    tensor = graph.Tensors(number)
    sides = tensor.ShapeSignatureAsNumpy()
    if isinstance(sides, int) or not len(sides):
        sides = tensor.ShapeAsNumpy()
    shape = () if isinstance(sides, int) else tuple(sides.tolist())
    name = (tensor.Name() or b"").decode("utf-8", "replace")
    return name, tuple(None if side < 0 else side for side in shape)


def _array(model: LiteModel, tensor: StoredTensor) -> npt.NDArray[np.generic] | None:
    """The weights of a tensor; None for one that is computed."""
    data = model.Buffers(tensor.Buffer()).DataAsNumpy()
    if isinstance(data, int) or not len(data):
        return None
    dtype = DTYPES.get(tensor.Type())
    if dtype is None:
        return np.frombuffer(data.tobytes(), np.uint8)
    found: npt.NDArray[np.generic] = np.frombuffer(data.tobytes(), np.dtype(dtype))
    return found


def _kind(code: LiteOperatorCode) -> str:
    number = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
    custom = code.CustomCode()
    if custom:
        return str(custom.decode("utf-8", "replace"))
    return _names().get(number, str(number))


@lru_cache
def _names() -> dict[int, str]:
    from tensorflow.lite.python import schema_py_generated as schema

    named = vars(schema.BuiltinOperator).items()
    return {value: name for name, value in named if isinstance(value, int)}
