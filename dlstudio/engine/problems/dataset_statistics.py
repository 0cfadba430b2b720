"""What the checks know about the data: pure values, no files, no TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dlstudio.data.findings import Finding
from dlstudio.document.values import FrozenMap, Spec


@dataclass(frozen=True, slots=True)
class DatasetStatistics:
    """Figures of a scanned dataset.

    Attributes:
        classes: Number of classes (or of labels, if `multi_label`).
        class_names: In the order of the model's units; may be empty if unknown.
        multi_label: A sample may have any number of labels.
        height, width: Pixels; None where the images differ.
        channels: 1 grey, 3 colour, 4 with transparency; None where they differ.
        samples: All usable samples; 0 if unknown.
        counts: Samples per class, in the order of `class_names`; may be empty.
        training, validation, test: Samples per part; None if unknown.
        low, high: Range of the pixel values as they reach the model.
        source: What was read; None if unknown.
        given: Splits that the source itself tells.
        notes: What reading the source has found, questions about folders included.
        unusable: Ids of samples that are left out because they cannot be used, each
            with the reason; they count in none of the numbers above.
        flat: Ids of images that are of one color.
        mirrored: For each change ("across", "down", "turned") after which images of
            one class look like those of another: two such classes. The names may say
            more.
    """

    classes: int = 0
    class_names: tuple[str, ...] = ()
    multi_label: bool = False
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
    mirrored: Mapping[str, tuple[str, str]] = field(default_factory=FrozenMap)
