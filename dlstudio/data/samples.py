"""Samples of a source with their labels, before any image is decoded."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dlstudio.data.findings import Finding
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    pass


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
Pixels = npt.NDArray[np.uint8]


def split_name(text: str) -> str:
    """ "train", "validation" or "test" for a folder or cell with that name, else ""."""
    return SPLIT_NAMES.get(text.strip().lower(), "")


@dataclass(frozen=True, slots=True)
class PixelBlock:
    """Images of one size held as an array, perhaps memory-mapped.

    Attributes:
        array: Shape (n, h, w) or (n, h, w, c), any real dtype.
        scale: Factor that brings values to 0..255.
        lowest: Value that becomes 0.
        token: Changes with the content; empty if it must be computed from the content.
    """

    array: npt.NDArray[Any]
    scale: float = 1.0
    token: str = ""
    lowest: float = 0.0

    def known_by(self) -> str:
        """The token, computed from the content if there is none."""
        if self.token:
            return self.token
        total = hashlib.sha256(repr((self.array.shape, self.scale)).encode())
        for start in range(0, len(self.array), 1024):
            total.update(
                np.ascontiguousarray(self.array[start : start + 1024]).tobytes()
            )
        return total.hexdigest()

    def rows(self, rows: slice | npt.NDArray[np.int64]) -> Pixels:
        """Some images as uint8 of shape (n, h, w, c)."""
        values = np.asarray(self.array[rows])
        if values.dtype != np.uint8 or self.scale != 1.0:
            scaled = values.astype(np.float32)
            if self.lowest:
                scaled -= np.float32(self.lowest)
            scaled = np.rint(scaled * np.float32(self.scale))
            values = np.clip(np.nan_to_num(scaled), 0, 255).astype(np.uint8)
        return values[..., np.newaxis] if values.ndim == 3 else values


@dataclass(frozen=True)
class Samples:
    """Samples in a fixed order that does not depend on the file system.

    The images are in either `files` or `blocks`.

    Attributes:
        ids: Unique names: a relative posix path, or "train/17" in arrays.
        classes: Names of the classes; a label is an index into them.
        labels: int32 of shape (n,), or uint8 of 0 and 1, shape (n, classes).
        splits: Strings of shape (n,): "train", "validation", "test", or "".
        files: Absolute path of each image, in the order of `ids`.
        blocks: Arrays that hold the images one after the other.
        rows: For blocks: index of each sample's image, int64 of shape (n,).
        notes: Findings from reading (missing files, empty folders).
        value_range: Values of images with more than 8 bits that become 0 and 255;
            None for the full range of their format.
    """

    ids: tuple[str, ...]
    classes: tuple[str, ...]
    labels: Labels
    splits: npt.NDArray[np.str_]
    files: tuple[str, ...] = ()
    blocks: tuple[PixelBlock, ...] = ()
    rows: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    notes: tuple[Finding, ...] = ()
    value_range: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        count = len(self.rows) if self.blocks else len(self.files)
        counts = {len(self.ids), len(self.labels), len(self.splits), count}
        if len(counts) != 1:
            raise ValueError(f"Samples of unequal lengths: {sorted(counts)}")

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def multi_label(self) -> bool:
        """Whether a sample may have any number of labels."""
        return self.labels.ndim == 2

    @property
    def in_arrays(self) -> bool:
        """Whether the images are pixels in arrays and not files."""
        return bool(self.blocks)

    def path(self, index: int) -> Path:
        """The file of a sample (of a source of files)."""
        return Path(self.files[index])

    def pixels(self, index: int) -> Pixels:
        """The image of a sample of an array source: uint8 of shape (h, w, c)."""
        return np.asarray(self.pixel_rows(np.array([index]))[0])

    def block_of(self, indices: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The index of the block of each sample's image."""
        return np.searchsorted(self._ends(), self.rows[indices], side="right")

    def pixel_rows(self, indices: npt.NDArray[np.int64]) -> Pixels:
        """Images of samples that are all in one block: uint8 (n, h, w, c)."""
        block = int(self.block_of(indices[:1])[0])
        start = int(self._ends()[block - 1]) if block else 0
        return self.blocks[block].rows(self.rows[indices] - start)

    def tokens(self) -> list[str]:
        """A token for each sample that changes with its image.

        For files: path, size and modification time, without reading them. For arrays:
        the token of the block and the index in it.
        """
        if not self.in_arrays:
            return [_file_token(path) for path in self.files]
        blocks = [block.known_by() for block in self.blocks]
        numbers = self.block_of(np.arange(len(self), dtype=np.int64))
        pairs = zip(numbers.tolist(), self.rows.tolist(), strict=True)
        return [f"{blocks[block]}|{row}" for block, row in pairs]

    def sizes_of(
        self, indices: npt.NDArray[np.int64], tokens: Sequence[str]
    ) -> tuple[list[int], list[int]]:
        """Bytes of each sample's image, and the index of its block (0 for files).

        Args:
            tokens: Tokens of all samples; see `tokens`.
        """
        if self.in_arrays:
            blocks = self.block_of(indices).tolist()
            each = [_bytes_of_one(block.array) for block in self.blocks]
            return [each[block] for block in blocks], blocks
        sizes = [int(tokens[row].rsplit("|", 2)[1]) for row in indices.tolist()]
        return sizes, [0] * len(sizes)

    def counts(self) -> npt.NDArray[np.int64]:
        """The number of samples of each class, shape (classes,)."""
        return count_labels(self.labels, len(self.classes))

    def take(self, indices: npt.NDArray[np.int64]) -> Samples:
        """A subset of the samples, in the order of `indices`."""
        return replace(
            self,
            ids=tuple(self.ids[i] for i in indices),
            labels=self.labels[indices],
            splits=self.splits[indices],
            files=tuple(self.files[i] for i in indices) if self.files else (),
            rows=self.rows[indices] if self.in_arrays else self.rows,
        )

    def _ends(self) -> npt.NDArray[np.int64]:
        return np.cumsum([len(block.array) for block in self.blocks], dtype=np.int64)


def _bytes_of_one(array: npt.NDArray[np.generic]) -> int:
    return array.nbytes // max(1, len(array))


def count_labels(labels: Labels, classes: int) -> npt.NDArray[np.int64]:
    """The number of samples of each class, shape (classes,)."""
    if labels.ndim == 2:
        return np.asarray(labels.sum(axis=0, dtype=np.int64))
    return np.bincount(labels, minlength=classes).astype(np.int64)


def _file_token(path: str) -> str:
    try:
        status = os.stat(path)
    except OSError:
        return f"{path}|0|0"
    return f"{path}|{status.st_size}|{status.st_mtime_ns}"


def array_token(path: Path, name: str = "") -> str:
    """The token of an array in a file."""
    return f"{_file_token(str(path))}|{name}"


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


def require_samples(samples: Samples, where: object) -> Samples:
    """The samples, if there are any.

    Raises:
        UserError: There are no samples.
    """
    if len(samples):
        return samples
    raise UserError(
        _("No images were found in {path}.").format(path=where),
        _("Put the images of each class into a folder named after the class."),
    )
