"""The project's data as the window sees it: values that jobs make and views read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.document.values import FrozenMap, Params, Spec
from dlstudio.errors import UserError

SPLITS = ("train", "validation", "test")
EXCLUDED = 255  # a sample's part when it is left out

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class SourceChange:
    """Other parameters of the source that answer a finding.

    Attributes:
        label: What they mean, for a button.
        params: Names and values of the parameters that change.
        splits: Whether the source then tells splits; None if that stays as it is.
    """

    label: str
    params: Params
    splits: bool | None = None


@dataclass(frozen=True, slots=True)
class DatasetFinding:
    """Something to know about the data.

    Attributes:
        kind: Such as "truncated" or "duplicate".
        path: Id of a sample, or name of a folder or class; "" for all.
        message: One sentence.
        original: Of a copy, the id of the first sample with this content; else "".
        answers: Where the finding asks.
    """

    kind: str
    path: str
    message: str
    original: str = ""
    answers: tuple[SourceChange, ...] = ()

    @property
    def key(self) -> str:
        """How the recipe remembers that it was checked."""
        return f"{self.kind} {self.path}"


class IncompleteSource(UserError):
    """Data that can be read once a parameter of its source is set.

    Args:
        source: With what is known of it.
    """

    def __init__(self, message: str, hint: str, source: Spec) -> None:
        super().__init__(message, hint)
        self.source = source


@dataclass(frozen=True)
class Dataset:
    """The samples of a source as it gives them, whatever the recipe does to them.

    Attributes:
        labels: int32 (n,), or uint8 (n, classes) if `multi_label`.
        splits: Part of each sample as the source says, or "".
        rows: Number of each sample by its id.
        height, width: Of a typical image, in pixels.
        varying: The images have different sizes.
        channels: 1 where all are grey, else 3.
        complete: False for the first few, shown while the others are still counted.
        samples: What `dlstudio.data` made; for jobs alone.
    """

    source: Spec
    ids: tuple[str, ...]
    classes: tuple[str, ...]
    labels: npt.NDArray[Any]
    splits: npt.NDArray[np.str_]
    rows: Mapping[str, int] = field(repr=False)
    height: int = 0
    width: int = 0
    varying: bool = False
    channels: int = 3
    in_files: bool = True
    complete: bool = True
    samples: Any = field(default=None, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def lowered(self) -> tuple[str, ...]:
        """The ids in lower case, for searching."""
        return tuple(id.lower() for id in self.ids)

    @property
    def multi_label(self) -> bool:
        """Whether a sample may have any number of labels."""
        return self.labels.ndim == 2

    @property
    def has_splits(self) -> bool:
        """Whether the source says what is for training and what for testing."""
        return bool((self.splits != "").any())


@dataclass(frozen=True)
class DatasetSplit:
    """What a recipe's split comes to.

    Attributes:
        assignments: Index into `SPLITS` of each sample, or `EXCLUDED`; uint8 (n,).
        counts: Samples per class and split, int64 (classes, 3).
        classes: With those that relabelling added.
        groups: How many groups stay together; 0 if each sample is by itself.
        problem: Why it cannot be divided so, or "".
        notes: Of splits that are taken from the training split.
    """

    assignments: npt.NDArray[np.uint8]
    counts: npt.NDArray[np.int64]
    classes: tuple[str, ...]
    groups: int = 0
    problem: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExaminedDataset:
    """A look at every image, kept to answer what it means under any recipe.

    Attributes:
        dataset: What was looked at.
        widths, heights: Pixels of each as stored, 0 where it cannot be read.
        contents: What tells copies: the same for the same bytes.
        mirrored: Classes that are each other's mirror image; see `ExaminedImages`.
    """

    dataset: Dataset = field(repr=False, compare=False)
    widths: npt.NDArray[np.int32]
    heights: npt.NDArray[np.int32]
    contents: tuple[bytes, ...] = field(repr=False)
    probes: Any = field(repr=False, compare=False)
    mirrored: FrozenMap[str, tuple[str, str]] = field(default_factory=FrozenMap)

    def unreadable(self) -> tuple[tuple[str, str], ...]:
        """Ids of the samples that cannot be read, each with the reason."""
        pairs = zip(self.dataset.ids, self.probes, strict=True)
        return tuple((id, each.error.message) for id, each in pairs if each.error)
