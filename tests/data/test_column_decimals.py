"""Numbers of a column have the same decimals."""

from __future__ import annotations

import math

import polars as pl
import pytest

from dlstudio.data.column_decimals import given_decimals, predicted_decimals


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ([8.58371, 14.4, 3.14159], 4),
        ([81.5, 14.25, None, math.nan], 2),
        ([288_800.4, 1.5, 310_000.7], 0),
        ([3.0, 12.0], 0),
        ([1e-9, 2e-9], None),
        ([0.0, 0.0], None),
        ([None, math.inf], None),
        ([], None),
    ],
)
def test_predictions_have_about_five_digits(
    values: list[float | None], decimals: int | None
) -> None:
    assert predicted_decimals(pl.Series(values, dtype=pl.Float64)) == decimals


@pytest.mark.parametrize(
    ("cells", "decimals"),
    [
        (["1.5", "2", "3.25", "NA", None], 2),
        (["1", "20"], None),
        (["1.5", "many"], None),
        (["1,5", "2,25"], None),
        (["0.30000000000000004", "12.5"], 1),
        ([1.5, 2.0, None], 1),
        ([1, 2], None),
        ([True, False], None),
        ([None], None),
    ],
)
def test_numbers_of_a_file_keep_their_decimals(
    cells: list[object], decimals: int | None
) -> None:
    assert given_decimals(pl.Series(cells)) == decimals


def test_a_long_column_is_sampled() -> None:
    assert given_decimals(pl.Series(["0.5"] * 50_000)) == 1
