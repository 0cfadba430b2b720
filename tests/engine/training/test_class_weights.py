"""Class weights, and the weights of samples that follow."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from dlstudio.document.plan import TrainingPlan
from dlstudio.document.values import FrozenMap
from dlstudio.engine.training.class_weights import (
    class_weights,
    planned_weights,
    sample_weights,
)
from dlstudio.errors import UserError

LABELS = np.array([0, 1, 1, 2, 1, 0], np.int32)
NAMES = ("a", "b", "c")


def test_balanced_weights_are_those_of_scikit_learn() -> None:
    plan = TrainingPlan(class_weights="balanced")
    found = class_weights(plan, LABELS, NAMES)
    expected = compute_class_weight("balanced", classes=np.arange(3), y=LABELS)
    assert found == pytest.approx(expected)
    each = sample_weights(found, LABELS)
    assert each is not None and each.dtype == np.float32
    assert each.mean() == pytest.approx(1.0)
    # A class without samples has no effect.
    four = class_weights(plan, LABELS, (*NAMES, "d"))
    assert four is not None and four[3] == 1.0


def test_own_weights_by_name() -> None:
    plan = TrainingPlan(class_weights="custom", class_weight=FrozenMap({"b": 3.0}))
    assert class_weights(plan, LABELS, NAMES) == pytest.approx([1, 3, 1])
    assert class_weights(TrainingPlan(), LABELS, NAMES) is None
    assert sample_weights(None, LABELS) is None


def test_several_labels_weigh_their_mean() -> None:
    tags = np.array([[1, 1, 0], [0, 0, 0], [0, 0, 1]], np.uint8)
    found = sample_weights(np.array([1.0, 3.0, 5.0]), tags)
    assert found is not None and found.tolist() == [2, 1, 5]


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        ({"b": -1.0}, "at least 0"),
        ({"a": 0.0, "b": 0.0, "c": 0.0}, "at least one must be greater than 0"),
        ({"z": 1.0}, "“z”, which is not a class"),
    ],
)
def test_impossible_weights_are_refused(weights: dict[str, float], says: str) -> None:
    plan = TrainingPlan(class_weights="custom", class_weight=FrozenMap(weights))
    with pytest.raises(UserError, match=says):
        class_weights(plan, LABELS, NAMES)


def test_each_target_has_the_weights_of_its_classes() -> None:
    plan = TrainingPlan(
        class_weights="custom", class_weight=FrozenMap({"b": 3.0, "y": 2.0})
    )
    rows = {"kind": LABELS, "sure": LABELS % 2}
    classes = {"kind": NAMES, "sure": ("x", "y")}
    found = planned_weights(plan, rows, classes, np.arange(6))
    assert {name: each.tolist() for name, each in found.items()} == {
        "kind": [1, 3, 3, 1, 3, 1],
        "sure": [1, 2, 2, 1, 2, 1],
    }
    with pytest.raises(UserError, match="“y”, which is not a class"):
        planned_weights(plan, rows, {"kind": NAMES}, np.arange(6))
    none = planned_weights(TrainingPlan(), rows, classes, np.arange(6))
    assert none == {"kind": None, "sure": None}
