"""What of a table a project begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
import pytest
from small_images import CATALOG

from dlstudio.data.columns import Cells
from dlstudio.data.features import feature_choice
from dlstudio.data.features.feature_choice import FeatureChoice, choose_features
from dlstudio.data.features.inference import infer_columns
from dlstudio.errors import UserError

TABLE = {
    "number": [str(row) for row in range(1, 61)],
    "age": [str(20 + row % 40) for row in range(60)],
    "city": [("Rome", "Oslo", "Lima")[row % 3] for row in range(60)],
    "bought": ["yes" if row % 7 < 3 else "no" for row in range(60)],
    "paid": ["1" if row % 7 < 3 else "0" for row in range(60)],
}


def chosen(
    targets: Sequence[str] = (),
    kinds: Mapping[str, str] | None = None,
    table: Mapping[str, Sequence[str]] = TABLE,
) -> FeatureChoice:
    cells = {name: Cells(pl.Series(name, each)) for name, each in table.items()}
    return choose_features(
        cells, infer_columns(cells, CATALOG), CATALOG, targets, kinds
    )


def kinds_of(choice: FeatureChoice) -> dict[str, str]:
    return {n: each.kind.rpartition(".")[2] for n, each in choice.features.items()}


def test_identifiers_and_what_gives_the_target_away_are_not_used() -> None:
    choice = chosen(["bought"])
    assert kinds_of(choice) == {
        "age": "number",
        "city": "category",
        "bought": "category",
    }
    assert choice.inputs == ("age", "city") and choice.leaking == ("paid",)


def test_the_user_has_the_last_word() -> None:
    choice = chosen(["age", "bought"], {"paid": "category", "city": "ignore"})
    assert choice.targets == ("age", "bought") and choice.inputs == ("paid",)
    assert kinds_of(chosen(["bought"], {"age": "category"}))["age"] == "category"
    assert "number" in chosen(["bought"], {"number": "number"}).inputs


def test_an_ignored_column_may_be_predicted() -> None:
    assert chosen(["number"]).targets == ("number",)


def test_a_target_is_found() -> None:
    table = {"age": TABLE["age"], "price": TABLE["age"][::-1], "city": TABLE["city"]}
    assert chosen(table=table).targets == ("price",)


@pytest.mark.parametrize(
    ("targets", "kinds", "word"),
    [
        (["colour"], {}, "colour"),
        ([], {"colour": "number"}, "colour"),
        (["bought"], {"age": "numbr"}, "numbr"),
        (["bought"], {"age": "image"}, "image"),
        (["bought"], dict.fromkeys(("age", "city"), "ignore"), "bought"),
    ],
)
def test_what_cannot_be_is_refused(
    targets: Sequence[str], kinds: Mapping[str, str], word: str
) -> None:
    with pytest.raises(UserError, match=word):
        chosen(targets, kinds)


def test_a_table_of_very_many_columns_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feature_choice, "MOST_INPUTS", 20)
    numbers = np.random.default_rng(0).normal(size=(30, 40)).round(3)
    table = {f"c{n}": list(map(str, row)) for n, row in enumerate(numbers)}
    with pytest.raises(UserError, match="at most 20"):
        chosen(["c3"], table=table)
