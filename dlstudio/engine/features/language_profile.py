"""What templates of language models need to know of a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from dlstudio.catalog.features.continuous_text import CONTINUOUS_TEXT
from dlstudio.data.columns import Texts
from dlstudio.data.features.base import settings
from dlstudio.data.text_windows import TextWindows
from dlstudio.document.feature import Feature
from dlstudio.document.values import FrozenMap
from dlstudio.engine.features.input_branch import BranchLayer

if TYPE_CHECKING:
    from dlstudio.data.columns import Column

SPECIAL = 2
"""Tokens besides those of the text: padding and unknown ones."""
MOST_TEXTS = 20_000
"""Texts that are looked at."""
MOST_CHARACTERS, MOST_WORDS, FEWEST = 4000, 10_000, 20
CHARACTERS = "characters"
WINDOW = 64
"""Tokens of texts whose settings do not say it."""


@dataclass(frozen=True, slots=True)
class LanguageProfile:
    """How many tokens a text has, and how many different ones.

    Attributes:
        characters: Whether tokens are characters; otherwise words.
        vocabulary: Tokens to know. One that occurs only once is unknown, so that the
            model learns what an unknown one is.
        length: Tokens that enter the model at once.
        total: Tokens of the whole text, about.
    """

    characters: bool = True
    vocabulary: int = 96
    length: int = WINDOW
    total: int = 1_000_000

    @classmethod
    def of(cls, feature: Feature, column: Column | None) -> LanguageProfile:
        """The profile of a text.

        Args:
            feature: With the settings.
            column: Parsed; None where there is no data.
        """
        given = settings(feature, CONTINUOUS_TEXT)
        characters = given["unit"] == CHARACTERS
        length = int(given["window"]) or WINDOW
        if column is None or not len(column):
            return cls(characters, length=length)
        step = -(-len(column) // MOST_TEXTS)
        some = column.take(np.arange(0, len(column), step, dtype=np.int64))
        counts: Counter[str] = Counter()
        for text in _texts(some):
            counts.update(text if characters else text.split())
        often = sum(count > 1 for count in counts.values())
        most = MOST_CHARACTERS if characters else MOST_WORDS
        vocabulary = min(most, max(FEWEST, often))
        return cls(characters, vocabulary, length, counts.total() * step)

    @classmethod
    def of_layer(cls, tokens: BranchLayer, total: int = 0) -> LanguageProfile:
        """The profile that a layer from `tokens` was made for."""
        return cls(
            tokens.params["split"] == "character",
            cast("int", tokens.params["max_tokens"]) - SPECIAL,
            cast("int", tokens.params["output_sequence_length"]),
            total,
        )

    @property
    def size(self) -> int:
        """Different tokens, the special ones included."""
        return self.vocabulary + SPECIAL

    def tokens(self) -> BranchLayer:
        """The layer that splits texts into tokens and numbers these, as they are."""
        params = {
            "max_tokens": self.size,
            "standardize": None,
            "split": "character" if self.characters else "whitespace",
            "output_sequence_length": self.length,
        }
        return BranchLayer("tokens", "TextVectorization", FrozenMap(params))

    def embedding(self, size: int) -> BranchLayer:
        """The layer that looks up a vector for each token."""
        params = {"input_dim": self.size, "output_dim": size}
        return BranchLayer("embedding", "Embedding", FrozenMap(params))


def _texts(column: Column) -> Iterable[str]:
    if isinstance(column, TextWindows):
        return _windows(column)
    assert isinstance(column, Texts)
    return iter(column.values.drop_nulls())


def _windows(windows: TextWindows) -> Iterator[str]:
    for piece in windows.pieces():
        yield from piece.texts()
