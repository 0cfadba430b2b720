"""What templates need to know of a column of texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from dlstudio.document.values import FrozenMap
from dlstudio.engine.features.input_branch import BranchLayer

if TYPE_CHECKING:
    import polars as pl

TOKENS = 2
"""Tokens besides the words: padding and unknown words."""
MOST_TEXTS = 50_000
"""Texts that are looked at."""
MOST_WORDS, FEWEST_WORDS = 20_000, 50
SHORTEST, LONGEST = 8, 256
LONGEST_IN_CHARACTERS = 512
COVERED = 0.95
"""Share of the texts that are not cut off."""
SIGNS = 0.25
"""Share of signs of a script without spaces from which on texts are split into
characters."""
_SIGN = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]"
PUNCTUATION = r"[!-/:-@\[-`{-~]"


@dataclass(frozen=True, slots=True)
class TextProfile:
    """How long texts are, and of how many words.

    Attributes:
        characters: Whether they are split into characters, as Chinese is.
        vocabulary: Words to know; those that occur only once are left out, so that the
            model learns from the training split what an unknown word is.
        length: Words of nearly all texts, at least `SHORTEST`.
    """

    characters: bool = False
    vocabulary: int = 10_000
    length: int = 64

    @classmethod
    def of(cls, texts: pl.Series, segmented: bool = False) -> TextProfile:
        """The profile of texts.

        Args:
            texts: Strings; null where there is none.
            segmented: Whether there are blanks between words in every script.
        """
        import polars as pl

        texts = texts.drop_nulls()
        if not len(texts):
            return cls()
        every = -(-len(texts) // MOST_TEXTS)
        texts = texts.gather_every(every)
        characters = not segmented and has_signs(texts)
        plain = texts.str.to_lowercase().str.replace_all(PUNCTUATION, "")
        if characters:
            words = plain.str.split("")
        else:
            words = plain.str.strip_chars().str.split(" ")
        lengths = words.list.len()
        counts = words.explode().value_counts()["count"]
        often = int((counts > 1).sum())
        most = LONGEST_IN_CHARACTERS if characters else LONGEST
        length = int(lengths.quantile(COVERED, "higher") or SHORTEST)
        assert isinstance(counts, pl.Series)
        return cls(
            characters,
            min(MOST_WORDS, max(FEWEST_WORDS, often)),
            min(most, max(SHORTEST, length)),
        )

    @classmethod
    def of_layer(cls, words: BranchLayer) -> TextProfile:
        """The profile that a layer from `words` was made for."""
        return cls(
            words.params["split"] == "character",
            cast("int", words.params["max_tokens"]) - TOKENS,
            cast("int", words.params["output_sequence_length"]),
        )

    def words(self) -> BranchLayer:
        """The layer that splits texts into words and numbers these."""
        params = {
            "max_tokens": self.vocabulary + TOKENS,
            "split": "character" if self.characters else "whitespace",
            "output_sequence_length": self.length,
        }
        return BranchLayer("words", "TextVectorization", FrozenMap(params))

    def embedding(self, size: int = 64, masked: bool = False) -> BranchLayer:
        """The layer that looks up a vector for each word.

        Args:
            size: Of the vectors.
            masked: Whether the layers behind skip the padding.
        """
        params = {"input_dim": self.vocabulary + TOKENS, "output_dim": size}
        if masked:
            params["mask_zero"] = True
        return BranchLayer("embedding", "Embedding", FrozenMap(params))


def has_signs(texts: pl.Series) -> bool:
    """Whether texts are of a script without spaces, such as Chinese."""
    letters = int(texts.str.count_matches(r"\p{L}").sum())
    signs = int(texts.str.count_matches(_SIGN).sum())
    return signs > SIGNS * max(1, letters)
