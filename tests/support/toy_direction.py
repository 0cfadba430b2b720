"""A head for tests: an output of two numbers is a direction, answered in degrees.

It predicts the angles of `toy_angle`. Nothing in the package knows of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf
from toy_angle import degrees_of

from dlstudio.catalog.schema import Description, Implementations
from dlstudio.catalog.store import Catalog
from dlstudio.data.features.base import Fitted
from dlstudio.data.typing import Tensor, TensorFunction
from dlstudio.document.evaluation import HeadReport
from dlstudio.document.prediction import Answer
from dlstudio.document.report_sections import (
    MetricsOfReport,
    MetricValue,
    WorstRow,
    WorstRows,
)
from dlstudio.document.values import Spec
from dlstudio.engine.heads.base import (
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

LOSSES = ("MeanSquaredError", "CosineSimilarity", "Huber")
DESCRIPTION = Description(
    kind="toy.heads.direction",
    family="heads",
    implementation="",
    title="Direction",
    summary="Each sample has a direction.",
    extra={"features": ("toy.features.angle",), "labels": "number"},
    implementations=Implementations(engine="toy_direction:DIRECTION"),
)
TURN = Description(
    kind="toy.metrics.turn",
    family="plain_metrics",
    implementation="toy_direction:turn",
    summary="Mean turn between the predicted and the actual direction, in degrees.",
    extra={"direction": "down", "metric_name": "turn"},
)


class Turn(keras.metrics.Metric):
    """The mean angle between two directions, in degrees."""

    def __init__(self, name: str = "turn") -> None:
        super().__init__(name=name)
        self.mean = keras.metrics.Mean()

    def update_state(
        self, truth: Tensor, predicted: Tensor, sample_weight: Tensor | None = None
    ) -> None:
        far = turn_between(_degrees(truth), _degrees(predicted))
        self.mean.update_state(far, sample_weight)

    def result(self) -> Tensor:
        return self.mean.result()


def turn() -> Turn:
    """See `TURN`."""
    return Turn()


@dataclass(frozen=True, slots=True)
class DirectionHead(HeadType):
    """Two units without an activation: sine and cosine of any length."""

    def fitting_units(self, classes: int) -> frozenset[int]:
        return frozenset((2,))

    def unfit_loss(self) -> str:
        return "The loss {loss} does not compare directions. Use {better}."

    def unfit_activation(self, activation: str) -> str:
        if activation in ("linear", "tanh"):
            return ""
        return "{node} applies {name}, with which some directions are never predicted."

    def label_form(self, loss: str, units: int) -> LabelForm | None:
        return "rows" if short(loss) in LOSSES else None

    def head(self, loss: str, classes: int, units: int) -> tuple[int, Activation]:
        return 2, "linear"

    def best_loss(self, classes: int, units: int) -> str:
        return "keras.losses.MeanSquaredError"

    def check_output(self, shape: Shape, fitted: Fitted) -> None:
        if shape != (2,):
            raise UserError(f"The output has the shape {shape}; expected (2,).")

    def targets(self, loss: Spec, units: int, fitted: Fitted) -> TensorFunction:
        if self.label_form(loss.kind, units) is None:
            raise UserError(f"{loss.kind} does not compare directions.")
        return _as_floats

    def metric(
        self, spec: Spec, loss: Spec, units: int, fitted: Fitted, catalog: Catalog
    ) -> BoundMetric:
        made = self.plain_metric(spec, catalog)
        if made is None:
            raise UserError("There is only one metric of directions.")
        return BoundMetric(made(**spec.params), _as_floats)

    def scores(self, outputs: npt.ArrayLike, from_logits: bool = False) -> Floats:
        table = np.asarray(outputs, np.float32).reshape(-1, 2)
        return degrees_of(table).astype(np.float32)[:, None]

    def answers(
        self,
        outputs: npt.ArrayLike,
        fitted: Fitted,
        *,
        from_logits: bool = False,
        threshold: float = 0.5,
    ) -> list[Answer]:
        return [{"value": float(row[0])} for row in self.scores(outputs)]

    def tensors(
        self, outputs: Tensor, fitted: Fitted, from_logits: bool = False
    ) -> dict[str, Tensor]:
        degrees = tf.round(_degrees(outputs) * 1000) / 1000
        return {"value": tf.math.floormod(degrees, 360)}

    def script_results(self, output: ScriptOutput) -> ResultScript:
        name = output.variable
        degrees = f"tf.atan2({name}[:, 0], {name}[:, 1]) * (180 / np.pi) % 360"
        return ResultScript((), ((output.result, degrees),))

    def compare(
        self, expected: Floats, given: Floats, fitted: Fitted, tolerance: float
    ) -> AnswerComparison:
        pair = (np.ravel(each).astype(np.float64) for each in (expected, given))
        with np.errstate(invalid="ignore"):
            far = np.maximum(np.asarray(turn_between(*pair)) - 2e-3, 0) / 360
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
        worst: int = 25,
    ) -> HeadReport:
        actual, guess = degrees_of(truth), self.scores(outputs)[:, 0].astype(float)
        far = np.asarray(turn_between(actual, guess))
        middle = degrees_of(np.asarray(truth, float).mean(axis=0, keepdims=True))
        always = float(np.mean(turn_between(actual, middle)))
        rows = tuple(
            WorstRow(ids[row], float(actual[row]), float(guess[row]), float(far[row]))
            for row in np.argsort(-far, kind="stable")[:worst].tolist()
        )
        card = MetricValue("turn", float(far.mean()), "down", always)
        return HeadReport(
            {"turn": float(far.mean())},
            {"mean": {"turn": always}},
            {
                "metrics": MetricsOfReport((card,)).to_json(),
                "worst": WorstRows(target, rows).to_json(),
            },
        )


def turn_between(first: Any, second: Any) -> Any:
    """The smaller turn from one direction to the other, 0 to 180 degrees."""
    return abs((first - second + 180) % 360 - 180)


def _degrees(rows: Tensor) -> Tensor:
    """Degrees (n,) of sines and cosines (n, 2)."""
    rows = tf.cast(rows, tf.float32)
    return tf.atan2(rows[:, 0], rows[:, 1]) * (180 / np.pi)


def _as_floats(rows: Tensor) -> Tensor:
    return tf.cast(rows, tf.float32)


DIRECTION = DirectionHead(DESCRIPTION.kind, "number", (TURN.kind,))
