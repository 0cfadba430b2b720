"""Jobs on word vectors; none of them needs TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.workers.jobs import JobContext

if TYPE_CHECKING:
    from dlstudio.engine.words.word_vectors import NearWord, WordVectors

MAPPED = 400
"""Words on the map."""
SIMILAR = 7
"""Words that are listed."""


@dataclass(frozen=True, eq=False, slots=True)
class RunWords:
    """What a run knows of words.

    Attributes:
        run: Id of the run.
        vectors: The most frequent words first.
        counts: How often each occurs in the training split.
        from_checkpoint: Whether the run has not finished.
    """

    run: str
    vectors: WordVectors
    counts: tuple[int, ...]
    from_checkpoint: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """All words."""
        return self.vectors.words

    @property
    def size(self) -> int:
        """Numbers in each vector."""
        return self.vectors.size


@dataclass(frozen=True, slots=True)
class SimilarWord:
    """A word that was found.

    Attributes:
        similarity: Cosine, -1 to 1.
        count: How often it occurs in the training split.
    """

    word: str
    similarity: float
    count: int


@dataclass(frozen=True, slots=True)
class PairScore:
    """How well vectors agree with a similarity file.

    Attributes:
        name: Of the file.
        spearman: Rank correlation; NaN if it cannot be computed.
        covered: Pairs of two words with vectors.
        pairs: All pairs.
        unknown: Words without a vector.
    """

    name: str
    spearman: float
    covered: int
    pairs: int
    unknown: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class MappedWords:
    """Words as points.

    Attributes:
        words: The most frequent first.
        places: float32 (words, 2).
    """

    words: tuple[str, ...]
    places: npt.NDArray[np.float32]


def read_words(_context: JobContext, folder: Path, run: str) -> RunWords:
    """The vectors of a run.

    Args:
        folder: Of the project.
        run: Id of the run.

    Raises:
        UserError: It has learned no words, or its files are damaged.
    """
    from dlstudio.engine.runs.store import RunStore
    from dlstudio.engine.words.run_vectors import read_run_vectors

    found = read_run_vectors(RunStore(folder).find(run))
    return RunWords(run, found.vectors, found.counts, found.from_checkpoint)


def similar_words(
    _context: JobContext, known: RunWords, words: tuple[str, ...]
) -> tuple[SimilarWord, ...]:
    """The words most similar to one, or the answers to an analogy of three.

    Args:
        known: From `read_words`.
        words: One word; or A, B and C: A is to B as C is to what?

    Raises:
        UserError: A word has no vector.
    """
    vectors = known.vectors
    if len(words) == 1:
        return _counted(known, vectors.neighbours(words[0], SIMILAR))
    first, second, third = words
    return _counted(known, vectors.analogy(first, second, third, SIMILAR))


def score_words(_context: JobContext, known: RunWords, path: Path) -> PairScore:
    """Compare the vectors with a similarity file.

    Args:
        known: From `read_words`.
        path: Two words and a score in each line.

    Raises:
        UserError: The file cannot be read.
    """
    from dlstudio.engine.words.word_similarity import read_pairs, score_pairs

    found = score_pairs(known.vectors, read_pairs(path))
    return PairScore(
        path.name, found.spearman, found.covered, found.pairs, found.unknown
    )


def map_words(_context: JobContext, known: RunWords, method: str) -> MappedWords:
    """Places of the most frequent words on a plane.

    Args:
        known: From `read_words`.
        method: "pca" or "tsne".
    """
    from dlstudio.engine.words.word_map import word_map

    places = word_map(known.vectors, method, MAPPED)
    return MappedWords(known.words[: len(places)], places)


def export_words(_context: JobContext, known: RunWords, path: Path) -> Path:
    """Write the vectors as a file of word2vec, binary if its name ends with .bin.

    Args:
        known: From `read_words`.
        path: The file.

    Raises:
        UserError: It cannot be written.
    """
    from dlstudio.engine.words.vector_export import BINARY_SUFFIX, write_vectors

    binary = path.suffix.lower() == BINARY_SUFFIX
    write_vectors(known.vectors, path, binary=binary)
    return path


def _counted(known: RunWords, found: list[NearWord]) -> tuple[SimilarWord, ...]:
    places = (known.vectors.find(each.word) for each in found)
    return tuple(
        SimilarWord(each.word, each.similarity, known.counts[place])
        for each, place in zip(found, places, strict=True)
    )
