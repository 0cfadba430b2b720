"""What a layer with `adapt` has learned from data, as it is shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SplitTokens:
    """The tokens of one split, against a vocabulary.

    Attributes:
        split: "train", "validation" or "test".
        texts: How many texts it has.
        empty: How many of them have no token.
        tokens: How many tokens they have.
        unknown: How many of these are not in the vocabulary.
    """

    split: str
    texts: int
    empty: int
    tokens: int
    unknown: int

    @property
    def unknown_share(self) -> float:
        """Share of the tokens that are unknown, 0 to 1."""
        return self.unknown / self.tokens if self.tokens else 0.0


@dataclass(frozen=True, slots=True)
class LearnedLayer:
    """What one layer of a run has learned; only one of the three kinds is there.

    Attributes:
        run: What the run is called, such as "3"; "" for what the next one would learn.
        samples: How many samples of the training split it has seen.
        noun: What these are called, see `document.sample_nouns`.
        names: What each mean belongs to: columns, or their numbers from 1.
        means, deviations: Of each of them, of a Normalization.
        vocabulary: Texts in the order of their numbers, of a lookup or vectorization.
        merges: Pairs of subwords in the order of their merges, of a BytePair.
        weights: The weight of each of them in TF-IDF; () of other vocabularies.
        counts: How often each of them occurs in the training split; () if unknown.
        splits: The splits against the vocabulary; () if unknown.
        boundaries: Between intervals, ascending, of a Discretization.
    """

    run: str
    samples: int
    noun: str
    names: tuple[str, ...] = ()
    means: tuple[float, ...] = ()
    deviations: tuple[float, ...] = ()
    vocabulary: tuple[str, ...] = ()
    merges: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    splits: tuple[SplitTokens, ...] = ()
    boundaries: tuple[float, ...] = ()
