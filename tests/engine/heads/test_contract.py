"""What holds for every head that is described."""

from __future__ import annotations

import inspect
import json
from dataclasses import dataclass

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlstudio.catalog.heads import HEADS
from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.document.evaluation import HeadReport
from dlstudio.engine.heads.base import (
    AnswerComparison,
    HeadType,
    LabelForm,
    find_head_type,
    short,
)
from dlstudio.engine.heads.regression import RegressionHead

CATALOG = Catalog.load()
LOSSES = [each.kind for each in CATALOG.family("losses")]
RANDOM = np.random.default_rng(0)

every_head = pytest.mark.parametrize(
    "head_type",
    [find_head_type(each.kind, CATALOG) for each in HEADS],
    ids=lambda each: short(each.kind),
)


def labels_of(head_type: HeadType, classes: int, count: int = 12) -> np.ndarray:
    """Labels as they are before they get a form."""
    if head_type.labels == "single":
        return RANDOM.integers(0, classes, count)
    if head_type.labels == "multi":
        return RANDOM.integers(0, 2, (count, classes))
    if head_type.labels == "image":
        return RANDOM.integers(0, 256, (count, 5, 4, 3)).astype(np.uint8)
    return RANDOM.normal(size=count).astype(np.float32)


def targets_of(labels: np.ndarray, form: LabelForm, classes: int) -> np.ndarray:
    """Labels in the form a loss takes."""
    if form == "image":
        return labels.astype(np.float32) / 255
    if form in ("binary", "number"):
        return labels.astype(np.float32)[:, None]
    return np.eye(classes, dtype=np.float32)[labels] if form == "one_hot" else labels


def outputs_of(
    head_type: HeadType, activation: str, units: int, count: int = 12
) -> np.ndarray:
    """What a model gives with such a head."""
    raw = RANDOM.normal(size=shape_of(head_type, units, count)).astype(np.float32)
    return np.asarray(getattr(keras.activations, activation)(raw))


def shape_of(head_type: HeadType, units: int, count: int) -> tuple[int, ...]:
    """The shape of what a model gives; images are as large as those of `labels_of`."""
    return (count, 5, 4, units) if head_type.labels == "image" else (count, units)


def check_wishes(head_type: HeadType) -> None:
    """The units, activation, loss and label form a head asks for fit each other."""
    for classes in (2, 3, 10):
        for loss in LOSSES:
            units, activation = head_type.head(loss, classes, classes)
            assert units in head_type.fitting_units(classes), loss
            if not head_type.has_classes:
                assert head_type.unfit_activation(activation) == ""
            best = head_type.best_loss(classes, units)
            form = head_type.label_form(best, units)
            assert form is not None and best in LOSSES
            targets = targets_of(labels_of(head_type, classes), form, classes)
            if form == "image":
                units = targets.shape[-1]
            outputs = outputs_of(head_type, activation, units)
            value = getattr(keras.losses, short(best))()(targets, outputs)
            assert np.isfinite(float(value)), (loss, best)


@every_head
def test_what_a_head_wants_fits_itself(head_type: HeadType) -> None:
    check_wishes(head_type)


@dataclass(frozen=True, slots=True)
class WrongUnits(RegressionHead):
    def head(self, loss: str, classes: int, units: int) -> tuple[int, str]:
        return 2, "linear"


@dataclass(frozen=True, slots=True)
class WrongLoss(RegressionHead):
    def best_loss(self, classes: int, units: int) -> str:
        return "keras.losses.SparseCategoricalCrossentropy"


@dataclass(frozen=True, slots=True)
class WrongActivation(RegressionHead):
    def head(self, loss: str, classes: int, units: int) -> tuple[int, str]:
        return 1, "sigmoid"


@pytest.mark.parametrize("wrong", [WrongUnits, WrongLoss, WrongActivation])
def test_a_head_that_contradicts_itself_is_caught(wrong: type[HeadType]) -> None:
    with pytest.raises(AssertionError):
        check_wishes(wrong("dlstudio.heads.wrong", "number", ()))


@every_head
def test_each_loss_fits_or_is_refused_with_a_better_one(head_type: HeadType) -> None:
    message = head_type.unfit_loss().format(loss="This", better="That")
    assert "This" in message and "That" in message
    forms = {loss: head_type.label_form(loss, 2) for loss in LOSSES}
    assert any(forms.values()) and not all(forms.values())
    for loss in LOSSES:
        assert head_type.label_form(short(loss), 2) == forms[loss]


@every_head
def test_scores_are_finite_numbers_in_rows(head_type: HeadType) -> None:
    units, activation = head_type.head("", 3, 3)
    outputs = outputs_of(head_type, activation, units)
    found = head_type.scores(outputs)
    assert found.dtype == np.float32 and np.isfinite(found).all()
    assert found.shape == outputs.shape
    none = np.zeros(shape_of(head_type, units, 0))
    assert head_type.scores(none).shape == none.shape


FITTED = {"names": ["a", "b", "c"], "mean": 5.0, "deviation": 2.0, "fill": 4.0}
IDS = [f"row {number}" for number in range(60)]


