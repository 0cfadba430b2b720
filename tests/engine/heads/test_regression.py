"""Regression heads: one unit without an activation, and losses of numbers."""

from __future__ import annotations

import numpy as np
import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.document.values import Spec
from dlstudio.engine.heads.regression import LOSSES, REGRESSION
from dlstudio.errors import UserError

CATALOG = Catalog.load()
SQUARED = Spec("keras.losses.MeanSquaredError")


def test_one_linear_unit_with_the_squared_error() -> None:
    assert REGRESSION.head("keras.losses.Huber", 0, 5) == (1, "linear")
    assert REGRESSION.best_loss(0, 1) == "keras.losses.MeanSquaredError"
    assert REGRESSION.fitting_units(0) == {1}
    assert REGRESSION.metrics[0] == "dlstudio.metrics.mae"


@pytest.mark.parametrize("name", sorted(LOSSES))
def test_losses_of_numbers_fit(name: str) -> None:
    assert CATALOG.search("losses", f"keras.losses.{name}") is not None
    assert REGRESSION.label_form(name, 1) == "number"


@pytest.mark.parametrize(
    "name",
    ["SparseCategoricalCrossentropy", "BinaryCrossentropy", "Hinge", "CTC", "Dice"],
)
def test_losses_of_classes_do_not_fit(name: str) -> None:
    assert REGRESSION.label_form(f"keras.losses.{name}", 1) is None


def test_values_stay_in_their_unit() -> None:
    assert REGRESSION.scores(np.array([3.0, 4.0]), True).tolist() == [[3], [4]]


@pytest.mark.parametrize("name", ["sigmoid", "softmax", "tanh"])
def test_activations_with_bounds_do_not_fit(name: str) -> None:
    text = REGRESSION.unfit_activation(name).format(node="head", name=name)
    assert "head" in text and name in text


@pytest.mark.parametrize("name", ["linear", "relu", "softplus", "exponential"])
def test_activations_without_an_upper_bound_fit(name: str) -> None:
    assert REGRESSION.unfit_activation(name) == ""


def test_targets_are_a_column_of_numbers() -> None:
    made = REGRESSION.targets(SQUARED, 1, {})(np.array([3, 4], np.int32))
    assert np.asarray(made).tolist() == [[3], [4]] and made.dtype == "float32"
    with pytest.raises(UserError, match="Use MeanSquaredError"):
        REGRESSION.targets(Spec("keras.losses.Hinge"), 1, {})


def test_one_number_is_expected() -> None:
    REGRESSION.check_output((1,), {})
    with pytest.raises(UserError, match="expected one number"):
        REGRESSION.check_output((2,), {})


def test_metrics_are_made_with_their_targets() -> None:
    truth, found = np.array([1e6, 1e6 + 1, 1e6 + 2]), np.array([[1e6]] * 3)
    for kind in (*REGRESSION.metrics, "keras.metrics.MeanSquaredError"):
        bound = REGRESSION.metric(Spec(kind), SQUARED, 1, {"mean": 1e6}, CATALOG)
        bound.metric.update_state(bound.targets(truth), found)
        value = float(bound.metric.result())
        expected = {"mae": 1, "rmse": (5 / 3) ** 0.5, "r2": -1.5}
        assert value == pytest.approx(expected.get(kind.rpartition(".")[2], 5 / 3))
    with pytest.raises(UserError, match="accuracy does not fit"):
        REGRESSION.metric(
            Spec("dlstudio.metrics.accuracy"), SQUARED, 1, {"mean": 0.0}, CATALOG
        )
