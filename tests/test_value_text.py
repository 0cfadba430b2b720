"""How values of a quantity are shown, alone and in a column."""

from __future__ import annotations

import math

from dlstudio.value_text import metric_number, value_text, value_texts


def test_numbers_of_a_column_have_the_same_decimals() -> None:
    assert value_texts([8.5837, 14.4]) == ["8.584", "14.400"]
    assert value_texts([69.91, -68.382, 7.5064]) == ["69.910", "-68.382", "7.506"]
    assert value_texts([151.2, 7.5064]) == ["151.20", "7.51"]


def test_a_column_has_no_more_decimals_than_its_numbers() -> None:
    assert value_texts([39.6, 0.0, 217.6]) == ["39.6", "0.0", "217.6"]
    assert value_texts([3.0, 12.0]) == ["3", "12"]


def test_very_small_and_large_numbers_stay_as_they_are_alone() -> None:
    for values in ([0.0123, 0.5], [288_800.0, 76.25], [1e-9, 2e-9]):
        assert value_texts(values) == [value_text(each) for each in values]
    assert value_texts([1.5, math.nan]) == ["1.5", "–"]
    assert value_texts([]) == []


def test_metrics_have_four_decimals_unless_they_are_large_or_tiny() -> None:
    shown = {
        0.98512: "0.9851",
        1.0: "1.0000",
        0.0: "0.0000",
        0.00004217: "4.217e-05",
        128_401.737: "128,402",
        31.07442: "31.074",
        math.nan: "–",
    }
    assert {each: metric_number(each) for each in shown} == shown
