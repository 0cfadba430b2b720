"""Repeated nested models: copies of one model in a chain, as one model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import keras

from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, KerasTensor


def repeated_model(
    copies: Sequence[KerasModel], count: int, names: Sequence[str], name: str
) -> KerasModel:
    """A model that calls copies one after the other.

    Each copy takes what the one before gives; the inputs beyond the number of outputs
    are given to every copy.

    Args:
        copies: As many models as are called, or one that is called again and again.
        count: How often one is called.
        names: Names of the inputs.
        name: Name of the model.

    Raises:
        UserError: A copy does not take what the one before gives.
    """
    inputs: list[KerasTensor] = [
        keras.Input(batch_shape=each.shape, dtype=each.dtype, name=own)
        for each, own in zip(copies[0].inputs, names, strict=True)
    ]
    given = list(inputs)
    for number in range(count):
        copy = copies[number % len(copies)]
        outputs = keras.tree.flatten(copy(given if len(given) > 1 else given[0]))
        check_chain(
            [(each.shape, each.dtype) for each in inputs],
            [(each.shape, each.dtype) for each in outputs],
        )
        given = [*outputs, *inputs[len(outputs) :]]
    ends = given[: len(outputs)]
    model: KerasModel = keras.Model(
        inputs if len(inputs) > 1 else inputs[0],
        ends if len(ends) > 1 else ends[0],
        name=name,
    )
    return model


Tensors = Sequence[tuple[tuple[int | None, ...], str]]


def check_chain(inputs: Tensors, outputs: Tensors) -> None:
    """Raise unless a copy can take what another one gives.

    Args:
        inputs: Shape, with the batch, and dtype of each input.
        outputs: Shape and dtype of each output.

    Raises:
        UserError: There are more outputs than inputs, or an output differs from the
            input that it feeds.
    """
    if len(outputs) > len(inputs):
        raise UserError(
            _("It cannot be repeated: it has more outputs than inputs."),
            _("Let it give one output for each input that changes."),
        )
    for (taken, wanted), (shape, dtype) in zip(inputs, outputs, strict=False):
        # A model casts what it takes, as to the policy's precision.
        same = dtype == wanted or ("float" in dtype and "float" in wanted)
        if tuple(shape[1:]) != tuple(taken[1:]) or not same:
            raise UserError(
                _("It cannot be repeated: it gives {given}, but takes {taken}.").format(
                    given=_text(shape, dtype, wanted), taken=_text(taken, wanted, dtype)
                ),
                _("Let its last layer give the shape that its input has."),
            )


def _text(shape: tuple[int | None, ...], dtype: str, other: str) -> str:
    sizes = "×".join("?" if size is None else str(size) for size in shape[1:]) or "1"
    return sizes if dtype == other else f"{sizes} {dtype}"
