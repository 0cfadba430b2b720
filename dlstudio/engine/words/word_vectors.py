"""Words with a vector each: which are alike, and which answer an analogy."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt

from dlstudio.errors import UserError
from dlstudio.i18n import _

Floats = npt.NDArray[np.float32]
NEAR = 3
"""Words that are proposed instead of an unknown one."""
LOOKED_AT = 50_000
"""Words, the most frequent first, among which they are looked for."""


@dataclass(frozen=True, slots=True)
class NearWord:
    """A word and its similarity.

    Attributes:
        similarity: Cosine of the angle between two vectors, -1 to 1.
    """

    word: str
    similarity: float


@dataclass(frozen=True, eq=False, slots=True)
class WordVectors:
    """Words, usually the most frequent first, and their vectors.

    Attributes:
        words: Each once.
        vectors: float32 (words, size).
    """

    words: tuple[str, ...]
    vectors: Floats
    _places: dict[str, int] = field(init=False, repr=False)
    _units: list[Floats] = field(default_factory=list, init=False, repr=False)

    def __post_init__(self) -> None:
        places = {word: place for place, word in enumerate(self.words)}
        object.__setattr__(self, "_places", places)

    def __len__(self) -> int:
        return len(self.words)

    @property
    def size(self) -> int:
        """Numbers in each vector."""
        return int(self.vectors.shape[1])

    def place(self, word: str) -> int | None:
        """The number of a word, written like this or in lower case."""
        found = self._places.get(word)
        return self._places.get(word.lower()) if found is None else found

    def find(self, word: str) -> int:
        """The same of a word that must be known.

        Raises:
            UserError: It has no vector; the hint has words that are spelled alike.
        """
        found = self.place(word)
        if found is not None:
            return found
        near = get_close_matches(word.lower(), self.words[:LOOKED_AT], n=NEAR)
        raise UserError(
            _("“{word}” has no vector: it is none of the {count} words.").format(
                word=word, count=f"{len(self):,}"
            ),
            _("Did you mean {names}?").format(names=", ".join(near)) if near else "",
        )

    def neighbours(self, word: str, top: int = 10) -> list[NearWord]:
        """The words whose vectors are most similar to that of a word.

        Args:
            word: A word with a vector.
            top: How many.

        Raises:
            UserError: It has no vector.
        """
        place = self.find(word)
        return self._nearest(self.units[place], {place}, top)

    def analogy(
        self, first: str, second: str, third: str, top: int = 10
    ) -> list[NearWord]:
        """What is to `third` as `second` is to `first`: second − first + third.

        Mikolov, Yih and Zweig, "Linguistic Regularities in Continuous Space Word
        Representations" (2013), with vectors of unit length.

        Args:
            first, second, third: Words with vectors, none of which is an answer.
            top: How many answers.

        Raises:
            UserError: A word has no vector.
        """
        places = [self.find(word) for word in (first, second, third)]
        one, other, like = (self.units[place] for place in places)
        return self._nearest(other - one + like, set(places), top)

    def similarities(self, pairs: Sequence[tuple[int, int]]) -> Floats:
        """The cosines of pairs of words, by their numbers, float32 (pairs,)."""
        places = np.asarray(pairs, np.int64).reshape(-1, 2)
        units = self.units
        found: Floats = np.einsum("ij,ij->i", units[places[:, 0]], units[places[:, 1]])
        return found

    @property
    def units(self) -> Floats:
        """The vectors with length one, float32 (words, size)."""
        if not self._units:
            lengths = np.linalg.norm(self.vectors, axis=1, keepdims=True)
            self._units.append(self.vectors / np.maximum(lengths, 1e-12))
        return self._units[0]

    def _nearest(
        self, vector: Floats, but: Collection[int], top: int
    ) -> list[NearWord]:
        length = max(float(np.linalg.norm(vector)), 1e-12)
        cosines = self.units @ (vector / np.float32(length))
        cosines[list(but)] = -np.inf
        count = min(top, len(self) - len(but))
        if count < 1:
            return []
        best = np.argpartition(-cosines, count - 1)[:count]
        best = best[np.argsort(-cosines[best], kind="stable")]
        return [NearWord(self.words[place], float(cosines[place])) for place in best]
