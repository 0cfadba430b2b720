"""Each sample has a number, in the unit in which the data has it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dlstudio.engine.heads.base import (
    Activation,
    Floats,
    HeadType,
    LabelForm,
    rows,
    short,
)
from dlstudio.i18n import _

LOSSES = frozenset(
    {
        "Huber",
        "LogCosh",
        "MeanAbsoluteError",
        "MeanAbsolutePercentageError",
        "MeanSquaredError",
        "MeanSquaredLogarithmicError",
        "Poisson",
    }
)
"""Losses that compare numbers; CosineSimilarity of one number is its sign alone."""
BOUNDED = frozenset(
    {
        "hard_sigmoid",
        "hard_tanh",
        "log_sigmoid",
        "log_softmax",
        "relu6",
        "sigmoid",
        "softmax",
        "softmin",
        "softsign",
        "sparsemax",
        "sparse_sigmoid",
        "tanh",
    }
)
"""Activations that cannot reach every positive number."""


@dataclass(frozen=True, slots=True)
class RegressionHead(HeadType):
    """A head of one unit without an activation."""

    def fitting_units(self, classes: int) -> frozenset[int]:
        """One, whatever `classes` is."""
        del classes
        return frozenset((1,))

    def unfit_loss(self) -> str:
        """See `HeadType.unfit_loss`."""
        return _(
            "The loss {loss} does not compare two numbers, but the output is a "
            "number. Use {better}."
        )

    def unfit_activation(self, activation: str) -> str:
        """See `HeadType.unfit_activation`; those without an upper bound fit."""
        if activation not in BOUNDED:
            return ""
        return _(
            "{node} applies {name}, which keeps numbers in a narrow range. Use no "
            "activation, so that the model can reach every number."
        )

    def label_form(self, loss: str, units: int) -> LabelForm | None:
        del units
        return "number" if short(loss) in LOSSES else None

    def head(self, loss: str, classes: int, units: int) -> tuple[int, Activation]:
        del loss, classes, units
        return 1, "linear"

    def best_loss(self, classes: int, units: int) -> str:
        del classes, units
        return "keras.losses.MeanSquaredError"

    def scores(self, outputs: npt.ArrayLike, from_logits: bool = False) -> Floats:
        """See `HeadType.scores`; `from_logits` changes nothing about numbers."""
        del from_logits
        return rows(outputs).astype(np.float32)


REGRESSION = RegressionHead(
    kind="dlstudio.heads.regression",
    labels="number",
    metrics=tuple(HeadType.METRIC + name for name in ("mae", "rmse", "r2")),
)
