"""Metrics of numbers agree with scikit-learn, for any batches and any unit."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from sklearn import metrics as sk

from dlstudio.catalog.store import Catalog
from dlstudio.engine.heads import regression_metrics
from dlstudio.engine.heads.regression import REGRESSION
from dlstudio.engine.model.instantiate import implementation

CATALOG = Catalog.load()
SKLEARN = {
    "mae": sk.mean_absolute_error,
    "rmse": sk.root_mean_squared_error,
    "r2": sk.r2_score,
}


def streamed(
    metric: keras.metrics.Metric,
    truth: np.ndarray,
    predicted: np.ndarray,
    batch: int = 32,
) -> float:
    for start in range(0, len(truth), batch):
        piece = slice(start, start + batch)
        metric.update_state(truth[piece], predicted[piece, None])
    return float(metric.result())


def made(name: str, center: float) -> keras.metrics.Metric:
    make = getattr(regression_metrics, name)
    return make(center=center) if name == "r2" else make()


@pytest.mark.parametrize("name", SKLEARN)
@pytest.mark.parametrize(
    ("mean", "spread"), [(0, 1), (4e5, 1e5), (1e6, 1), (19_700, 300), (-3, 1e-6)]
)
def test_metrics_are_those_of_scikit_learn(
    name: str, mean: float, spread: float
) -> None:
    random = np.random.default_rng(0)
    truth = (mean + spread * random.normal(size=5000)).astype(np.float32)
    predicted = (truth + 0.3 * spread * random.normal(size=5000)).astype(np.float32)
    wanted = SKLEARN[name](truth.astype(np.float64), predicted.astype(np.float64))
    for batch in (37, 5000):
        found = streamed(made(name, float(truth.mean())), truth, predicted, batch)
        assert found == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("name", SKLEARN)
def test_names_directions_and_states(name: str) -> None:
    described = CATALOG[f"dlstudio.metrics.{name}"]
    assert described.kind in REGRESSION.metrics
    assert described.extra["direction"] == ("up" if name == "r2" else "down")
    metric = implementation(described)()
    assert metric.name == name
    values = np.arange(4, dtype=np.float32)
    first = streamed(metric, values, values[::-1])
    metric.reset_state()
    assert all(float(each) == 0 for each in metric.variables)
    assert streamed(metric, values, values[::-1]) == first


@pytest.mark.parametrize(("predicted", "wanted"), [(2.5, 1.0), (2.6, 0.0)])
def test_equal_numbers_have_no_spread_to_explain(
    predicted: float, wanted: float
) -> None:
    truth = np.full(9, 2.5, np.float32)
    found = streamed(made("r2", 1.0), truth, np.full(9, predicted, np.float32))
    assert found == wanted == sk.r2_score(truth, np.full(9, predicted, np.float32))


@pytest.mark.parametrize("name", SKLEARN)
def test_samples_count_as_much_as_their_weights(name: str) -> None:
    random = np.random.default_rng(1)
    truth, predicted, weight = random.random((3, 50))
    metric = made(name, 0.5)
    metric.update_state(truth, predicted, sample_weight=weight)
    wanted = SKLEARN[name](truth, predicted, sample_weight=weight)
    assert float(metric.result()) == pytest.approx(wanted, rel=1e-6)


def test_sums_of_two_halves_add_up() -> None:
    random = np.random.default_rng(2)
    truth, predicted = 5 + random.random((2, 60))
    whole, first, second = (made("r2", 5.5) for _ in range(3))
    whole.update_state(truth, predicted)
    first.update_state(truth[:20], predicted[:20])
    second.update_state(truth[20:], predicted[20:])
    for one, other in zip(first.variables, second.variables, strict=True):
        one.assign_add(other.value)
    assert float(first.result()) == pytest.approx(float(whole.result()), rel=1e-9)
