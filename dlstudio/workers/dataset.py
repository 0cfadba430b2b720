"""The project's data for the window: values created by jobs and read by views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dlstudio.document.plan import LABEL
from dlstudio.document.values import FrozenMap, Params, Spec
from dlstudio.errors import UserError

if TYPE_CHECKING:
    from dlstudio.data.columns import Column

SPLITS = ("train", "validation", "test")
EXCLUDED = 255  # the split of an excluded sample

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class SourceChange:
    """Changed parameters of the source that resolve a finding.

    Attributes:
        label: Their meaning, for a button.
        params: Names and values of the changed parameters.
        splits: Whether the source then defines splits; None for no change.
    """

    label: str
    params: Params
    splits: bool | None = None


@dataclass(frozen=True, slots=True)
class DatasetFinding:
    """A finding about the data.

    Attributes:
        kind: Kind of the finding, such as "truncated" or "duplicate".
        path: Id of a sample, or name of a folder or class; "" for all.
        message: A message of one sentence.
        original: For a copy, the id of the first sample with this content; else "".
        answers: Possible answers, if the finding is a question.
    """

    kind: str
    path: str
    message: str
    original: str = ""
    answers: tuple[SourceChange, ...] = ()

    @property
    def key(self) -> str:
        """The key under which the recipe marks it as checked."""
        return f"{self.kind} {self.path}"


class IncompleteSource(UserError):
    """Raised for data whose source needs another parameter.

    Args:
        message: What is missing, for the user.
        hint: What to do about it.
        source: The source with its known parameters.
    """

    def __init__(self, message: str, hint: str, source: Spec) -> None:
        super().__init__(message, hint)
        self.source = source


@dataclass(frozen=True)
class Dataset:
    """The samples of a source, before the recipe is applied.

    Attributes:
        labels: int32 (n,), -1 where there is none; or uint8 (n, classes) if
            `has_several_labels`.
        splits: Split of each sample as defined by the source, or "".
        rows: Row number of each sample, by id.
        height, width: Size of a typical sample.
        varying: Whether the samples have different sizes.
        channels: 1 if all samples are grey, else 3.
        complete: False for the first few samples, shown while the rest is read.
        samples: The samples from `dlstudio.data`; for jobs only.
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

    @property
    def shown(self) -> Column:
        """The column of the samples themselves, beside their classes; for jobs only."""
        columns: Mapping[str, Column] = self.samples.columns
        return next(each for name, each in columns.items() if name != LABEL)

    @cached_property
    def lowered(self) -> tuple[str, ...]:
        """The ids in lower case, for searching."""
        return tuple(id.lower() for id in self.ids)

    @property
    def has_several_labels(self) -> bool:
        """Whether a sample may have any number of labels."""
        return self.labels.ndim == 2

    @property
    def has_splits(self) -> bool:
        """Whether the source defines training and test splits."""
        return bool((self.splits != "").any())


@dataclass(frozen=True)
class DatasetSplit:
    """The result of a recipe's split.

    Attributes:
        assignments: Index into `SPLITS` for each sample, or `EXCLUDED`; uint8 (n,).
        counts: Samples per class and split, int64 (classes, 3); one more row if there
            are samples without a class.
        classes: Class names, including those added by relabelling.
        groups: Number of groups kept in one split; 0 without groups.
        problem: Why the data cannot be split like this, or "".
        notes: Notes about splits taken from the training split.
    """

    assignments: npt.NDArray[np.uint8]
    counts: npt.NDArray[np.int64]
    classes: tuple[str, ...]
    groups: int = 0
    problem: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExaminedDataset:
    """Examination results of every sample, valid for any recipe.

    Attributes:
        dataset: The examined data.
        widths, heights: Stored size of each sample, 0 if unreadable.
        contents: Content keys that identify copies.
        mirrored: Classes that mirror each other; see `ExaminedImages`.
    """

    dataset: Dataset = field(repr=False, compare=False)
    widths: npt.NDArray[np.int32]
    heights: npt.NDArray[np.int32]
    contents: tuple[bytes, ...] = field(repr=False)
    probes: Any = field(repr=False, compare=False)
    mirrored: FrozenMap[str, tuple[str, str]] = field(default_factory=FrozenMap)

    def unreadable(self) -> tuple[tuple[str, str], ...]:
        """Ids of unreadable samples, each with the reason."""
        pairs = zip(self.dataset.ids, self.probes, strict=True)
        return tuple((id, each.error.message) for id, each in pairs if each.error)
