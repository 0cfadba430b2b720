"""What holds for every head that is described."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from head_contract import (
    CHECKS,
    HEADS,
    LOSSES,
    RANDOM,
    Targets,
    check_answers,
    check_comparison,
    check_metrics,
    check_report,
    check_targets,
    check_wishes,
    head_of,
    targets_of,
)

from dlstudio.catalog.heads import HEADS as SHIPPED
from dlstudio.catalog.heads.regression import REGRESSION as DESCRIBED
from dlstudio.catalog.schema import Description
from dlstudio.document.evaluation import HeadReport
from dlstudio.engine.heads.base import AnswerComparison, HeadType, short
from dlstudio.engine.heads.bound_metric import BoundMetric
from dlstudio.engine.heads.regression import REGRESSION, RegressionHead
from dlstudio.engine.heads.regression_metrics import AbsoluteError

Check = Callable[[HeadType, Targets], None]

every_head = pytest.mark.parametrize("described", HEADS, ids=lambda each: each.name)


@every_head
@pytest.mark.parametrize("check", CHECKS, ids=lambda each: each.__name__)
def test_a_head_keeps_the_contract(described: Description, check: Check) -> None:
    for targets in targets_of(described):
        check(head_of(described), targets)


@every_head
def test_each_loss_fits_or_is_refused_with_a_better_one(
    described: Description,
) -> None:
    head_type = head_of(described)
    message = head_type.unfit_loss().format(loss="This", better="That")
    assert "This" in message and "That" in message
    forms = {loss: head_type.label_form(loss, 2) for loss in LOSSES}
    assert any(forms.values()) and not all(forms.values())
    for loss in LOSSES:
        assert head_type.label_form(short(loss), 2) == forms[loss]


@pytest.mark.parametrize("described", SHIPPED, ids=lambda each: each.name)
def test_descriptions_follow_one_pattern(described: Description) -> None:
    expected = f"dlstudio.engine.heads.{described.name}:{described.name.upper()}"
    assert described.implementations.engine == expected
    head_type = head_of(described)
    assert head_type.kind == described.kind
    assert head_type.labels == described.extra["labels"]
    assert inspect.getdoc(type(head_type))


@dataclass(frozen=True, slots=True)
class WrongUnits(RegressionHead):
    def head(self, loss: str, classes: int, units: int) -> tuple[int, Any]:
        return 2, "linear"


@dataclass(frozen=True, slots=True)
class WrongLoss(RegressionHead):
    def best_loss(self, classes: int, units: int) -> str:
        return "keras.losses.SparseCategoricalCrossentropy"


@dataclass(frozen=True, slots=True)
class WrongActivation(RegressionHead):
    def head(self, loss: str, classes: int, units: int) -> tuple[int, Any]:
        return 1, "sigmoid"


@dataclass(frozen=True, slots=True)
class TakesAnyShape(RegressionHead):
    def check_output(self, shape: Any, fitted: Any) -> None:
        return


@dataclass(frozen=True, slots=True)
class OtherRows(RegressionHead):
    def targets(self, loss: Any, units: int, fitted: Any) -> Any:
        RegressionHead.targets(self, loss, units, fitted)
        return lambda numbers: tf.reshape(numbers, (1, -1))


@dataclass(frozen=True, slots=True)
class TakesAnyLoss(RegressionHead):
    def targets(self, loss: Any, units: int, fitted: Any) -> Any:
        return lambda numbers: tf.reshape(tf.cast(numbers, tf.float32), (-1, 1))


@dataclass(frozen=True, slots=True)
class OtherInTheGraph(RegressionHead):
    def tensors(self, outputs: Any, fitted: Any, from_logits: bool = False) -> Any:
        return {"value": tf.reshape(outputs, (-1,)) * 1.1}


@dataclass(frozen=True, slots=True)
class NoJson(RegressionHead):
    def answers(self, outputs: Any, fitted: Any, **more: Any) -> Any:
        return [{"value": row[0]} for row in self.scores(outputs)]


@dataclass(frozen=True, slots=True)
class BlindToNaN(RegressionHead):
    def compare(self, expected: Any, given: Any, fitted: Any, tolerance: float) -> Any:
        far = np.nan_to_num(np.abs(expected - given)[:, 0], posinf=0.0)
        return AnswerComparison(far, far <= tolerance)


@dataclass(frozen=True, slots=True)
class NeverTheSame(RegressionHead):
    def evaluate(self, *given: Any, **more: Any) -> HeadReport:
        report = RegressionHead.evaluate(self, *given, **more)
        report.metrics["drawn"] = float(RANDOM.random())
        return report


@dataclass(frozen=True, slots=True)
class ReportsArrays(RegressionHead):
    def evaluate(self, *given: Any, **more: Any) -> HeadReport:
        report = RegressionHead.evaluate(self, *given, **more)
        report.sections["all"] = np.zeros(3)
        return report


class NeverReset(AbsoluteError):
    def reset_state(self) -> None:
        return


@dataclass(frozen=True, slots=True)
class KeepsCounting(RegressionHead):
    def metric(self, spec: Any, *more: Any) -> BoundMetric:
        found = RegressionHead.metric(self, spec, *more)
        return BoundMetric(NeverReset(), found.targets)


@dataclass(frozen=True, slots=True)
class TakesAnyMetric(RegressionHead):
    def metric(self, spec: Any, *more: Any) -> BoundMetric:
        targets = self.targets(*more[:3])
        return BoundMetric(AbsoluteError(), targets)


@pytest.mark.parametrize(
    ("wrong", "check"),
    [
        (WrongUnits, check_wishes),
        (WrongLoss, check_wishes),
        (WrongActivation, check_wishes),
        (TakesAnyShape, check_wishes),
        (OtherRows, check_targets),
        (TakesAnyLoss, check_targets),
        (OtherInTheGraph, check_answers),
        (NoJson, check_answers),
        (BlindToNaN, check_comparison),
        (NeverTheSame, check_report),
        (ReportsArrays, check_report),
        (KeepsCounting, check_metrics),
        (TakesAnyMetric, check_metrics),
    ],
    ids=lambda each: each.__name__,
)
def test_a_head_that_breaks_the_contract_is_caught(
    wrong: type[RegressionHead], check: Check
) -> None:
    targets = targets_of(DESCRIBED)[0]
    made = wrong(REGRESSION.kind, REGRESSION.labels, REGRESSION.metrics)
    with pytest.raises(
        (
            AssertionError,
            TypeError,
            ValueError,
            tf.errors.OpError,
            pytest.fail.Exception,
        )
    ):
        check(made, targets)
