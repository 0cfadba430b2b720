"""Losses: labels in the form they take, class weights, heads that fit."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.document.plan import TrainingPlan
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.heads.base import find_head_type
from dlstudio.engine.training.losses import (
    OutputHead,
    class_weights,
    head_of,
    sample_weights,
    targets_for,
)
from dlstudio.errors import UserError

CATALOG = Catalog.load()
ONE = find_head_type("dlstudio.heads.classification", CATALOG)
MANY = find_head_type("dlstudio.heads.multi_label", CATALOG)
LABELS = np.array([0, 1, 1, 2, 1, 0], np.int32)
NAMES = ("a", "b", "c")


def loss(name: str, **params: object) -> Spec:
    return Spec(f"keras.losses.{name}", FrozenMap(params))


def test_labels_take_the_form_of_the_loss() -> None:
    head = OutputHead(3, 3)
    sparse = targets_for(loss("SparseCategoricalCrossentropy"), ONE, head)(LABELS)
    assert np.asarray(sparse).tolist() == LABELS.tolist()
    dense = targets_for(loss("CategoricalCrossentropy"), ONE, head)(LABELS)
    assert np.asarray(dense).tolist() == np.eye(3)[LABELS].tolist()
    column = targets_for(loss("BinaryCrossentropy"), ONE, OutputHead(2, 1))(LABELS % 2)
    assert np.asarray(column).tolist() == (LABELS % 2)[:, None].tolist()
    tags = np.eye(3, dtype=np.uint8)[LABELS]
    many = OutputHead(3, 3, multi_label=True)
    made = np.asarray(targets_for(loss("BinaryCrossentropy"), MANY, many)(tags))
    assert made.dtype == np.float32 and made.tolist() == tags.tolist()


FITTING = [
    each
    for each in CATALOG.family("losses")
    if ONE.label_form(each.kind, 3) is not None
]


@pytest.mark.parametrize("described", FITTING, ids=lambda each: each.name)
def test_every_loss_prefers_the_right_class(described: Description) -> None:
    """A loss with labels in the wrong form would not."""
    name = described.name
    right = np.eye(3, dtype=np.float32)[LABELS] * 0.9 + 0.03
    targets = targets_for(loss(name), ONE, OutputHead(3, 3))(LABELS)
    if name.endswith("Hinge") and name != "CategoricalHinge":
        targets = 2.0 * targets - 1.0
    compute = getattr(keras.losses, name)()
    assert float(compute(targets, right)) < float(compute(targets, right[:, ::-1]))


def test_a_loss_that_does_not_fit_is_refused() -> None:
    with pytest.raises(
        UserError, match="CategoricalCrossentropy does not support"
    ) as e:
        targets_for(loss("CategoricalCrossentropy"), MANY, OutputHead(3, 3, True))
    assert "BinaryCrossentropy" in e.value.hint


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


def model(units: int, rank: int = 2) -> keras.Model:
    shape = (4,) * (rank - 1)
    given = keras.Input(shape)
    return keras.Model(given, keras.layers.Dense(units)(given))


@pytest.mark.parametrize(
    ("units", "classes", "multi_label", "fits"),
    [
        (3, 3, False, True),
        (5, 3, False, True),
        (2, 3, False, False),
        (1, 2, False, True),
        (1, 3, False, False),
        (3, 3, True, True),
        (5, 3, True, False),
        (1, 2, True, False),
    ],
)
def test_heads(units: int, classes: int, multi_label: bool, fits: bool) -> None:
    plan = TrainingPlan(loss=loss("BinaryCrossentropy", from_logits=True))
    if fits:
        head = head_of(model(units), plan, classes, multi_label=multi_label)
        assert (head.units, head.from_logits, head.threshold) == (units, True, 0.0)
        return
    with pytest.raises(UserError, match=f"there are {classes} classes"):
        head_of(model(units), plan, classes, multi_label=multi_label)


def test_an_image_is_no_head() -> None:
    with pytest.raises(UserError, match="one output with one score per class"):
        head_of(model(3, rank=3), TrainingPlan(), 3, multi_label=False)
