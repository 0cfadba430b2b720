"""The input pipeline: the samples of each step, from memory or streamed from disk.

The order of an epoch is a function of (seed, epoch) alone, so a position in a training
is just (epoch, step). Whether samples are in memory or read block by block makes no
difference to the model.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt
import psutil

if TYPE_CHECKING:
    from dlstudio.data.features.base import Fitted

Rows = Mapping[str, npt.NDArray[Any]]
"""A row for each sample, (n, ...), by name."""
Weights = Mapping[str, npt.NDArray[np.float32] | None]
"""The weight of each sample, (n,), by what is predicted; None if all weigh the same."""
Indices = npt.NDArray[np.int32]

LARGEST_SEED = 2**32
LARGEST_RESIDENT = 256 * 2**20
"""Most bytes of samples kept in memory; larger splits are streamed while training."""
LARGEST_BLOCK = 16 * 2**20
"""Bytes of samples per block; two blocks exist at a time."""
LARGEST_PIECE = 2**20
"""Bytes copied from a mapped file before its pages are released."""


class PreparedSamples(Protocol):
    """Interface of a prepared dataset; see `dlstudio.data.prepared.Prepared`."""

    @property
    def rows(self) -> Rows:
        """A row for each sample by feature, (n, ...).

        The types of features say what a row is: a class is int32 (n,), labels are uint8
        (n, classes), a number is float32 (n,).
        """

    @property
    def fitted(self) -> Mapping[str, Fitted]:
        """What each feature has learned, such as the "names" of classes; plain JSON."""

    @property
    def ids(self) -> Sequence[str]:
        """Name of each sample, such as its file's path, relative to the source."""

    @property
    def splits(self) -> Mapping[str, npt.NDArray[np.int64]]:
        """ "train", "validation", "test" → int64 indices."""

    @property
    def fingerprint(self) -> str:
        """A digest that changes with any change of the data."""

    @property
    def skipped(self) -> tuple[tuple[str, str], ...]:
        """Ids of excluded samples, each with the reason."""


@dataclass(frozen=True, slots=True)
class SampleBlock:
    """Some steps of equal batch size.

    Attributes:
        first: Number of steps of this epoch before the block.
        index: Indices (steps, batch) into `rows`, or into the feeder's resident rows
            if `rows` is None.
        rows, weights: The block's samples if streamed.
    """

    first: int
    index: Indices
    rows: Rows | None = None
    weights: Weights | None = None


@dataclass(frozen=True, slots=True)
class SplitView:
    """The samples of one split, in memory or on disk.

    Attributes:
        rows: The rows of all samples of the dataset, by name.
        weights: The weights of all samples.
        chosen: Indices of this split's samples.
    """

    rows: Rows
    weights: Weights
    chosen: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.chosen)

    @property
    def sample_bytes(self) -> int:
        """Size of one sample."""
        return sum(_row_bytes(array) for array in self.rows.values())

    def fits(self) -> bool:
        """Whether the samples of this split fit in memory."""
        free = psutil.virtual_memory().available
        size = len(self) * self.sample_bytes
        return size <= LARGEST_RESIDENT and size <= free // 8

    def take(
        self, places: npt.NDArray[np.signedinteger]
    ) -> tuple[dict[str, npt.NDArray[Any]], Weights]:
        """Rows and weights at the indices `places` of this split."""
        chosen = self.chosen[places]
        rows = {name: _read(array, chosen) for name, array in self.rows.items()}
        return rows, weights_at(self.weights, chosen)


def weights_at(weights: Weights, chosen: npt.NDArray[np.signedinteger]) -> Weights:
    """The weights of some samples."""
    return {
        name: None if each is None else each[chosen] for name, each in weights.items()
    }


def _row_bytes(array: npt.NDArray[np.generic]) -> int:
    return int(np.prod(array.shape[1:])) * array.itemsize


def _read(
    array: npt.NDArray[np.generic], chosen: npt.NDArray[np.int64]
) -> npt.NDArray[np.generic]:
    """Copy mapped rows in pieces, as touching one page loads many others."""
    if not isinstance(array.base, mmap.mmap):
        return array[chosen]
    taken = np.empty((len(chosen), *array.shape[1:]), array.dtype)
    piece = max(1, LARGEST_PIECE // max(1, _row_bytes(array)))
    for start in range(0, len(chosen), piece):
        part = slice(start, start + piece)
        taken[part] = array[chosen[part]]
        forget_pages(array)
    return taken


def epoch_order(count: int, seed: int, epoch: int) -> Indices:
    """The order of `count` samples in one epoch, int32 (count,).

    Args:
        count: Number of samples.
        seed: Any integer; the same one gives the same order.
        epoch: From 0; each epoch has its own order.
    """
    random = np.random.default_rng([seed % LARGEST_SEED, epoch])
    return random.permutation(count).astype(np.int32)


def steps_in(count: int, batch: int) -> int:
    """Number of steps of an epoch; the last may be smaller."""
    return -(-count // batch)


def spans(
    count: int, batch: int, first: int, size: Callable[[int], int]
) -> Iterator[tuple[int, int, int]]:
    """Cut an epoch into blocks: (first step, steps, batch size of each).

    Args:
        count: Samples in the epoch.
        batch: Samples per step; the remainder makes a smaller last step.
        first: Number of steps already done.
        size: Maps the next step to the most steps that the block may have; called for
            each block.
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
    """Blocks of indices only, for samples that are in memory.

    Args:
        order: Rows of samples in the order of the epoch, int32 (n,).
        batch: Samples per step.
        first: First step, from 0.
        size: Maps a step to the number of steps of the block that begins there.
    """
    for step, steps, each in spans(len(order), batch, first, size):
        yield SampleBlock(step, _rows(order, step, steps, each, batch))


def streamed_blocks(
    part: SplitView, order: Indices, batch: int, first: int, size: Callable[[int], int]
) -> Generator[SampleBlock, None, None]:
    """Blocks with their samples; the next one is prefetched.

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


def forget_pages(array: npt.NDArray[np.generic]) -> None:
    """Release the pages of a mapped file, to keep memory use constant."""
    mapped: object = array.base
    if not isinstance(mapped, mmap.mmap) or array.flags.writeable:
        return
    if hasattr(mmap, "MADV_DONTNEED"):
        mapped.madvise(mmap.MADV_DONTNEED)
