"""Importance, dependence and groups of a model with every type of input and output."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from feature_world import ROWS, flat_cells, flat_fitted, flat_model

from dlstudio.data.features.base import load_feature_type
from dlstudio.engine.evaluation.evaluated_rows import EvaluatedRows
from dlstudio.engine.evaluation.feature_effects import (
    feature_dependence,
    feature_importance,
)
from dlstudio.engine.evaluation.metrics_by_group import metrics_by_group
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.engine.runtime.stop_token import Stopped, StopSource
from dlstudio.errors import UserError


@cache
def world() -> tuple[FeatureModel, EvaluatedRows]:
    model = flat_model()
    fitted = flat_fitted(model.project)
    truth = {}
    for output in model.outputs:
        feature = model.feature(output.name)
        feature_type = load_feature_type(model.catalog[feature.kind])
        column = feature_type.parse(flat_cells()[output.name], feature).column
        truth[output.name] = feature_type.encode(column, fitted[output.name], feature)
    ids = [str(number) for number in range(ROWS)]
    return model, EvaluatedRows(ids, model.encode(flat_cells()), truth)


def test_every_output_has_the_importance_of_every_input() -> None:
    model, rows = world()
    found = feature_importance(model, rows)
    assert [found[name].metric for name in ("sold", "price", "fits")] == [
        "accuracy", "r2", "micro_f1"
    ]  # fmt: skip
    for each in found.values():
        assert {one.feature for one in each.features} == set(model.inputs)
        assert each.samples == ROWS


@pytest.mark.parametrize(
    ("name", "some"),
    [("rooms", 2.0), ("城市", "北京"), ("class", "b"), ("extras", "bath, lift")],
)
def test_values_of_every_type_are_named(name: str, some: object) -> None:
    model, rows = world()
    found = feature_dependence(model, rows, name)
    values = found["price"].values
    assert some in values and len(set(values)) == len(values) <= 20
    assert found["price"].units == () and np.shape(found["price"].mean)[1:] == (1,)
    assert found["sold"].units == ("later", "no", "yes")
    np.testing.assert_allclose(np.sum(found["sold"].mean, axis=1), 1, rtol=1e-5)
    low, mean, high = (
        np.array(getattr(found["price"], each)) for each in ("low", "mean", "high")
    )
    assert (low <= high).all() and mean.shape == low.shape


def test_dates_are_named_in_their_order() -> None:
    model, rows = world()
    values = feature_dependence(model, rows, "built")["price"].values
    assert list(values) == sorted(values) and str(values[0]).startswith("19")


def test_an_effect_is_that_of_the_model_itself() -> None:
    model, rows = world()
    found = feature_dependence(model, rows, "rooms")["price"]
    changed = {**rows.inputs, "rooms": np.full(ROWS, found.values[0], np.float32)}
    wanted = float(model.predict(changed)["price"].mean())
    assert found.mean[0][0] == pytest.approx(wanted, rel=1e-5)


def test_groups_have_the_metrics_of_their_heads() -> None:
    model, rows = world()
    groups = ["a", "b"] * (ROWS // 2)
    found = metrics_by_group(model, rows, groups, "side")
    assert next(iter(found["price"])) == "mae" and "bias" not in found["price"]
    assert next(iter(found["sold"])) == "accuracy" and "micro_f1" in found["fits"]
    outputs = model.predict(rows.inputs)["price"][:, 0]
    errors = np.abs(outputs - rows.truth["price"])
    by_name = {each.group: each.value for each in found["price"]["mae"].groups}
    assert by_name["b"] == pytest.approx(float(errors[1::2].mean()), rel=1e-5)
    with pytest.raises(UserError, match="different values"):
        metrics_by_group(model, rows, [str(n) for n in range(60)], "x")


def test_it_stops() -> None:
    model, rows = world()
    source = StopSource()
    source.stop()
    with pytest.raises(Stopped):
        feature_importance(model, rows, stop=source.token)
    with pytest.raises(Stopped):
        feature_dependence(model, rows, "rooms", stop=source.token)
