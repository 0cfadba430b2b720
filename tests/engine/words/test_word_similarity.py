"""Scores of word vectors against a file of what people say."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from dlstudio.engine.words.word_similarity import WordPair, read_pairs, score_pairs
from dlstudio.engine.words.word_vectors import WordVectors
from dlstudio.errors import UserError

# On the unit circle, so that cosines are known: at 0, 10, 40, 90 and 170 degrees.
ANGLES = np.deg2rad([0, 10, 40, 90, 170])
VECTORS = WordVectors(
    ("a", "b", "c", "d", "e"),
    np.stack([np.cos(ANGLES), np.sin(ANGLES)], 1).astype(np.float32),
)


def test_pairs_are_read_however_they_are_separated(tmp_path: Path) -> None:
    path = tmp_path / "pairs.txt"
    for text in ("a\tb\t3.5\nc\td\t1\n", "word1,word2,score\na,b,3.5\nc;d;1\n# end\n"):
        path.write_text(text, encoding="utf-8")
        assert read_pairs(path) == [WordPair("a", "b", 3.5), WordPair("c", "d", 1.0)]


@pytest.mark.parametrize("text", ["", "a b 1\nc d\n", "a b 1\nc d nan\n", "h\nh\n"])
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pairs.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"not two words and a score|no pairs"):
        read_pairs(path)


def test_the_score_is_the_rank_correlation_of_known_pairs() -> None:
    pairs = [
        WordPair("a", "B", 9.0),
        WordPair("a", "c", 5.0),
        WordPair("a", "d", 6.0),
        WordPair("a", "e", 0.0),
        WordPair("a", "unheard", 10.0),
    ]
    found = score_pairs(VECTORS, pairs)
    # Ranks 4, 2, 3, 1 against 4, 3, 2, 1: 1 - 6 · 2 / (4 · 15).
    assert found.spearman == pytest.approx(0.8)
    assert (found.covered, found.pairs) == (4, 5)
    assert found.unknown == ("unheard",)


def test_without_known_pairs_there_is_no_score() -> None:
    found = score_pairs(VECTORS, [WordPair("x", "y", 1.0), WordPair("x", "a", 2.0)])
    assert math.isnan(found.spearman) and found.covered == 0
