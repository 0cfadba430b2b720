"""What a source gives: samples with their columns, before any of them is decoded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dlstudio.data.columns import Categories, CategorySets, Column, Indices
from dlstudio.data.findings import Finding
from dlstudio.data.row_ids import take_ids
from dlstudio.document.plan import LABEL
from dlstudio.errors import UserError
from dlstudio.i18n import _

TRAIN, VALIDATION, TEST = "train", "validation", "test"
SPLITS = (TRAIN, VALIDATION, TEST)
SPLIT_NAMES = {
    "train": TRAIN,
    "training": TRAIN,
    "val": VALIDATION,
    "valid": VALIDATION,
    "validation": VALIDATION,
    "dev": VALIDATION,
    "test": TEST,
    "testing": TEST,
}

Labels = npt.NDArray[np.int32] | npt.NDArray[np.uint8]


def split_name(text: str) -> str:
    """ "train", "validation" or "test" for a folder or cell with that name, else ""."""
    return SPLIT_NAMES.get(text.strip().lower(), "")


@dataclass(frozen=True)
class Samples:
    """Samples in a fixed order that does not depend on the file system.

    Attributes:
        ids: Unique names: a relative posix path, "train/17" in arrays, or the number
            of a table's row.
        columns: What is known of each sample, by name; all as long as `ids`.
        splits: Strings of shape (n,): "train", "validation", "test", or "".
        notes: Findings met while reading (missing files, empty folders).
    """

    ids: Sequence[str]
    columns: Mapping[str, Column]
    splits: npt.NDArray[np.str_]
    notes: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        counts = {len(self.ids), len(self.splits), *map(len, self.columns.values())}
        if len(counts) != 1:
            raise ValueError(f"Samples of unequal lengths: {sorted(counts)}")

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, indices: Indices) -> Samples:
        """Some of the samples, in the order of `indices`."""
        columns = {name: each.take(indices) for name, each in self.columns.items()}
        ids = take_ids(self.ids, indices)
        return replace(self, ids=ids, columns=columns, splits=self.splits[indices])

    def with_column(self, name: str, column: Column) -> Samples:
        """The samples with a column added or replaced."""
        return replace(self, columns={**self.columns, name: column})

    @property
    def label_column(self) -> Categories | CategorySets:
        """The column of classes, or of labels.

        Raises:
            UserError: There is none.
        """
        found = self.columns.get(LABEL)
        if isinstance(found, (Categories, CategorySets)):
            return found
        raise UserError(_("This data has no classes."))

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes; a label is an index into them."""
        return self.label_column.names

    @property
    def labels(self) -> Labels:
        """int32 (n,), -1 where there is none; or uint8 of 0 and 1, (n, classes)."""
        found = self.label_column
        return found.codes if isinstance(found, Categories) else found.values

    @property
    def has_several_labels(self) -> bool:
        """Whether a sample may have any number of labels."""
        return isinstance(self.label_column, CategorySets)

    @property
    def unlabeled(self) -> npt.NDArray[np.bool_]:
        """Which samples have no class, bool (n,); of several labels, none is enough."""
        return self.label_column.missing()

    def counts(self) -> npt.NDArray[np.int64]:
        """How many samples each class has, shape (classes,)."""
        return self.label_column.counts()


def label_column(labels: Labels, classes: Sequence[str]) -> Categories | CategorySets:
    """Labels as a column.

    Args:
        labels: int32 of shape (n,), or uint8 of 0 and 1, shape (n, classes).
        classes: Their names.
    """
    if labels.ndim == 2:
        return CategorySets(np.asarray(labels, np.uint8), tuple(classes))
    return Categories(np.asarray(labels, np.int32), tuple(classes))


def no_labels(count: int) -> Categories:
    """The column of classes of samples that have none."""
    return Categories(np.full(count, -1, np.int32), ())


def count_labels(labels: Labels, classes: int) -> npt.NDArray[np.int64]:
    """The number of samples of each class, shape (classes,); -1 is no class."""
    if labels.ndim == 2:
        return np.asarray(labels.sum(axis=0, dtype=np.int64))
    return np.bincount(labels[labels >= 0], minlength=classes).astype(np.int64)


def labels_from_names(
    names: Sequence[str],
) -> tuple[tuple[str, ...], npt.NDArray[np.int32]]:
    """Sorted class names, and labels int32 (n,) for `names`."""
    classes = tuple(sorted(set(names)))
    number = {name: index for index, name in enumerate(classes)}
    return classes, np.array([number[name] for name in names], np.int32)


def labels_from_sets(
    sets: Sequence[frozenset[str]], classes: Sequence[str] = ()
) -> tuple[tuple[str, ...], npt.NDArray[np.uint8]]:
    """Class names and labels uint8 (n, classes) from the labels of each sample."""
    known = tuple(classes) or tuple(sorted({name for names in sets for name in names}))
    number = {name: index for index, name in enumerate(known)}
    labels = np.zeros((len(sets), len(known)), np.uint8)
    for row, names in enumerate(sets):
        labels[row, [number[name] for name in names]] = 1
    return known, labels


def split_array(names: Sequence[str]) -> npt.NDArray[np.str_]:
    """The split of each sample as an array of strings."""
    return np.array(names, dtype="<U10")
