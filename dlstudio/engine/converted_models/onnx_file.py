"""Models in the ONNX format."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from dlstudio.document.viewed_model import ViewedLayer, ViewedModel
from dlstudio.engine.converted_models.weight_statistics import statistics
from dlstudio.engine.model_files.protocol_buffers import fields, number

GRAPH = 7
NODE, INITIALIZER, INPUT, OUTPUT, VALUE_INFO = 1, 5, 11, 12, 13
NODE_INPUT, NODE_OUTPUT, NODE_NAME, NODE_KIND = 1, 2, 3, 4
DIMS, DATA_TYPE, FLOATS, TENSOR_NAME, RAW = 1, 2, 4, 8, 9
DTYPES = {1: "f4", 2: "u1", 3: "i1", 5: "i2", 6: "i4", 7: "i8", 10: "f2", 11: "f8"}
"""NumPy's types by the number of a type in the file."""

Shape = tuple[int | None, ...]
Message = dict[int, list[int | bytes]]


def read_onnx(data: bytes) -> ViewedModel:
    """The layers of a model; weights in other files are not read.

    Raises:
        ValueError: The data is damaged.
    """
    graph = _message(_bytes(_message(data)[GRAPH][0]))
    weights = {
        _text(message, TENSOR_NAME): message
        for message in map(_message, _all_bytes(graph, INITIALIZER))
    }
    values = [*graph[INPUT], *graph[OUTPUT], *graph[VALUE_INFO]]
    shapes = dict(_value(_bytes(each)) for each in values)
    nodes = map(_message, _all_bytes(graph, NODE))
    return ViewedModel(
        "ONNX",
        tuple(_layer(node, weights, shapes) for node in nodes),
        tuple(
            each
            for each in map(_value, _all_bytes(graph, INPUT))
            if each[0] not in weights
        ),
        tuple(map(_value, _all_bytes(graph, OUTPUT))),
    )


def _layer(
    node: Message, weights: dict[str, Message], shapes: dict[str, Shape]
) -> ViewedLayer:
    outputs = [_decoded(each) for each in _all_bytes(node, NODE_OUTPUT)]
    inputs = [_decoded(each) for each in _all_bytes(node, NODE_INPUT)]
    stored = [weights[name] for name in inputs if name in weights]
    arrays = [each for each in map(_array, stored) if each is not None]
    sizes = [_size(each) for each in stored]
    return ViewedLayer(
        _text(node, NODE_NAME) or (outputs[0] if outputs else ""),
        _text(node, NODE_KIND),
        tuple(shapes[name] for name in outputs if name in shapes),
        sum(count for count, _bytes_of in sizes),
        sum(bytes_of for _count, bytes_of in sizes),
        statistics(arrays),
    )


def _size(tensor: Message) -> tuple[int, int]:
    """Number of values of a tensor, and their bytes."""
    count = math.prod(_numbers(tensor[DIMS]))
    dtype = DTYPES.get(_first_number(tensor, DATA_TYPE))
    return count, count * (np.dtype(dtype).itemsize if dtype else 1)


def _array(tensor: Message) -> npt.NDArray[np.generic] | None:
    """The values of a tensor; None if they are in another file."""
    dtype = DTYPES.get(_first_number(tensor, DATA_TYPE))
    if dtype is None:
        return None
    if tensor[RAW]:
        return np.frombuffer(_bytes(tensor[RAW][0]), np.dtype(dtype))
    if tensor[FLOATS]:
        return np.frombuffer(b"".join(_all_bytes(tensor, FLOATS)), np.dtype("f4"))
    return None


def _value(data: bytes) -> tuple[str, Shape]:
    """The name of a value, and its shape."""
    info = _message(data)
    shape: list[int | None] = []
    for kind in _all_bytes(info, 2):
        for tensor in _all_bytes(_message(kind), 1):
            for sides in _all_bytes(_message(tensor), 2):
                for side in _all_bytes(_message(sides), 1):
                    known = _message(side)[1]
                    shape.append(
                        known[0] if known and isinstance(known[0], int) else None
                    )
    return _text(info, 1), tuple(shape)


def _message(data: bytes) -> Message:
    found: Message = defaultdict(list)
    for key, value in fields(data):
        found[key].append(value)
    return found


def _bytes(value: int | bytes) -> bytes:
    if not isinstance(value, bytes):
        raise ValueError(value)
    return value


def _all_bytes(message: Message, key: int) -> list[bytes]:
    return [_bytes(each) for each in message[key]]


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _text(message: Message, key: int) -> str:
    return _decoded(_bytes(message[key][0])) if message[key] else ""


def _first_number(message: Message, key: int) -> int:
    found = message[key]
    return found[0] if found and isinstance(found[0], int) else 0


def _numbers(values: list[int | bytes]) -> Iterator[int]:
    """Numbers, each by itself or packed together."""
    for each in values:
        if isinstance(each, int):
            yield each
            continue
        place = 0
        while place < len(each):
            found, place = number(each, place)
            yield found
