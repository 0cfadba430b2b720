"""What holds for every head that is described."""

from __future__ import annotations

import inspect
from dataclasses import dataclass

import keras
import numpy as np
import pytest

from dlstudio.catalog.heads import HEADS
from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.engine.heads.base import HeadType, LabelForm, find_head_type, short
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
    return RANDOM.normal(size=count).astype(np.float32)


def targets_of(labels: np.ndarray, form: LabelForm, classes: int) -> np.ndarray:
    """Labels in the form a loss takes."""
    if form in ("binary", "number"):
        return labels.astype(np.float32)[:, None]
    return np.eye(classes, dtype=np.float32)[labels] if form == "one_hot" else labels


def outputs_of(activation: str, units: int, count: int = 12) -> np.ndarray:
    """What a model gives with such a head."""
    raw = RANDOM.normal(size=(count, units)).astype(np.float32)
    return np.asarray(getattr(keras.activations, activation)(raw))


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
            outputs = outputs_of(activation, units)
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
    found = head_type.scores(outputs_of(activation, units))
    assert found.dtype == np.float32 and found.ndim == 2 and np.isfinite(found).all()
    assert head_type.scores(np.zeros((0, units))).shape == (0, units)


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
