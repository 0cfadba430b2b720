"""What a layer with `adapt` has learned from data, as it is shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LearnedLayer:
    """What one layer of a run has learned; only one of the three kinds is there.

    Attributes:
        run: What the run is called, such as "3".
        samples: How many samples of the training split it has seen.
        noun: What these are called, see `document.sample_nouns`.
        names: What each mean belongs to: columns, or their numbers from 1.
        means, deviations: Of each of them, of a Normalization.
        vocabulary: Texts in the order of their numbers, of a lookup or vectorization.
        boundaries: Between intervals, ascending, of a Discretization.
    """

    run: str
    samples: int
    noun: str
    names: tuple[str, ...] = ()
    means: tuple[float, ...] = ()
    deviations: tuple[float, ...] = ()
    vocabulary: tuple[str, ...] = ()
    boundaries: tuple[float, ...] = ()
