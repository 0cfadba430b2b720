"""The preprocessing of strings, computed once instead of in each step.

A *cache point* is a tensor behind lookups of strings: the last one that is not larger
than those before it. What it is for each sample is computed from the strings that
occur; training starts there, with the same layers as the whole model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio.data.text_rows import TextRows
from dlstudio.data.text_windows import WindowRows
from dlstudio.engine.preprocessing.coded_rows import CodedRows
from dlstudio.engine.preprocessing.input_rows import InputRows
from dlstudio.engine.preprocessing.tensor_graph import (
    call_again,
    calls_before,
    front_of,
    is_input,
    layer_name,
)
from dlstudio.engine.runtime.error_text import plain
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor
    from dlstudio.engine.typing import KerasModel, KerasTensor

AT_ONCE = 4096
LARGEST_TABLE = 2**30
"""Most bytes of the rows of all strings."""
PREPROCESSING = (
    keras.layers.CategoryEncoding,
    keras.layers.Discretization,
    keras.layers.HashedCrossing,
    keras.layers.Hashing,
    keras.layers.IntegerLookup,
)
"""Layers that belong to the preprocessing of strings where they follow it."""


@dataclass(frozen=True, slots=True)
class TrainableModel:
    """The part of a model that is trained.

    Attributes:
        model: From its inputs and the cache points to the outputs; it shares all layers
            with the whole.
        rows: What enters each input of `model`, by its name, where it is a cache point.
        features: What these are computed from, by the same name.
        lengths: How many numbers of each row stand before its padding, (n,), by the
            same name; of rows that `model` takes without it.
    """

    model: KerasModel
    rows: Mapping[str, npt.NDArray[Any]]
    features: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lengths: Mapping[str, npt.NDArray[np.int32]] = field(default_factory=dict)


def trainable_model(model: KerasModel, rows: Mapping[str, InputRows]) -> TrainableModel:
    """The part of a model behind its cache points; all of it if no input takes text.

    Args:
        model: The whole model.
        rows: What enters each input, by the name of its layer.

    Raises:
        UserError: A layer takes text that cannot be computed in advance.
    """
    points = cache_points(model)
    if not points:
        return TrainableModel(model, {})
    given: dict[int, KerasTensor] = {}
    computed: dict[str, npt.NDArray[Any]] = {}
    features: dict[str, tuple[str, ...]] = {}
    taken = {layer.name for layer in model.layers}
    taken |= {each.feature for each in rows.values()}
    for number, point in enumerate(points):
        name = f"{layer_name(point)}_rows_{number}"
        while name in taken:
            name += "_"
        # The real shape: Keras expects one axis more of some text layers.
        computed[name], shape = _rows_of(point, rows)
        before = front_of(point)[0]
        features[name] = tuple(rows[layer_name(each)].feature for each in before)
        given[id(point)] = keras.Input(shape, dtype=point.dtype, name=name)
    outputs = call_again(model.outputs, given)
    entries = filter(is_input, calls_before(outputs))
    inputs = [call.output_tensors[0] for call in entries]
    trainable = keras.Model(_one_or_all(inputs), _one_or_all(outputs), name=model.name)
    return TrainableModel(trainable, computed, features)


def cache_points(model: KerasModel) -> list[KerasTensor]:
    """The cache points of a model, in its order.

    Raises:
        UserError: A layer with weights, or a random one, takes text.
    """
    calls = calls_before(model.outputs)
    inside: set[int] = set()
    for call in calls:
        texts = [each for each in call.input_tensors if each.dtype == "string"]
        if is_input(call):
            if call.output_tensors[0].dtype == "string":
                inside.add(id(call))
        elif texts or _continues(call, inside, calls):
            if texts:
                _check_before(call)
            inside.add(id(call))
    return _leaving(model, calls, inside)


def _leaving(
    model: KerasModel, calls: list[Any], inside: set[int]
) -> list[KerasTensor]:
    """Tensors of calls inside that those outside take, or that are outputs."""
    taken = {id(tensor) for tensor in model.outputs}
    for call in calls:
        if id(call) not in inside:
            taken |= {id(tensor) for tensor in call.input_tensors}
    return [
        tensor
        for call in calls
        if id(call) in inside
        for tensor in call.output_tensors
        if id(tensor) in taken and tensor.dtype != "string"
    ]


def _continues(call: Any, inside: set[int], calls: list[Any]) -> bool:
    """Whether a call continues preprocessing without making it larger."""
    if not isinstance(call.operation, PREPROCESSING) or not call.input_tensors:
        return False
    sources = {id(tensor): each for each in calls for tensor in each.output_tensors}
    if any(id(sources[id(tensor)]) not in inside for tensor in call.input_tensors):
        return False
    before, after = map(_bytes, (call.input_tensors, call.output_tensors))
    return before is not None and after is not None and after <= before


def _bytes(tensors: list[Any]) -> int | None:
    """Bytes of a sample; None if unknown."""
    total = 0
    for tensor in tensors:
        if None in tensor.shape[1:]:
            return None
        size = np.dtype(tensor.dtype).itemsize
        total += int(np.prod(tensor.shape[1:])) * size
    return total


def _check_before(call: Any) -> None:
    """Check that nothing up to a call is trained or random."""
    for each in (call, *calls_before(call.input_tensors)):
        layer = each.operation
        random = getattr(layer, "seed_generator", None) is not None
        if random or getattr(layer, "trainable_variables", None):
            raise UserError(
                _("“{name}” stands before text is looked up.").format(name=layer.name),
                _("Let text enter a StringLookup, Hashing or TextVectorization layer."),
            )


def _rows_of(
    point: KerasTensor, rows: Mapping[str, InputRows]
) -> tuple[npt.NDArray[Any], tuple[int, ...]]:
    """What a cache point is for each sample, and its shape for one of them.

    The rows are scalars (n,), or `CodedRows` (n, ...).
    """
    inputs, front = front_of(point)
    fed = [rows[layer_name(each)] for each in inputs]
    for each, tensor in zip(fed, inputs, strict=True):
        each.check(tensor)
        if each.rows.ndim != 1 and not each.has_text:
            raise UserError(
                _("“{feature}” enters a layer together with text.").format(
                    feature=each.feature
                ),
                _("Only categories and numbers can be combined with text."),
            )
    different = [_different(each.rows) for each in fed]
    places = np.stack([inverse for _kinds, inverse in different], axis=1)
    combined, codes = np.unique(places, axis=0, return_inverse=True)
    batches = []
    for start in range(0, len(combined), AT_ONCE):
        some = combined[start : start + AT_ONCE]
        values = [
            each.as_input(kinds[some[:, number]], tensor)
            for number, (each, (kinds, _inverse), tensor) in enumerate(
                zip(fed, different, inputs, strict=True)
            )
        ]
        batches.append(_compact(_answers(front, values, point)))
    table = _joined(batches)
    if table.nbytes > LARGEST_TABLE:
        raise UserError(
            _("The vectors of all {count} texts of “{feature}” are too large.").format(
                count=len(table), feature=fed[0].feature
            ),
            _("Look texts up as numbers, and add an Embedding layer."),
        )
    codes = codes.reshape(-1)
    if table.shape[1:] in ((), (1,)):
        return table.reshape(-1)[codes], table.shape[1:]
    return cast("npt.NDArray[Any]", CodedRows(table, codes)), table.shape[1:]


def _different(rows: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """The different rows, and the place among them of each one, (n,)."""
    if isinstance(rows, WindowRows):
        codes, windows = rows.coded()
        return windows, codes
    if isinstance(rows, TextRows):  # sorting strings would take long
        codes, texts = rows.coded()
        return cast("npt.NDArray[Any]", TextRows(texts)), codes
    axis = None if rows.ndim == 1 else 0
    kinds, places = np.unique(rows, axis=axis, return_inverse=True)
    return kinds, places.reshape(-1)


def _answers(
    front: KerasModel, values: list[Tensor], point: KerasTensor
) -> npt.NDArray[Any]:
    """What the layers up to a cache point give for some texts."""
    try:
        found = front(values if values[1:] else values[0], training=False)
    except tf.errors.InvalidArgumentError as error:  # no place for unknown words
        raise UserError(
            _("“{name}” cannot look up all texts: {reason}").format(
                name=layer_name(point), reason=plain(error)
            ),
            _("Let it take words that are not in its vocabulary."),
        ) from error
    if isinstance(found, tf.RaggedTensor):
        raise UserError(
            _("“{name}” outputs rows of different lengths.").format(
                name=layer_name(point)
            ),
            _("Switch its option “ragged” off."),
        )
    return np.asarray(keras.ops.convert_to_numpy(found))


def _compact(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Vectors of small whole numbers in few bytes; each value stays the same."""
    vectors = values.ndim > 1 and values.shape[1:] != (1,)
    if not vectors or not values.size:
        return values
    if values.dtype.kind in "iu" and values.min() >= 0:
        return values.astype(np.min_scalar_type(int(values.max())))
    if values.dtype.kind != "f":
        return values
    whole = (values >= 0) & (values <= 255) & (values == np.floor(values))
    return values.astype(np.uint8) if whole.all() else values


def _joined(batches: list[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """All rows, those of texts filled up with zeros to the same length."""
    longest = np.max([batch.shape[1:] for batch in batches], axis=0)
    filled = []
    for batch in batches:
        lacking = longest - np.array(batch.shape[1:])
        filled.append(np.pad(batch, [(0, 0), *((0, each) for each in lacking)]))
    return np.concatenate(filled)


def _one_or_all(tensors: list[KerasTensor]) -> Any:
    return tensors if tensors[1:] else tensors[0]
