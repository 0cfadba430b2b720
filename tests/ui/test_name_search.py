"""The ranking shared by all searches."""

from __future__ import annotations

import pytest

from dlstudio.ui.name_search import MatchRank, match_rank


@pytest.mark.parametrize(
    ("query", "name", "expected"),
    [
        ("lstm", "LSTM", MatchRank.EXACT),
        ("lst", "LSTM", MatchRank.PREFIX),
        ("lstm", "ConvLSTM2D", MatchRank.WORD_START),
        ("pooling", "MaxPooling2D", MatchRank.WORD_START),
        ("2d", "MaxPooling2D", MatchRank.WORD_START),
        ("ooling", "MaxPooling2D", MatchRank.SUBSTRING),
        ("gap", "GlobalAveragePooling2D", MatchRank.INITIALS),
        ("mp2", "MaxPooling2D", MatchRank.INITIALS),
        ("maxpool", "Add MaxPooling2D", MatchRank.WORD_START),
        ("save as", "Save as…", MatchRank.PREFIX),
        ("ｃｏｎｖ", "Conv2D", MatchRank.PREFIX),
        ("épaisseur", "Epaisseur", MatchRank.EXACT),
        ("保存", "另存为、保存", MatchRank.WORD_START),
        ("epoch", "New project", None),
        ("cvno", "Conv2D", None),
        ("conv", "Save", None),
        ("conv", "", None),
    ],
)
def test_rank_of_a_name(query: str, name: str, expected: MatchRank | None) -> None:
    assert match_rank(query, name) == expected


def test_keywords_match_by_word_prefix() -> None:
    words = "fully connected linear 全连接"
    for query in ("connected", "fully conn", "dense linear", "全连接", "连接"):
        assert match_rank(query, "Dense", words) is not None, query
    for query in ("nected", "fully missing", "ully"):
        assert match_rank(query, "Dense", words) is None, query
