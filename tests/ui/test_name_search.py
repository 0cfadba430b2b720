"""One order for every search."""

from __future__ import annotations

import pytest

from dlstudio.ui.name_search import Fit, fit


@pytest.mark.parametrize(
    ("query", "name", "expected"),
    [
        ("lstm", "LSTM", Fit.EXACT),
        ("lst", "LSTM", Fit.PREFIX),
        ("lstm", "ConvLSTM2D", Fit.WORD_START),
        ("pooling", "MaxPooling2D", Fit.WORD_START),
        ("2d", "MaxPooling2D", Fit.WORD_START),
        ("ooling", "MaxPooling2D", Fit.SUBSTRING),
        ("gap", "GlobalAveragePooling2D", Fit.INITIALS),
        ("mp2", "MaxPooling2D", Fit.INITIALS),
        ("maxpool", "Add MaxPooling2D", Fit.WORD_START),
        ("save as", "Save as…", Fit.PREFIX),
        ("ｃｏｎｖ", "Conv2D", Fit.PREFIX),
        ("épaisseur", "Epaisseur", Fit.EXACT),
        ("保存", "另存为、保存", Fit.WORD_START),
        ("epoch", "New project", None),
        ("cvno", "Conv2D", None),
        ("conv", "Save", None),
        ("conv", "", None),
    ],
)
def test_how_a_name_fits(query: str, name: str, expected: Fit | None) -> None:
    assert fit(query, name) == expected


def test_keywords_count_by_the_beginnings_of_their_words() -> None:
    words = "fully connected linear 全连接"
    for query in ("connected", "fully conn", "dense linear", "全连接", "连接"):
        assert fit(query, "Dense", words) is not None, query
    for query in ("nected", "fully missing", "ully"):
        assert fit(query, "Dense", words) is None, query
