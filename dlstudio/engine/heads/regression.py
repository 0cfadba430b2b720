"""Each sample has a number, in the unit in which the data has it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.document.values import Spec
from dlstudio.engine.heads.base import (
    Activation,
    Floats,
    HeadType,
    LabelForm,
    Shape,
    rows,
    short,
)
from dlstudio.engine.heads.bound_metric import BoundMetric
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.features.base import Fitted
    from dlstudio.data.typing import Tensor, TensorFunction

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

    def check_output(self, shape: Shape, fitted: Fitted) -> None:
        del fitted
        if shape != (1,):
            raise UserError(
                _(
                    "The output of a sample has the shape {shape}; expected one number."
                ).format(shape=shape),
                _("Let the model end with a Dense layer of 1 unit."),
            )

    def targets(self, loss: Spec, units: int, fitted: Fitted) -> TensorFunction:
        del fitted
        if self.label_form(loss.kind, units) is None:
            raise UserError(
                self.unfit_loss().format(
                    loss=short(loss.kind), better=short(self.best_loss(0, units))
                )
            )
        return _column

    def metric(
        self, spec: Spec, loss: Spec, units: int, fitted: Fitted, catalog: Catalog
    ) -> BoundMetric:
        from dlstudio.engine.model.instantiate import make

        del loss, units
        plain = self.plain_metric(spec, catalog)
        if plain is None:
            return BoundMetric(make(spec, catalog, "metrics"), _column)
        if plain.__name__ == "r2":
            plain = partial(plain, center=float(fitted.get("mean", 0.0)))
        return BoundMetric(plain(**spec.params), _column)

    def scores(self, outputs: npt.ArrayLike, from_logits: bool = False) -> Floats:
        """See `HeadType.scores`; `from_logits` changes nothing about numbers."""
        del from_logits
        return rows(outputs).astype(np.float32)


def _column(numbers: Tensor) -> Tensor:
    """Numbers (n,) as float32 (n, 1)."""
    import tensorflow as tf

    result: Tensor = tf.reshape(tf.cast(numbers, tf.float32), (-1, 1))
    return result


REGRESSION = RegressionHead(
    kind="dlstudio.heads.regression",
    labels="number",
    metrics=tuple(HeadType.METRIC + name for name in ("mae", "rmse", "r2")),
)
