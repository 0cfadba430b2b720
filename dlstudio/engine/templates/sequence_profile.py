"""How the texts of pairs are split into tokens, so that none of them is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlstudio.document.values import FrozenMap
from dlstudio.engine.features.input_branch import BranchLayer
from dlstudio.engine.features.text_profile import has_signs

if TYPE_CHECKING:
    import polars as pl

TOKENS = 2
"""Numbers besides the tokens: padding and unknown tokens."""
MOST_TEXTS = 100_000
"""Texts that are looked at."""
MOST_WORDS = 20_000
LONGEST = 256
FEW = 64
"""Tokens up to which no text is cut off at all."""
COVERED = 0.99
"""Share of the texts that are not cut off where some are longer."""
RARE = 0.1
"""Share of words that occur only once, from which on texts are split into characters:
a word that the training split lacks can be neither read nor written."""


@dataclass(frozen=True, slots=True)
class SequenceProfile:
    """How long texts are, and of how many tokens.

    Attributes:
        characters: Whether tokens are characters; otherwise words between blanks.
        vocabulary: Different tokens.
        length: Tokens of all texts, or of nearly all.
    """

    characters: bool = False
    vocabulary: int = 5_000
    length: int = 40

    @classmethod
    def of(cls, texts: pl.Series) -> SequenceProfile:
        """The profile of texts; null where there is none."""
        texts = texts.drop_nulls()
        if not len(texts):
            return cls()
        texts = texts.gather_every(-(-len(texts) // MOST_TEXTS))
        words = texts.str.replace_all(r"\s+", " ").str.strip_chars().str.split(" ")
        counts = words.explode().value_counts()["count"]
        once = int((counts == 1).sum())
        characters = has_signs(texts) or once > RARE * int(counts.sum())
        tokens = words
        if characters:
            tokens = texts.str.split("")
            counts = tokens.explode().value_counts()["count"]
        lengths = tokens.list.len()
        longest = int(lengths.max() or 1)  # type: ignore[arg-type]
        if longest > FEW:
            longest = max(FEW, int(lengths.quantile(COVERED, "higher") or 1))
        return cls(characters, min(MOST_WORDS, len(counts)), min(LONGEST, longest))

    @property
    def tokens(self) -> int:
        """How many numbers a layer from `words` gives; the mark is the next one."""
        return self.vocabulary + TOKENS

    def words(self, stem: str) -> BranchLayer:
        """The layer that splits texts, as they are written, and numbers the tokens.

        Args:
            stem: Id of the layer.
        """
        params = {
            "max_tokens": self.tokens,
            "standardize": None,
            "split": "character" if self.characters else "whitespace",
            "output_sequence_length": self.length,
        }
        return BranchLayer(stem, "TextVectorization", FrozenMap(params))
