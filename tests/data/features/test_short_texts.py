"""Few texts are looked at in Python and many by Polars, with the same results."""

from __future__ import annotations

import polars as pl
import pytest

from dlstudio.data.columns import Cells
from dlstudio.data.features import cell_text, short_texts
from dlstudio.data.features.cell_text import counted_texts, named_texts, sampled
from dlstudio.data.features.names import ordered_names, places
from dlstudio.data.features.short_texts import (
    count_matching,
    different,
    has_digit,
    has_letter,
)

TEXTS = pl.Series(
    ["07", "2001", "1999\n", "null", "?", "x5", None, " ", "٣٤٥٦", "2001"]
)


def looks() -> list[object]:
    cells = Cells(TEXTS)
    names = ordered_names(TEXTS)
    return [
        count_matching(TEXTS, r"\d{4}"),
        count_matching(TEXTS, r"0\d+"),
        has_digit(TEXTS),
        has_letter(TEXTS),
        named_texts(cells).to_list(),
        counted_texts(cells).to_list(),
        places(TEXTS, names.head(4), -1).tolist(),
    ]


def test_many_texts_are_looked_at_with_the_same_results(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = looks()
    assert few[:2] == [3, 1]
    monkeypatch.setattr(short_texts, "FAST", 2)
    assert looks() == few
    monkeypatch.setattr(short_texts, "FEW", 2)
    monkeypatch.setattr("dlstudio.data.features.names.FEW", 2)
    assert looks() == few


def test_different_texts_and_digits() -> None:
    assert sorted(different(TEXTS)) == sorted(set(TEXTS.drop_nulls()))
    assert has_digit(TEXTS) and not has_digit(pl.Series(["red", None, ""]))


def test_texts_of_a_sample_are_made_once() -> None:
    some = sampled(Cells(TEXTS))
    assert some.named is named_texts(some) and len(some) == len(TEXTS)
    assert len(sampled(Cells(pl.Series(range(25_000))))) == 25_000 // 3 + 1
    assert cell_text.SAMPLE == 10_000
