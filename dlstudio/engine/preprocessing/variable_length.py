"""Rows of tokens without the padding that a batch does not need.

A model that skips padding computes the same of a row with less of it, in less time. A
model that does not, such as a convolution over padding, is left as it is: whether the
answers stay the same is tried with weights drawn at random, where two functions that
differ at all differ almost surely (DeMillo & Lipton: “A probabilistic remark on
algebraic program testing”, 1978).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio.engine.preprocessing.cache_points import TrainableModel
from dlstudio.engine.preprocessing.coded_rows import CodedRows
from dlstudio.engine.preprocessing.tensor_graph import call_again, layer_name

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, KerasTensor

WORTH = 0.9
"""Mean share of tokens in a row up to which leaving out padding is tried."""
TRIED = 4
"""Rows that are tried, cut to 1, 2, … tokens: the more there are, the more seldom
padding is the maximum."""
DRAWS = 4
"""How often weights are drawn for it."""
MORE = 8
"""Columns of padding that must make no difference."""
DEVIATION = 0.1
"""Of what is added to the weights for it."""
RELATIVE, ABSOLUTE = 1e-4, 1e-5
"""What the order of sums changes, in float32."""


def without_padding(trainable: TrainableModel) -> TrainableModel:
    """The same part of a model for rows of any length, if padding makes no difference.

    Args:
        trainable: Behind its cache points.

    Returns:
        One with the `lengths` of its rows, or `trainable` itself.
    """
    lengths = {
        layer_name(tensor): found
        for tensor in trainable.model.inputs
        if (found := _padded(trainable, tensor)) is not None
    }
    if not lengths or not _plain(trainable.model):
        return trainable
    model = _of_any_length(trainable.model, frozenset(lengths))
    if model is None or not _ignores_padding(model, trainable.rows, lengths):
        return trainable
    return replace(trainable, model=model, lengths=lengths)


def tokens_in(rows: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
    """How many numbers of each row stand before its padding of zeros, (n,).

    Args:
        rows: Whole numbers (n, length).
    """
    table = rows.table if isinstance(rows, CodedRows) else np.asarray(rows)
    used = np.asarray(table != 0)
    lengths = used.shape[1] - np.argmax(used[:, ::-1], axis=1)
    lengths = np.where(used.any(axis=1), lengths, 0).astype(np.int32)
    found: npt.NDArray[np.int32] = (
        lengths[rows.codes] if isinstance(rows, CodedRows) else lengths
    )
    return found


def _padded(
    trainable: TrainableModel, tensor: KerasTensor
) -> npt.NDArray[np.int32] | None:
    """Lengths of the rows that enter an input, if they are tokens with padding."""
    rows = trainable.rows.get(layer_name(tensor))
    if rows is None or rows.ndim != 2 or not tensor.dtype.startswith(("int", "uint")):
        return None
    lengths = tokens_in(rows)
    padded = lengths.any() and lengths.mean() <= WORTH * rows.shape[1]
    return lengths if padded else None


def _plain(model: KerasModel) -> bool:
    """Whether a training step depends on weights, rows and draws alone.

    What layers gather while training, such as BatchNormalization, depends on padding
    even where answers do not; so do losses of what layers give. Answers in half
    precision are too rough to be compared.
    """
    layers: list[Any] = cast("Any", model)._flatten_layers(include_self=False)
    return all(
        layer.compute_dtype not in ("float16", "bfloat16")
        and getattr(layer, "activity_regularizer", None) is None
        and not _gathers(layer)
        for layer in layers
    )


def _gathers(layer: Any) -> bool:
    """Whether a layer has variables that change without being trained.

    States of random generators are not among them.
    """
    fixed = isinstance(layer, keras.layers.Normalization)
    return bool(layer._non_trainable_variables) and not fixed


def _of_any_length(model: KerasModel, names: frozenset[str]) -> KerasModel | None:
    """A model for rows of any length; None if its layers need a fixed one."""
    given: dict[int, Any] = {
        id(tensor): keras.Input((None,), dtype=tensor.dtype, name=layer_name(tensor))
        for tensor in model.inputs
        if layer_name(tensor) in names
    }
    inputs = [given.get(id(tensor), tensor) for tensor in model.inputs]
    try:
        outputs = call_again(model.outputs, given)
    except (ValueError, TypeError):  # such as Flatten before Dense
        return None
    shapes = [tuple(tensor.shape) for tensor in model.outputs]
    if [tuple(tensor.shape) for tensor in outputs] != shapes:
        return None  # an output for each token
    taken = inputs if inputs[1:] else inputs[0]
    wanted = outputs if outputs[1:] else outputs[0]
    return cast("KerasModel", keras.Model(taken, wanted, name=model.name))


def _ignores_padding(
    model: KerasModel,
    rows: Mapping[str, npt.NDArray[Any]],
    lengths: Mapping[str, npt.NDArray[np.int32]],
) -> bool:
    """Whether answers are the same with and without padding, for drawn weights.

    Args:
        model: For rows of any length.
        rows: What enters it.
        lengths: Of those with padding.
    """
    random = np.random.default_rng(0)
    padded: list[npt.NDArray[Any]] = []
    cut: list[npt.NDArray[Any]] = []
    for tensor in model.inputs:
        name = layer_name(tensor)
        if name in lengths:
            cut.append(_short(rows[name], lengths[name]).astype(tensor.dtype))
            padded.append(np.pad(cut[-1], [(0, 0), (0, MORE)]))
            continue
        shape = (1 + TRIED, *(side or 1 for side in tensor.shape[1:]))
        number = "float" in tensor.dtype  # zeros could hide what they multiply
        values = random.normal(size=shape) if number else np.zeros(shape)
        cut.append(values.astype(tensor.dtype))
        padded.append(cut[-1])
    for _draw in range(DRAWS):
        weights = [
            np.asarray(each) + random.normal(0, DEVIATION, each.shape)
            for each in model.trainable_variables
        ]
        try:
            answers = [_answers(model, weights, given) for given in (padded, cut)]
        except (ValueError, TypeError, tf.errors.InvalidArgumentError):
            return False  # a layer needs as many columns as it was built for
        if not all(
            np.allclose(a, b, RELATIVE, ABSOLUTE, equal_nan=True)
            for a, b in zip(*answers, strict=True)
        ):
            return False
    return True


def _short(rows: npt.NDArray[Any], lengths: npt.NDArray[np.int32]) -> npt.NDArray[Any]:
    """The shortest row, and the beginnings of others, (1 + TRIED, columns).

    Rows without tokens are not enough: of these alone, an average or a maximum over
    padding is the same for any length.
    """
    filled = np.flatnonzero(lengths)
    places = filled[np.linspace(0, len(filled) - 1, TRIED).astype(np.int64)]
    shortest = np.argmin(lengths)
    found = np.asarray(rows[np.append(shortest, places)])
    for number in range(TRIED):
        found[1 + number, 1 + number :] = 0
    return found[:, : max(TRIED, int(lengths[shortest]))]


def _answers(
    model: Any, weights: list[npt.NDArray[Any]], given: list[npt.NDArray[Any]]
) -> list[npt.NDArray[Any]]:
    """The outputs of a model for some weights."""
    taken = given if given[1:] else given[0]
    others = model.non_trainable_variables
    found, _others = model.stateless_call(weights, others, taken, training=False)
    return [keras.ops.convert_to_numpy(each) for each in keras.tree.flatten(found)]
