"""Samples with a recipe applied, and filters on them. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dlstudio.document.plan import LABEL, DataRecipe
from dlstudio.workers.dataset import (
    EXCLUDED,
    Dataset,
    DatasetFinding,
    DatasetSplit,
    ExaminedDataset,
    Mask,
)

ALL = -1
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class SampleFilter:
    """A filter on samples; the default matches all.

    Attributes:
        text: Substring of the file name, case-insensitive.
        classes: Names of classes; empty for all.
        split: Index into `SPLITS`, `EXCLUDED` for excluded samples, or `ALL`.
        finding: A kind of finding, or "".
        sizes: Range of the longer side in pixels, end exclusive; None for all.
    """

    text: str = ""
    classes: frozenset[str] = frozenset()
    split: int = ALL
    finding: str = ""
    sizes: tuple[int, int] | None = None

    def __bool__(self) -> bool:
        return self != SampleFilter()


@dataclass(frozen=True)
class DatasetView:
    """A dataset with a recipe applied; cheap to recreate after each edit."""

    dataset: Dataset
    recipe: DataRecipe
    found: tuple[DatasetFinding, ...] = ()
    dataset_split: DatasetSplit | None = None
    examined: ExaminedDataset | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.dataset)

    @cached_property
    def excluded(self) -> Mask:
        """Mask of excluded samples."""
        return self._mask(self.recipe.leave_out)

    @cached_property
    def relabelled(self) -> Mask:
        """Which samples have another label than the source says."""
        return self._mask(tuple(self.recipe.changed_values(LABEL)))

    @cached_property
    def unlabeled(self) -> Mask:
        """Which samples have no class; of several labels, none is enough."""
        labels = self.dataset.labels
        if labels.ndim == 2:
            return np.zeros(len(self), np.bool_)
        return (labels < 0) & ~self.relabelled

    @cached_property
    def moved(self) -> Mask:
        """Mask of samples assigned to a split manually."""
        return self._mask(tuple(self.recipe.moved))

    @cached_property
    def findings(self) -> dict[str, list[DatasetFinding]]:
        """Unchecked findings by kind."""
        checked = frozenset(self.recipe.checked)
        kinds: dict[str, list[DatasetFinding]] = {}
        for each in self.found:
            if each.key not in checked:
                kinds.setdefault(each.kind, []).append(each)
        return kinds

    @cached_property
    def flagged(self) -> Mask:
        """Mask of samples with an unchecked finding."""
        mask = np.zeros(len(self), np.bool_)
        for found in self.findings.values():
            mask |= self.about(found)
        return mask

    def about(self, found: list[DatasetFinding]) -> Mask:
        """Mask of the samples that the findings refer to."""
        return self._mask(tuple(each.path for each in found))

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The classes, including those that exist only through relabelling."""
        named = (c for row in self._new_labels.values() for c in row)
        return tuple(dict.fromkeys([*self.dataset.classes, *named]))

    def names(self, row: int) -> tuple[str, ...]:
        """The labels of a sample; none if it has no class."""
        new = self._new_labels.get(row)
        if new is not None:
            return new
        return self._old_names(row)

    def split(self, row: int) -> int:
        """Index into `SPLITS`, `EXCLUDED`, or `ALL` while unknown."""
        if self.excluded[row]:
            return EXCLUDED
        assignments = self.assignments
        return ALL if assignments is None else int(assignments[row])

    @property
    def assignments(self) -> npt.NDArray[np.uint8] | None:
        """The split of each sample; None while unknown."""
        fits = self.dataset_split is not None and len(
            self.dataset_split.assignments
        ) == len(self)
        return (
            self.dataset_split.assignments
            if self.dataset_split is not None and fits
            else None
        )

    def has_class(self, name: str) -> Mask:
        """Mask of the samples with this label."""
        mask = np.zeros(len(self), np.bool_)
        if name in self.dataset.classes:
            number = self.dataset.classes.index(name)
            labels = self.dataset.labels
            mask = labels[:, number] > 0 if labels.ndim == 2 else labels == number
            mask = np.asarray(mask).copy()
        for row, names in self._new_labels.items():
            mask[row] = name in names
        return mask

    def counts(self) -> dict[str, int]:
        """Number of samples per class, without excluded ones."""
        kept = ~self.excluded
        labels = self.dataset.labels
        if labels.ndim == 2:
            whole = labels[kept].sum(axis=0)
        else:
            own = labels[kept & (labels >= 0)]
            whole = np.bincount(own, minlength=len(self.dataset.classes))
        counts = dict.fromkeys(self.classes, 0)
        counts.update(zip(self.dataset.classes, whole.tolist(), strict=True))
        for row, names in self._new_labels.items():
            if kept[row]:
                for old in self._old_names(row):
                    counts[old] -= 1
                for new in names:
                    counts[new] += 1
        return counts

    def rows(self, wanted: SampleFilter) -> Rows:
        """The samples that match a filter, in order."""
        mask = np.ones(len(self), np.bool_)
        if wanted.classes:
            mask = np.zeros(len(self), np.bool_)
            for name in wanted.classes:
                mask |= self.has_class(name)
        if wanted.split == EXCLUDED:
            mask &= self.excluded
        elif wanted.split != ALL:
            known = self.assignments
            mask &= ~self.excluded
            mask &= known == wanted.split if known is not None else False
        if wanted.finding:
            mask &= self.about(self.findings.get(wanted.finding, []))
        if wanted.sizes and self.examined is not None:
            longer = np.maximum(self.examined.widths, self.examined.heights)
            low, high = wanted.sizes
            mask &= (longer >= low) & (longer < high)
        if wanted.text:
            text = wanted.text.lower()
            hits = [text in name for name in self.dataset.lowered]
            mask &= np.array(hits, np.bool_)
        return np.flatnonzero(mask).astype(np.int64)

    @cached_property
    def _new_labels(self) -> Mapping[int, tuple[str, ...]]:
        many = self.dataset.has_several_labels
        there = self.dataset.rows
        known = self.recipe.changed_values(LABEL)
        changed = {id: str(name) for id, name in known.items()}
        return {
            there[id]: tuple(p.strip() for p in name.split("|") if p.strip())
            if many
            else (name,)
            for id, name in changed.items()
            if id in there
        }

    def _old_names(self, row: int) -> tuple[str, ...]:
        label, classes = self.dataset.labels[row], self.dataset.classes
        if self.dataset.has_several_labels:
            return tuple(classes[number] for number in np.flatnonzero(label))
        return (classes[int(label)],) if label >= 0 else ()

    def _mask(self, ids: tuple[str, ...]) -> Mask:
        mask = np.zeros(len(self), np.bool_)
        there = self.dataset.rows
        mask[[there[id] for id in ids if id in there]] = True
        return mask
