"""Heads of classes: labels in the form a loss takes, and outputs that fit."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.heads.classification import CLASSIFICATION as ONE
from dlstudio.engine.heads.multi_label import MULTI_LABEL as MANY
from dlstudio.errors import UserError

CATALOG = Catalog.load()
LABELS = np.array([0, 1, 1, 2, 1, 0], np.int32)
THREE = {"names": ["a", "b", "c"]}
TWO = {"names": ["a", "b"]}


def loss(name: str, **params: object) -> Spec:
    return Spec(f"keras.losses.{name}", FrozenMap(params))


def test_labels_take_the_form_of_the_loss() -> None:
    sparse = ONE.targets(loss("SparseCategoricalCrossentropy"), 3, THREE)(LABELS)
    assert np.asarray(sparse).tolist() == LABELS.tolist()
    dense = ONE.targets(loss("CategoricalCrossentropy"), 3, THREE)(LABELS)
    assert np.asarray(dense).tolist() == np.eye(3)[LABELS].tolist()
    column = ONE.targets(loss("BinaryCrossentropy"), 1, TWO)(LABELS % 2)
    assert np.asarray(column).tolist() == (LABELS % 2)[:, None].tolist()
    tags = np.eye(3, dtype=np.uint8)[LABELS]
    made = np.asarray(MANY.targets(loss("BinaryCrossentropy"), 3, THREE)(tags))
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
    targets = ONE.targets(loss(name), 3, THREE)(LABELS)
    if name.endswith("Hinge") and name != "CategoricalHinge":
        targets = 2.0 * targets - 1.0
    compute = getattr(keras.losses, name)()
    assert float(compute(targets, right)) < float(compute(targets, right[:, ::-1]))


def test_a_loss_that_does_not_fit_is_refused() -> None:
    with pytest.raises(
        UserError, match="CategoricalCrossentropy expects exactly one"
    ) as e:
        MANY.targets(loss("CategoricalCrossentropy"), 3, THREE)
    assert "Use BinaryCrossentropy" in str(e.value)


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
def test_outputs_that_fit(
    units: int, classes: int, multi_label: bool, fits: bool
) -> None:
    head_type, fitted = (MANY if multi_label else ONE), {"names": ["x"] * classes}
    if fits:
        head_type.check_output((units,), fitted)
        given = loss("BinaryCrossentropy", from_logits=True)
        head = head_type.output(given, units, fitted)
        assert (head.units, head.from_logits, head.threshold) == (units, True, 0.0)
        return
    with pytest.raises(UserError, match=f"there are {classes} classes"):
        head_type.check_output((units,), fitted)


def test_an_image_is_no_output_of_classes() -> None:
    with pytest.raises(UserError, match="expected one score per class"):
        ONE.check_output((4, 4, 3), THREE)
