"""Which column is the target if nobody says so."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from small_images import CATALOG

from dlstudio.data.features.inference import InferredColumn
from dlstudio.data.features.target import choose_target

NUMBER, CATEGORY = "dlstudio.features.number", "dlstudio.features.category"


def column(name: str, kind: str = NUMBER) -> InferredColumn:
    return InferredColumn(name, kind, 0.9, "" if kind else "identifier")


def chosen(columns: Sequence[InferredColumn]) -> tuple[str, float]:
    found = choose_target({each.name: each for each in columns}, CATALOG)
    assert found is not None
    return found.column, found.certainty


@pytest.mark.parametrize(
    ("names", "target"),
    [
        (("survived", "pclass", "sex", "class"), "survived"),
        (("species", "island", "sex"), "species"),
        (("target", "class", "x"), "target"),
        (("y", "x1", "x2"), "y"),
        (("SalePrice", "LotArea"), "SalePrice"),
        (("sepal_length", "Class"), "Class"),
        (("标签", "长度"), "标签"),
        (("price_per_m2", "price", "area"), "price"),
        (("x1", "x2", "x3"), "x3"),
        (("label_a", "label_b", "x"), "label_b"),
        (("", " "), " "),
    ],
)
def test_a_column_is_called_like_a_target_or_is_the_last(
    names: Sequence[str], target: str
) -> None:
    assert chosen([column(name) for name in names])[0] == target


def test_ignored_columns_are_no_targets() -> None:
    assert chosen([column("x"), column("z"), column("label", "")])[0] == "z"
    assert choose_target({"id": column("id", "")}, CATALOG) is None
    assert choose_target({}, CATALOG) is None


def test_a_text_is_a_target_only_if_nothing_else_is() -> None:
    text = column("review", "dlstudio.features.text")
    assert chosen([column("stars"), text])[0] == "stars"
    assert chosen([column("label", CATEGORY), text])[0] == "label"


def test_doubt_is_in_the_certainty() -> None:
    assert chosen([column("x"), column("target")])[1] > 0.9
    assert chosen([column("x"), column("z", CATEGORY)]) == ("z", 0.6)
    assert chosen([column("x"), column("z")]) == ("z", 0.5)
