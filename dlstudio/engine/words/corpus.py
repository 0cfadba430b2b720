"""Texts as numbers of words, as word vectors are trained on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dlstudio.engine.words.tokens import split_texts
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    import polars as pl

AT_ONCE = 50_000
"""Texts that are split at once."""
FEWEST = 2
"""Words without which there is nothing to learn."""


@dataclass(frozen=True, slots=True)
class WordCounts:
    """The words that have vectors, the most frequent first, and how often they occur.

    Attributes:
        words: Without the rare ones.
        counts: Of each, in the training split.
    """

    words: tuple[str, ...]
    counts: tuple[int, ...]

    @classmethod
    def of(cls, texts: pl.Series, tokens: str, min_count: int) -> WordCounts:
        """Count the words of texts.

        Args:
            texts: Of the training split.
            tokens: What a word is; see `split_texts`.
            min_count: Words that occur less often are left out.

        Raises:
            UserError: There are hardly any words.
        """
        import polars as pl

        parts = [
            words.explode().drop_nulls().rename("word").value_counts(name="count")
            for words in _split(texts, tokens)
        ]
        frame = (
            pl.concat(parts)
            .group_by("word")
            .agg(pl.col("count").sum())
            .filter(pl.col("count") >= min_count)
            .sort("count", "word", descending=[True, False])
        )
        if len(frame) < FEWEST:
            raise UserError(
                _("Hardly any word occurs {count} times in the texts.").format(
                    count=min_count
                ),
                _("Use more texts, or reduce min_count."),
            )
        return cls(tuple(frame["word"].to_list()), tuple(frame["count"].to_list()))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; see `from_json`."""
        return {"words": list(self.words), "counts": list(self.counts)}

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> WordCounts:
        """The counts of what `to_json` returned."""
        return cls(tuple(map(str, item["words"])), tuple(map(int, item["counts"])))


@dataclass(frozen=True, eq=False, slots=True)
class Corpus:
    """The texts of a dataset as numbers of words; unknown words are left out.

    Attributes:
        numbers: Of all texts, int32 (words,).
        starts: Where each text begins, and the end of the last one, int64 (n + 1,).
    """

    numbers: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, texts: pl.Series, tokens: str, known: WordCounts) -> Corpus:
        """Number the words of texts.

        Args:
            texts: Of all splits, (n,).
            tokens: What a word is; see `split_texts`.
            known: The words that have vectors.
        """
        import polars as pl

        names = pl.Series(known.words, dtype=pl.String)
        places = pl.Series(np.arange(len(known.words), dtype=np.int32))
        numbers, lengths = [np.zeros(0, np.int32)], [np.zeros(1, np.int64)]
        for words in _split(texts, tokens):
            row = pl.Series(np.arange(len(words), dtype=np.int64))
            frame = pl.DataFrame({"row": row, "word": words}).explode("word")
            number = frame["word"].replace_strict(
                names, places, default=None, return_dtype=pl.Int32
            )
            frame = frame.select("row", number.alias("number")).drop_nulls()
            numbers.append(frame["number"].to_numpy())
            counted = np.bincount(frame["row"].to_numpy(), minlength=len(words))
            lengths.append(counted.astype(np.int64))
        return cls(np.concatenate(numbers), np.cumsum(np.concatenate(lengths)))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def text(self, place: int) -> npt.NDArray[np.int32]:
        """The words of one text."""
        return self.numbers[self.starts[place] : self.starts[place + 1]]


def _split(texts: pl.Series, tokens: str) -> Iterator[pl.Series]:
    """The words of some texts at a time."""
    for start in range(0, len(texts), AT_ONCE):
        yield split_texts(texts[start : start + AT_ONCE], tokens)
