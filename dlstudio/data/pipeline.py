"""Feeding: which samples make up each step, from memory or straight from the file.

The order of an epoch is a function of (seed, epoch) alone, so a place in a training
is just (epoch, step). Whether the images lie in memory or are read block by block
changes nothing in what the model sees.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt
import psutil

if TYPE_CHECKING:
    from dlstudio.data.samples import Labels


ImageArray = npt.NDArray[np.uint8]
Indices = npt.NDArray[np.int32]

LARGEST_SEED = 2**32
LARGEST_RESIDENT = 256 * 2**20
"""Bytes of images that may stay in memory; more is read while training."""
LARGEST_BLOCK = 16 * 2**20
"""Bytes of images read at once; two such blocks exist at a time."""
LARGEST_PIECE = 2**20
"""Bytes copied from a mapped file before its pages are given back."""


class PreparedSamples(Protocol):
    """What a prepared dataset offers; see `dlstudio.data.prepare.Prepared`."""

    @property
    def images(self) -> ImageArray:
        """uint8 (n, height, width, channels)."""

    @property
    def labels(self) -> Labels:
        """int32 (n,), or uint8 (n, classes) if `multi_label`."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names by number."""

    @property
    def splits(self) -> Mapping[str, npt.NDArray[np.int64]]:
        """ "train", "validation", "test" → int64 indices."""

    @property
    def fingerprint(self) -> str:
        """Changes when anything of the data does."""

    @property
    def multi_label(self) -> bool:
        """A sample may have any number of labels."""

    @property
    def skipped(self) -> tuple[tuple[str, str], ...]:
        """Ids of samples that are left out, each with the reason."""


@dataclass(frozen=True, slots=True)
class SampleBlock:
    """Some steps of equal batch size.

    Attributes:
        first: Number of steps of this epoch before the block.
        index: (steps, batch): places in `images`, or in the feed's own resident
            images if `images` is None.
        images, labels, weights: The block's own samples when they are streamed.
    """

    first: int
    index: Indices
    images: ImageArray | None = None
    labels: npt.NDArray[Any] | None = None
    weights: npt.NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class SplitView:
    """The samples of one split, in memory or on disk.

    Attributes:
        images: All images of the set, uint8 (n, height, width, channels).
        labels: All labels, in whatever form.
        weights: All weights, float32 (n,), or None.
        chosen: Indices of this split's samples.
    """

    images: ImageArray
    labels: npt.NDArray[Any]
    weights: npt.NDArray[np.float32] | None
    chosen: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.chosen)

    @property
    def sample_bytes(self) -> int:
        """Size of one image."""
        return int(np.prod(self.images.shape[1:])) * self.images.itemsize

    def fits(self) -> bool:
        """The images of this split are small enough to stay in memory."""
        free = psutil.virtual_memory().available
        size = len(self) * self.sample_bytes
        return size <= LARGEST_RESIDENT and size <= free // 8

    def take(
        self, places: npt.NDArray[np.signedinteger]
    ) -> tuple[ImageArray, Labels, npt.NDArray[np.float32] | None]:
        """Images, labels and weights at `places` of this split."""
        rows = self.chosen[places]
        weights = None if self.weights is None else self.weights[rows]
        return self._read_images(rows), self.labels[rows], weights

    def _read_images(self, rows: npt.NDArray[np.int64]) -> ImageArray:
        """Copied piece by piece: a page that is touched brings many others along."""
        taken = np.empty((len(rows), *self.images.shape[1:]), self.images.dtype)
        piece = max(1, LARGEST_PIECE // max(1, self.sample_bytes))
        for start in range(0, len(rows), piece):
            part = slice(start, start + piece)
            taken[part] = self.images[rows[part]]
            _forget_pages(self.images)
        return taken


def epoch_order(count: int, seed: int, epoch: int) -> Indices:
    """The order of `count` samples in one epoch, int32 (count,).

    Args:
        count: Number of samples.
        seed: Any integer; the same one gives the same order.
        epoch: From 0; each has an order of its own.
    """
    random = np.random.default_rng([seed % LARGEST_SEED, epoch])
    return random.permutation(count).astype(np.int32)


def steps_in(count: int, batch: int) -> int:
    """Steps of an epoch; the last may be smaller."""
    return -(-count // batch)


def spans(
    count: int, batch: int, first: int, size: Callable[[int], int]
) -> Iterator[tuple[int, int, int]]:
    """Cut an epoch into blocks: (first step, steps, batch size of each).

    Args:
        count: Samples in the epoch.
        batch: Samples per step; what is left over makes a smaller last step.
        first: Steps that are already done.
        size: From the next step to how many steps the block may have; called for
            each block anew.
    """
    full, rest = divmod(count, batch)
    step = first
    while step < full:
        steps = max(1, min(size(step), full - step))
        yield step, steps, batch
        step += steps
    if rest and step == full:
        yield step, 1, rest


def resident_blocks(
    order: Indices, batch: int, first: int, size: Callable[[int], int]
) -> Iterator[SampleBlock]:
    """Blocks of indices alone; the images are in memory already.

    Args:
        order: Rows of samples in the order of the epoch, int32 (n,).
        batch: Samples in a step.
        first: The step to begin with, from 0.
        size: From a step to the number of steps in the block that begins there.
    """
    for step, steps, each in spans(len(order), batch, first, size):
        yield SampleBlock(step, _rows(order, step, steps, each, batch))


def streamed_blocks(
    part: SplitView, order: Indices, batch: int, first: int, size: Callable[[int], int]
) -> Generator[SampleBlock, None, None]:
    """Blocks with their images; the next is read while one is worked on.

    Args:
        part: The samples of a split.
        order, batch, first, size: As for `resident_blocks`.
    """
    most = max(1, LARGEST_BLOCK // max(1, batch * part.sample_bytes))

    def read(step: int, steps: int, each: int) -> SampleBlock:
        rows = _rows(order, step, steps, each, batch)
        index = np.arange(rows.size, dtype=np.int32).reshape(rows.shape)
        return SampleBlock(step, index, *part.take(rows.reshape(-1)))

    pieces = spans(len(order), batch, first, lambda step: min(most, size(step)))
    with ThreadPoolExecutor(1, thread_name_prefix="dlstudio-feed") as reader:
        waiting = None
        for piece in pieces:
            coming = reader.submit(read, *piece)
            if waiting is not None:
                yield waiting.result()
            waiting = coming
        if waiting is not None:
            yield waiting.result()


def _rows(order: Indices, step: int, steps: int, each: int, batch: int) -> Indices:
    start = step * batch
    return order[start : start + steps * each].reshape(steps, each)


def _forget_pages(images: ImageArray) -> None:
    """Let the system take back the pages of a mapped file, to keep memory flat."""
    mapped: object = images.base
    if not isinstance(mapped, mmap.mmap) or images.flags.writeable:
        return
    if hasattr(mmap, "MADV_DONTNEED"):
        mapped.madvise(mmap.MADV_DONTNEED)