def raw_outputs(head_type: HeadType, count: int = 60) -> np.ndarray:
    units, _activation = head_type.head("", 3, 3)
    return RANDOM.normal(size=shape_of(head_type, units, count)).astype(np.float32)


def check_answers(head_type: HeadType, from_logits: bool) -> None:
    """Answers are strict JSON, and the same as in the graph."""
    outputs = raw_outputs(head_type)
    found = head_type.answers(outputs, FITTED, from_logits=from_logits)
    assert len(found) == len(outputs)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    tensors = head_type.tensors(tf.constant(outputs), FITTED, from_logits)
    assert all(each.dtype == tf.float32 for each in tensors.values())
    for name, tensor in tensors.items():
        answered = [each[name] for each in found]
        plain = [list(e.values()) if isinstance(e, dict) else e for e in answered]
        np.testing.assert_allclose(np.asarray(tensor), plain, rtol=1e-5, atol=1e-6)
    assert head_type.answers(outputs[:0], FITTED) == []


@every_head
@pytest.mark.parametrize("from_logits", [False, True])
def test_answers_are_json_and_the_same_in_the_graph(
    head_type: HeadType, from_logits: bool
) -> None:
    check_answers(head_type, from_logits)


def check_comparison(head_type: HeadType) -> None:
    """Equal answers agree, rounding is allowed, and anything else is found."""
    scores = head_type.scores(raw_outputs(head_type), from_logits=True)
    same = head_type.compare(scores, scores, FITTED, 1e-4)
    assert same.same.all() and not same.far.any()
    near = head_type.compare(scores, scores + np.float32(1e-6), FITTED, 1e-4)
    assert near.same.all() and near.far.max() <= 1e-4
    for change in (0.6, np.nan, np.inf):
        other = scores.copy()
        other[7] += change
        found = head_type.compare(scores, other, FITTED, 1e-4)
        assert found.far[7] > 1e-4 and np.delete(found.far, 7).max() == 0
    assert head_type.compare(scores[:0], scores[:0], FITTED, 1e-4).far.shape == (0,)


@every_head
def test_answers_of_two_models_are_compared(head_type: HeadType) -> None:
    check_comparison(head_type)


def check_report(head_type: HeadType, count: int) -> None:
    """A report is strict JSON, reads back the same, and is the same again."""
    truth = labels_of(head_type, 3, count)
    outputs = raw_outputs(head_type, count)
    given = truth, outputs, IDS[:count], FITTED
    report = head_type.evaluate(*given, from_logits=True, worst=4)
    plain = report.to_json()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert HeadReport.from_json(plain) == report
    assert head_type.evaluate(*given, from_logits=True, worst=4) == report
    assert report.metrics and report.sections
    sections = report.sections
    worst = sections.get("worst", sections.get("worst_images", {})).get("rows")
    worst = sections["mistakes"] if worst is None else worst
    assert len(worst) <= 4
    names = {each.get("input", each.get("id")) for each in worst}
    assert names <= set(IDS[:count])


@every_head
@pytest.mark.parametrize("count", [1, 2, 60])
def test_reports_are_json_and_the_same_each_time(
    head_type: HeadType, count: int
) -> None:
    check_report(head_type, count)


@dataclass(frozen=True, slots=True)
class OtherInTheGraph(RegressionHead):
    def tensors(self, outputs: object, fitted: object, from_logits: bool = False):
        return {"value": tf.reshape(outputs, (-1,)) * 1.001}


@dataclass(frozen=True, slots=True)
class BlindToNaN(RegressionHead):
    def compare(self, expected, given, fitted, tolerance):
        far = np.nan_to_num(np.abs(expected - given)[:, 0], posinf=0.0)
        return AnswerComparison(far, far <= tolerance)


@dataclass(frozen=True, slots=True)
class NeverTheSame(RegressionHead):
    def evaluate(self, *given, **more):
        report = RegressionHead.evaluate(self, *given, **more)
        report.metrics["drawn"] = float(RANDOM.random())
        return report


def test_heads_that_break_the_contract_are_caught() -> None:
    made = ("dlstudio.heads.wrong", "number", ())
    with pytest.raises(AssertionError):
        check_answers(OtherInTheGraph(*made), False)
    with pytest.raises(AssertionError):
        check_comparison(BlindToNaN(*made))
    with pytest.raises(AssertionError):
        check_report(NeverTheSame(*made), 9)


@every_head
def test_metrics_are_described_and_have_a_direction(head_type: HeadType) -> None:
    for kind in head_type.metrics:
        described = CATALOG[kind]
        assert described.family == "plain_metrics"
        assert described.extra["direction"] in ("up", "down")


@pytest.mark.parametrize("described", HEADS, ids=lambda each: each.name)
def test_descriptions_follow_one_pattern(described: Description) -> None:
    expected = f"dlstudio.engine.heads.{described.name}:{described.name.upper()}"
    assert described.implementations.engine == expected
    head_type = find_head_type(described.kind, CATALOG)
    assert head_type.kind == described.kind
    assert head_type.labels == described.extra["labels"]
    for feature in described.extra["features"]:
        assert CATALOG[feature].family == "features"
    assert inspect.getdoc(type(head_type))
