"""Statistics of the data for the checks: plain values, no TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dlstudio.data.findings import Finding
from dlstudio.data.tokens import TrainingTexts
from dlstudio.document.values import FrozenMap, Spec

ValueSize = tuple[int | None, ...]
"""The shape of the values of a feature; None where they differ."""


@dataclass(frozen=True, slots=True)
class DatasetStatistics:
    """Statistics of a scanned dataset.

    Attributes:
        classes: Number of classes (or of labels, if `has_several_labels`).
        class_names: In the order of the model's units; empty if unknown.
        has_several_labels: Whether a sample may have any number of labels.
        height, width: Of all samples that have such; None if they differ.
        channels: 1 grey, 3 colour, 4 with transparency; None if they differ.
        typical: Height and width of a typical sample; None if unknown.
        samples: Number of usable samples; 0 if unknown.
        counts: Samples per class, in the order of `class_names`; empty if unknown.
        training, validation, test: Samples per split; None if unknown.
        low, high: Range of the values at the model's input.
        source: The data source; None if unknown.
        given: Splits defined by the source.
        notes: Notes from reading the source, including questions about folders.
        unusable: Ids of samples excluded as unusable, with the reason; not counted in
            the numbers above.
        flat: Ids of samples whose values are all the same.
        distinct: Different values of each feature that has names, by feature.
        sizes: Of the values that a table only names, by feature.
        texts: Texts of the training split, by feature.
        mirrored: For each transformation ("across", "down", "turned") that makes those
            of one class look like another: two such classes. Class names may add more.
    """

    classes: int = 0
    class_names: tuple[str, ...] = ()
    has_several_labels: bool = False
    height: int | None = None
    width: int | None = None
    channels: int | None = None
    samples: int = 0
    counts: tuple[int, ...] = ()
    training: int | None = None
    validation: int | None = None
    test: int | None = None
    low: float = 0.0
    high: float = 255.0
    source: Spec | None = None
    given: frozenset[str] = frozenset()
    notes: tuple[Finding, ...] = ()
    unusable: tuple[tuple[str, str], ...] = ()
    flat: tuple[str, ...] = ()
    distinct: Mapping[str, int] = field(default_factory=FrozenMap)
    sizes: Mapping[str, ValueSize] = field(default_factory=FrozenMap)
    texts: Mapping[str, TrainingTexts] = field(default_factory=FrozenMap)
    mirrored: Mapping[str, tuple[str, str]] = field(default_factory=FrozenMap)
    typical: tuple[int, int] | None = None
