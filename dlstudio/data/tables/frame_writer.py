"""Puts what was read of a table into its file, while the next rows are read."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

import polars as pl

from dlstudio.data.tables.cell_store import CellStore

VIEW = 16
"""Bytes of each cell in memory; a text of more than twelve takes others beside them."""


def long_bytes(frame: pl.DataFrame) -> int:
    """Bytes of a frame's texts, as far as these are long."""
    return max(0, int(frame.estimated_size()) - VIEW * frame.height * frame.width)


class FrameWriter:
    """Adds frames to a store on a thread of its own, in their order.

    At most one addition is under way, so memory stays bounded.

    Args:
        store: Asked for nothing before `finish`.
        cells: In each piece of the store.
        bytes: Of long texts in each piece; of a single frame perhaps more.
    """

    def __init__(self, store: CellStore, cells: int, bytes: int) -> None:
        self._store, self._cells, self._bytes = store, cells, bytes
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="dlstudio-table")
        self._pending: Future[None] | None = None

    def __enter__(self) -> FrameWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=True)

    def add(self, frames: Sequence[pl.DataFrame]) -> None:
        """Write the next rows, once those before them are written.

        Args:
            frames: With the columns of the table, which are strings.

        Raises:
            OSError: Rows before them could not be written.
        """
        self.finish()
        self._pending = self._pool.submit(self._add, tuple(frames))

    def finish(self) -> None:
        """Wait until everything is written.

        Raises:
            OSError: The disk is full.
        """
        if self._pending is not None:
            self._pending.result()
            self._pending = None

    def _add(self, frames: Sequence[pl.DataFrame]) -> None:
        """Write frames, joined as long as they are small enough for one piece."""
        joined: list[pl.DataFrame] = []
        size = 0
        for frame in frames:
            own = long_bytes(frame)
            if joined and size + own > self._bytes:
                self._add_joined(joined)
                joined, size = [], 0
            joined.append(frame)
            size += own
        self._add_joined(joined)

    def _add_joined(self, frames: Sequence[pl.DataFrame]) -> None:
        frame = pl.concat(frames, rechunk=True)
        count = max(1, round(frame.height * frame.width / self._cells))
        for piece in frame.iter_slices(max(1, -(-frame.height // count))):
            self._store.add(piece)
