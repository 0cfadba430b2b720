"""What templates need to know of a column of tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from dlstudio.data.features.token_texts import WIDTH, token_counts
from dlstudio.document.values import FrozenMap
from dlstudio.engine.features.input_branch import BranchLayer

if TYPE_CHECKING:
    import polars as pl

NUMBERS = 2
"""Numbers besides those of words: padding and unknown words."""
MOST_TEXTS = 50_000
"""Sentences that are looked at."""
MOST_WORDS, FEWEST_WORDS = 20_000, 50
MOST_CHARACTERS, FEWEST_CHARACTERS = 250, 30
SHORTEST, LONGEST = 8, 256
COVERED, SPARE = 0.995, 1.25
"""Share of the sentences that are not cut, and how much longer others may be."""


@dataclass(frozen=True, slots=True)
class TokenProfile:
    """How long sentences are, and of how many words.

    Attributes:
        vocabulary: Words to know, in lower case; those that occur only once are left
            out, so that the model learns what an unknown word is.
        characters: Characters to know, likewise.
        length: Tokens of nearly all sentences.
    """

    vocabulary: int = 10_000
    characters: int = 100
    length: int = 64

    @classmethod
    def of(cls, texts: pl.Series) -> TokenProfile:
        """The profile of sentences; null where there is none."""
        texts = texts.drop_nulls()
        if not len(texts):
            return cls()
        some = texts.gather_every(-(-len(texts) // MOST_TEXTS))
        words = some.str.to_lowercase().str.split(" ").explode()
        counts = token_counts(some)
        usual = SPARE * float(counts.quantile(COVERED, "higher") or 0)
        longest = min(usual, float(cast("int", counts.max())))
        return cls(
            min(MOST_WORDS, max(FEWEST_WORDS, _often(words))),
            min(MOST_CHARACTERS, max(FEWEST_CHARACTERS, _often(_letters(some)))),
            min(LONGEST, max(SHORTEST, round(longest))),
        )

    @classmethod
    def of_sizes(cls, sizes: Mapping[str, int]) -> TokenProfile:
        """The profile that `sizes` gave."""
        return cls(sizes["vocabulary"], sizes["characters"], sizes["length"])

    @property
    def sizes(self) -> FrozenMap[str, int]:
        """Its attributes."""
        return FrozenMap({name: getattr(self, name) for name in self.__slots__})

    def words(self) -> BranchLayer:
        """The layer that numbers the words: one for each token, whatever it is."""
        params = {
            "max_tokens": self.vocabulary + NUMBERS,
            "standardize": "lower",
            "split": "whitespace",
            "output_sequence_length": self.length,
        }
        return BranchLayer("words", "TextVectorization", FrozenMap(params))

    def letters(self) -> BranchLayer:
        """The layer that numbers the characters: `WIDTH` for each token."""
        params = {
            "max_tokens": self.characters + NUMBERS,
            "standardize": None,
            "split": "character",
            "output_sequence_length": self.length * WIDTH,
        }
        return BranchLayer("characters", "TextVectorization", FrozenMap(params))

    def embedding(self, size: int, *, masked: bool) -> BranchLayer:
        """The layer that looks up a vector for each word.

        Args:
            size: Of the vectors.
            masked: Whether the layers behind skip the padding.
        """
        params = {"input_dim": self.vocabulary + NUMBERS, "output_dim": size}
        if masked:
            params["mask_zero"] = True
        return BranchLayer("embedding", "Embedding", FrozenMap(params))


def _letters(texts: pl.Series) -> pl.Series:
    return texts.str.replace_all(" ", "").str.split("").explode()


def _often(items: pl.Series) -> int:
    """How many different items occur more than once."""
    counts = items.value_counts(name="count")["count"]
    return int((counts > 1).sum())
