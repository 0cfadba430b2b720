"""Word vectors against what people say of the similarity of words."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlstudio.engine.words.word_vectors import WordVectors
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import read_regular
from dlstudio.paths import user_errors

LARGEST = 64 * 2**20
FEWEST = 2
"""Pairs without which there is no rank correlation."""
_SEPARATOR = re.compile(r"[\t,;]|\s+")


@dataclass(frozen=True, slots=True)
class WordPair:
    """Two words, and how similar people find them."""

    first: str
    second: str
    score: float


@dataclass(frozen=True, slots=True)
class SimilarityScore:
    """How well the similarities of vectors agree with those of people.

    Attributes:
        spearman: Rank correlation, -1 to 1; NaN if it cannot be computed.
        covered: Pairs of two words with vectors, which are those that count.
        pairs: All pairs of the file.
        unknown: Words without a vector.
    """

    spearman: float
    covered: int
    pairs: int
    unknown: tuple[str, ...] = ()


def read_pairs(path: Path) -> list[WordPair]:
    """Read a similarity file: two words and a score in each line.

    They are separated by tabs, commas, semicolons or spaces. A heading and lines that
    begin with "#" are skipped.

    Raises:
        UserError: The file cannot be read, or another line is something else.
    """
    with user_errors(path, writing=False):
        data = read_regular(path, LARGEST)
    found: list[WordPair] = []
    for number, line in enumerate(_text(data).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        pair = _pair(line)
        if pair is not None:
            found.append(pair)
        elif found or number > 1:
            raise UserError(
                _("Line {number} of {path} is not two words and a score.").format(
                    number=number, path=path
                ),
                _("Write each pair like this: car, automobile, 3.92"),
            )
    if len(found) < FEWEST:
        raise UserError(
            _("{path} has no pairs of words with scores.").format(path=path),
            _("Write each pair like this: car, automobile, 3.92"),
        )
    return found


def score_pairs(vectors: WordVectors, pairs: Sequence[WordPair]) -> SimilarityScore:
    """Compare the order of similarities with the order of scores.

    Args:
        vectors: Words with vectors.
        pairs: From `read_pairs`.
    """
    from scipy.stats import spearmanr

    unknown: dict[str, None] = {}
    known, scores = [], []
    for pair in pairs:
        places = vectors.place(pair.first), vectors.place(pair.second)
        for word, place in zip((pair.first, pair.second), places, strict=True):
            if place is None:
                unknown[word] = None
        if places[0] is not None and places[1] is not None:
            known.append((places[0], places[1]))
            scores.append(pair.score)
    cosines = vectors.similarities(known)
    varied = len(known) >= FEWEST and np.ptp(scores) > 0 and np.ptp(cosines) > 0
    found = float(spearmanr(cosines, scores).statistic) if varied else math.nan
    return SimilarityScore(found, len(known), len(pairs), tuple(unknown))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _pair(line: str) -> WordPair | None:
    parts = [part for part in _SEPARATOR.split(line.strip()) if part]
    if len(parts) < 3:
        return None
    try:
        score = float(parts[2])
    except ValueError:
        return None
    return WordPair(parts[0], parts[1], score) if math.isfinite(score) else None
