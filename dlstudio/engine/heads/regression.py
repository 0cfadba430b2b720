"""Each sample has a number, in the unit in which the data has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.document.evaluation import HeadReport
from dlstudio.document.prediction import Answer
from dlstudio.document.values import Spec
from dlstudio.engine.heads.activation_functions import rows
from dlstudio.engine.heads.base import (
    WORST,
    Activation,
    AnswerComparison,
    Floats,
    HeadType,
    Shape,
    short,
)
from dlstudio.engine.heads.bound_metric import BoundMetric
from dlstudio.engine.heads.head_script import ResultScript, ScriptOutput
from dlstudio.engine.heads.label_forms import LabelForm
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.features.base import Fitted
    from dlstudio.data.typing import Tensor, TensorFunction

ROUNDING = 1e-6
"""Share of a number that float32 may lose in a few operations."""

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

    SCORE: ClassVar[str] = "r2"

    def fitting_units(self, classes: int) -> frozenset[int]:
        """One, whatever `classes` is."""
        del classes
        return frozenset((1,))

    def unfit_loss(self) -> str:
        return _(
            "The loss {loss} does not compare two numbers, but the output is a "
            "number. Use {better}."
        )

    def unfit_activation(self, activation: str) -> str:
        """Those without an upper bound fit."""
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
        """`from_logits` changes nothing about numbers."""
        del from_logits
        return rows(outputs).astype(np.float32)

    def answers(
        self,
        outputs: npt.ArrayLike,
        fitted: Fitted,
        *,
        from_logits: bool = False,
    ) -> list[Answer]:
        del fitted, from_logits
        return [{"value": float(row[0])} for row in self.scores(outputs)]

    def tensors(
        self, outputs: Tensor, fitted: Fitted, from_logits: bool = False
    ) -> dict[str, Tensor]:
        import tensorflow as tf

        del fitted, from_logits
        return {"value": tf.cast(tf.reshape(outputs, (-1,)), tf.float32)}

    def script_results(self, output: ScriptOutput) -> ResultScript:
        number = f"tf.reshape({output.variable}, (-1,))"
        return ResultScript((), ((output.result, number),))

    def compare(
        self, expected: Floats, given: Floats, fitted: Fitted, tolerance: float
    ) -> AnswerComparison:
        """What float32 loses of large numbers is allowed."""
        wanted = rows(expected)[:, 0]
        with np.errstate(invalid="ignore", over="ignore"):
            apart = np.abs(wanted - rows(given)[:, 0]) - ROUNDING * np.abs(wanted)
        deviation = float(np.ravel(fitted.get("deviation", 1.0))[0]) or 1.0
        far = np.maximum(apart, 0.0) / deviation
        far = np.where(np.isfinite(far), far, np.inf)
        return AnswerComparison(far, far <= tolerance)

    def evaluate(
        self,
        truth: npt.NDArray[Any],
        outputs: npt.ArrayLike,
        ids: Sequence[str],
        fitted: Fitted,
        *,
        target: str = "",
        split: str = "",
        from_logits: bool = False,
        worst: int = WORST,
    ) -> HeadReport:
        # scikit-learn is not needed for a script or a check.
        from dlstudio.engine.heads.regression_report import regression_report

        del fitted, from_logits
        predicted = rows(outputs)[:, 0]
        return regression_report(truth, predicted, ids, target, worst, split)

    def report_metrics(
        self, truth: npt.NDArray[Any], scores: Floats, fitted: Fitted
    ) -> dict[str, float | None]:
        from dlstudio.engine.heads.regression_report import number_metrics

        del fitted
        return number_metrics(truth, scores)


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
