"""Columns of images: files, or pixels in arrays."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from dlstudio.data.columns import Indices, Mask

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False, slots=True)
class Files:
    """A file for each sample.

    Attributes:
        paths: Absolute paths; "" where there is none.
        value_range: Values of images with more than 8 bits that become 0 and 255;
            None: the whole range of their format.
    """

    paths: Sequence[str]
    value_range: tuple[float, float] | None = None

    def __len__(self) -> int:
        return len(self.paths)

    def take(self, indices: Indices) -> Files:
        """Those at `indices`, in that order."""
        return replace(self, paths=tuple(self.paths[i] for i in indices.tolist()))

    def missing(self) -> Mask:
        """Where there is no file, bool (n,)."""
        return np.array([not path for path in self.paths], bool)

    def tokens(self) -> list[str]:
        """For each sample a text that changes when its image does.

        It has the path, the size and the time of change, without a look inside.
        """
        return [_file_token(path) for path in self.paths]

    def sizes_of(
        self, indices: Indices, tokens: Sequence[str]
    ) -> tuple[list[int], list[int]]:
        """Bytes of images, and the numbers of their blocks, which are 0.

        Args:
            indices: The images.
            tokens: Of all samples; see `tokens`.
        """
        sizes = [int(tokens[row].rsplit("|", 2)[1]) for row in indices.tolist()]
        return sizes, [0] * len(sizes)


@dataclass(frozen=True, slots=True)
class PixelBlock:
    """Images of one size held as an array, perhaps memory-mapped.

    Attributes:
        array: Shape (n, h, w) or (n, h, w, c), any real dtype.
        scale: What a value is multiplied with to lie in 0..255.
        lowest: What becomes 0.
        token: Changes when the content does; empty if only the content can tell.
    """

    array: npt.NDArray[Any]
    scale: float = 1.0
    token: str = ""
    lowest: float = 0.0

    def known_by(self) -> str:
        """The token, made from the content if there is none."""
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


@dataclass(frozen=True, eq=False, slots=True)
class PixelBlocks:
    """Images in arrays.

    Attributes:
        blocks: Arrays that hold the images one after the other.
        rows: Number of each sample's image, int64 of shape (n,).
        value_range: Values of images with more than 8 bits that become 0 and 255;
            None: the whole range of their format.
    """

    blocks: tuple[PixelBlock, ...]
    rows: Indices = field(default_factory=lambda: np.zeros(0, np.int64))
    value_range: tuple[float, float] | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, indices: Indices) -> PixelBlocks:
        """Those at `indices`, in that order."""
        return replace(self, rows=self.rows[indices])

    def missing(self) -> Mask:
        """Nowhere: an array has an image at each place. bool (n,)."""
        return np.zeros(len(self.rows), bool)

    def pixels(self, index: int) -> Pixels:
        """One image: uint8 of shape (h, w, c)."""
        return np.asarray(self.pixel_rows(np.array([index]))[0])

    def block_of(self, indices: Indices) -> Indices:
        """In which block each of the images is."""
        return np.searchsorted(self._ends(), self.rows[indices], side="right")

    def pixel_rows(self, indices: Indices) -> Pixels:
        """Images that are all in one block: uint8 (n, h, w, c)."""
        block = int(self.block_of(indices[:1])[0])
        start = int(self._ends()[block - 1]) if block else 0
        return self.blocks[block].rows(self.rows[indices] - start)

    def tokens(self) -> list[str]:
        """For each sample the token of its block and the place in it."""
        blocks = [block.known_by() for block in self.blocks]
        numbers = self.block_of(np.arange(len(self), dtype=np.int64))
        pairs = zip(numbers.tolist(), self.rows.tolist(), strict=True)
        return [f"{blocks[block]}|{row}" for block, row in pairs]

    def sizes_of(
        self, indices: Indices, tokens: Sequence[str]
    ) -> tuple[list[int], list[int]]:
        """Bytes of images, and the numbers of their blocks.

        Args:
            indices: The images.
            tokens: Of all samples; see `tokens`.
        """
        blocks = self.block_of(indices).tolist()
        each = [_bytes_of_one(block.array) for block in self.blocks]
        return [each[block] for block in blocks], blocks

    def _ends(self) -> Indices:
        return np.cumsum([len(block.array) for block in self.blocks], dtype=np.int64)


ImageColumn: TypeAlias = Files | PixelBlocks


def array_token(path: Path, name: str = "") -> str:
    """The token of an array in a file."""
    return f"{_file_token(str(path))}|{name}"


def _bytes_of_one(array: npt.NDArray[np.generic]) -> int:
    return array.nbytes // max(1, len(array))


def _file_token(path: str) -> str:
    try:
        status = os.stat(path)
    except OSError:
        return f"{path}|0|0"
    return f"{path}|{status.st_size}|{status.st_mtime_ns}"
