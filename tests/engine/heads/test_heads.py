"""Label forms, units and scores of classification heads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.catalog.store import Catalog
from dlstudio.engine.heads.base import short
from dlstudio.engine.heads.classification import CLASSIFICATION as SINGLE
from dlstudio.engine.heads.find_head import find_head_type
from dlstudio.engine.heads.multi_label import MULTI_LABEL as MULTI
from dlstudio.errors import UserError

ROWS = st.lists(
    st.lists(st.floats(-1e4, 1e4, width=32), min_size=3, max_size=3), min_size=1
)


def test_heads_are_those_of_the_catalog() -> None:
    catalog = Catalog.load()
    kinds = {each.kind for each in catalog.family("heads")}
    assert {find_head_type(kind, catalog).kind for kind in kinds} == kinds
    for head_type in (SINGLE, MULTI):
        assert set(head_type.metrics) <= {each.kind for each in catalog}
    with pytest.raises(UserError):
        find_head_type("dlstudio.tasks.ghost", catalog)


@given(ROWS)
def test_softmax_scores_are_probabilities(rows: list[list[float]]) -> None:
    found = SINGLE.scores(np.array(rows), from_logits=True)
    assert found.dtype == np.float32
    assert np.all(np.isfinite(found)) and np.all(found >= 0)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)
    best = np.array(rows).max(axis=1)
    chosen = np.take_along_axis(np.array(rows), found.argmax(axis=1)[:, None], 1)[:, 0]
    np.testing.assert_allclose(chosen, best, atol=1e-6)


@given(st.lists(st.floats(-1e4, 1e4, width=32), min_size=1))
def test_one_unit_becomes_two_columns(values: list[float]) -> None:
    column = np.array(values)[:, None]
    found = SINGLE.scores(column, from_logits=True)
    assert found.shape == (len(values), 2)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)
    assert np.array_equal(found[:, 1] > 0.5, np.array(values) > 0) or np.any(
        np.abs(values) < 1e-6
    )
    np.testing.assert_array_equal(SINGLE.scores(np.array(values), True), found)


def test_probabilities_stay_as_they_are() -> None:
    given_ = np.array([[0.25, 0.75]], "float32")
    np.testing.assert_array_equal(SINGLE.scores(given_), given_)
    np.testing.assert_array_equal(MULTI.scores(given_), given_)
    np.testing.assert_allclose(SINGLE.scores([[0.25]]), [[0.75, 0.25]])
    np.testing.assert_allclose(MULTI.scores([[0.0, 100.0]], True), [[0.5, 1.0]])
    assert MULTI.scores([[0.1]]).shape == (1, 1)


@pytest.mark.parametrize(
    ("head_type", "loss", "units", "form"),
    [
        (SINGLE, "keras.losses.SparseCategoricalCrossentropy", 10, "index"),
        (SINGLE, "CategoricalCrossentropy", 10, "one_hot"),
        (SINGLE, "keras.losses.BinaryCrossentropy", 1, "binary"),
        (SINGLE, "keras.losses.BinaryCrossentropy", 10, "one_hot"),
        (SINGLE, "keras.losses.CTC", 10, None),
        (MULTI, "keras.losses.BinaryCrossentropy", 4, "multi_hot"),
        (MULTI, "keras.losses.SparseCategoricalCrossentropy", 4, None),
        (MULTI, "keras.losses.CategoricalCrossentropy", 4, None),
    ],
)
def test_label_forms(
    head_type: object, loss: str, units: int, form: str | None
) -> None:
    assert head_type.label_form(loss, units) == form


def test_heads_and_losses_fit_each_other() -> None:
    for head_type in (SINGLE, MULTI):
        for classes in (2, 3, 10):
            for loss in ("SparseCategoricalCrossentropy", "BinaryCrossentropy"):
                units, activation = head_type.head(loss, classes, classes)
                best = head_type.best_loss(classes, units)
                assert head_type.label_form(best, units) is not None
                assert activation == ("softmax" if "Cat" in short(best) else "sigmoid")
