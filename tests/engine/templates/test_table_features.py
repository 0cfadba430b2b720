"""What templates know of a table: counts, spread, and informative pairs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import mutual_info_score

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Cells, Column
from dlstudio.data.features.base import load_feature_type
from dlstudio.data.samples import Samples, split_array
from dlstudio.document.feature import Feature
from dlstudio.document.values import Spec
from dlstudio.engine.templates.context import table_context
from dlstudio.engine.templates.informative_pairs import (
    informative_pairs,
    penalized_information,
)
from dlstudio.engine.templates.table_features import (
    REGRESSION,
    has_outliers,
    table_features,
)

CATALOG = Catalog.load()
CLASSIFICATION = "dlstudio.heads.classification"
NUMBER, DATE, CATEGORY = (
    f"dlstudio.features.{name}" for name in ("number", "date", "category")
)
RANDOM = np.random.default_rng(0)


def parsed(
    cells: Mapping[str, list[str | None]], features: Mapping[str, Feature]
) -> dict[str, Column]:
    return {
        name: load_feature_type(CATALOG.find("features", features[name].kind))
        .parse(Cells(pl.Series(values, dtype=pl.String)), features[name])
        .column
        for name, values in cells.items()
    }


FEATURES = {
    "size": Feature(NUMBER),
    "color": Feature(CATEGORY),
    "sold": Feature(DATE),
    "photo": Feature("dlstudio.features.image"),
    "price": Feature(NUMBER),
}
CELLS: dict[str, list[str | None]] = {
    "size": ["1", "2", None, "2"],
    "color": ["red", "blue", "red", None],
    "sold": ["2024-01-05", "2024-01-06", None, "2024-01-05"],
    "price": ["10", "20", None, "30"],
}


def test_columns_are_described_from_their_values() -> None:
    found = table_features(
        parsed(CELLS, FEATURES), FEATURES, {"price": REGRESSION}, CATALOG
    )
    assert [
        (e.name, e.branch.distinct, e.form.dtype, e.form.shape) for e in found.inputs
    ] == [
        ("size", 2, "float32", (1,)),
        ("color", 2, "string", (1,)),
        ("sold", 2, "float32", (8,)),
    ]
    (target,) = found.targets
    assert (target.mean, target.classes) == (20, 0)
    assert target.deviation == pytest.approx(np.std([10, 20, 30]))


def test_a_predicted_date_is_a_number_of_days() -> None:
    columns = parsed(CELLS, FEATURES)
    (target,) = table_features(columns, FEATURES, {"sold": REGRESSION}, CATALOG).targets
    assert target.feature.params["representation"] == "days"
    assert 19_727 < target.mean < 19_728


def test_a_context_has_rows_and_splits() -> None:
    columns = parsed(CELLS, FEATURES)
    samples = Samples(("1", "2", "3", "4"), columns, split_array([""] * 4))
    source = Spec("dlstudio.sources.csv")
    found = table_context(
        "it", source, samples, FEATURES, {"color": CLASSIFICATION}, CATALOG
    )
    assert (found.samples, found.has_splits, found.source) == (4, False, source)
    assert found.table is not None and found.table.targets[0].classes == 2


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (RANDOM.normal(size=500), False),
        (RANDOM.uniform(size=500), False),
        ([*RANDOM.normal(size=500), 40], True),
        (RANDOM.lognormal(0, 2, 500), True),
        ([3.0, 3.0, 3.0], False),
        ([], False),
    ],
)
def test_outliers_lie_far_from_all_others(numbers: list[float], expected: bool) -> None:
    assert has_outliers(np.array(numbers, float)) == expected


def test_information_is_that_of_scikit_learn_less_a_penalty() -> None:
    one, other = RANDOM.integers(0, 3, (2, 4000))
    assert penalized_information(one, other) < 0
    penalty = 4 * np.log(4000) / 8000
    wanted = mutual_info_score(one, one) - penalty
    assert penalized_information(one, one) == pytest.approx(wanted)
    assert penalized_information(one[:0], one[:0]) == 0


def test_pairs_that_say_more_at_the_same_time_are_found() -> None:
    first, second, third = RANDOM.integers(0, 2, (3, 2000))
    columns = {"a": first, "b": second, "noise": third}
    assert informative_pairs(columns, first ^ second) == (("a", "b"),)
    assert informative_pairs(columns, first) == ()
    assert informative_pairs({"a": first}, first) == ()
