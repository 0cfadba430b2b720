"""Small images for the gallery, decoded in the background, visible ones first."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict, deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PySide6.QtCore import QObject, Qt, QThread, Signal
from PySide6.QtGui import QImage

from dlstudio.errors import UserError

if TYPE_CHECKING:
    from dlstudio.data.columns import Column

MAX_BYTES = 192 * 2**20
MAX_THREADS = 4


class ImageSource(Protocol):
    """What has images: a dataset, or the cells of a table."""

    @property
    def shown(self) -> Column:
        """A column of images, see `dlstudio.data.images.columns.ImageColumn`."""


Key = tuple[int, int]  # number of the sample, side in device pixels


class ThumbnailCache:
    """Recently used images by key, at most `limit` bytes."""

    def __init__(self, limit: int = MAX_BYTES) -> None:
        self.limit = limit
        self.bytes = 0
        self._images: OrderedDict[Key, QImage | None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._images)

    def __contains__(self, key: Key) -> bool:
        return key in self._images

    def get(self, key: Key) -> QImage | None:
        """The image, or None if there is none (or it could not be decoded)."""
        if key not in self._images:
            return None
        self._images.move_to_end(key)
        return self._images[key]

    def put(self, key: Key, image: QImage | None) -> None:
        """Add an image, evicting the least recently used; None if not decodable."""
        self.drop(key)
        self._images[key] = image
        self.bytes += _size(image)
        while self.bytes > self.limit and len(self._images) > 1:
            self.bytes -= _size(self._images.popitem(last=False)[1])

    def drop(self, key: Key) -> None:
        """Remove an image."""
        if key in self._images:
            self.bytes -= _size(self._images.pop(key))

    def clear(self) -> None:
        """Remove all images."""
        self._images.clear()
        self.bytes = 0


def _size(image: QImage | None) -> int:
    return 64 if image is None else int(image.sizeInBytes()) + 64


class Thumbnails(QObject):
    """Decodes and caches small images of one dataset.

    Signals:
        arrived: Some wanted images are ready; emitted at most once until `take`.
    """

    arrived = Signal()

    def __init__(
        self,
        threads: int = 0,
        limit: int = MAX_BYTES,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.cache = ThumbnailCache(limit)
        self._dataset: ImageSource | None = None
        self._side = 160
        self._wanted: deque[int] = deque()
        self._busy: set[Key] = set()
        self._done: deque[tuple[ImageSource, Key, QImage | None]] = deque()
        self._notified = False
        self._closed = False
        self._wake = threading.Condition()
        count = threads or max(1, min(MAX_THREADS, (os.cpu_count() or 2) - 1))
        self._threads = [_DecoderThread(self, number) for number in range(count)]
        self._arrived = _ArrivalSignal(self)
        self._arrived.emitted.connect(self.arrived, Qt.ConnectionType.QueuedConnection)

    def show(self, dataset: ImageSource | None) -> None:
        """Show another dataset; all images of the old one are dropped."""
        with self._wake:
            self._dataset = dataset
            self._wanted.clear()
            self._done.clear()
            self._busy.clear()
        self.cache.clear()

    def want(self, rows: Sequence[int], side: int) -> None:
        """Set the wanted images, most urgent first; replaces earlier requests.

        Args:
            side: Side of the square they fit in, in device pixels.
        """
        missing = [row for row in rows if (row, side) not in self.cache]
        with self._wake:
            if self._closed:
                return
            self._side = side
            self._wanted = deque(missing)
            if missing:
                self._wake.notify_all()
        if missing:
            self._start()

    def image(self, row: int, side: int) -> QImage | None:
        """The image, if it is ready."""
        return self.cache.get((row, side))

    def failed(self, row: int, side: int) -> bool:
        """Whether decoding it failed."""
        key = (row, side)
        return key in self.cache and self.cache.get(key) is None

    def take(self) -> list[int]:
        """Move finished images into the cache; returns the samples' numbers."""
        rows = []
        with self._wake:
            self._notified = False
            while self._done:
                dataset, key, image = self._done.popleft()
                self._busy.discard(key)
                if dataset is self._dataset:
                    self.cache.put(key, image)
                    rows.append(key[0])
        return rows

    @property
    def idle(self) -> bool:
        """Whether nothing is wanted, being decoded or waiting for `take`."""
        with self._wake:
            return not (self._wanted or self._busy or self._done)

    def close(self) -> bool:
        """End the threads; returns whether they ended in time."""
        with self._wake:
            self._closed = True
            self._wanted.clear()
            self._wake.notify_all()
        ended = [each.wait(10_000) for each in self._threads]
        return all(ended)

    def _start(self) -> None:
        for each in self._threads:
            if not each.isRunning():
                each.start(QThread.Priority.LowPriority)

    def work(self) -> None:
        """Decode images until closed; runs on each thread."""
        while True:
            with self._wake:
                while not self._closed and not self._next_ready():
                    self._wake.wait()
                if self._closed:
                    return
                row, dataset, side = self._wanted.popleft(), self._dataset, self._side
                self._busy.add((row, side))
            assert dataset is not None
            image = _make(dataset, row, side)
            with self._wake:
                self._done.append((dataset, (row, side), image))
                ring, self._notified = not self._notified, True
            if ring:
                self._arrived.emitted.emit()

    def _next_ready(self) -> bool:
        """Whether there is work that no other thread does."""
        while self._wanted and (self._wanted[0], self._side) in self._busy:
            self._wanted.popleft()
        return bool(self._wanted) and self._dataset is not None


class _ArrivalSignal(QObject):
    """Emitted from any thread, received on the creating thread."""

    emitted = Signal()


class _DecoderThread(QThread):
    def __init__(self, owner: Thumbnails, number: int) -> None:
        super().__init__(owner)
        self.setObjectName(f"thumbnails-{number}")
        self._owner = owner

    def run(self) -> None:
        self._owner.work()


def _make(dataset: ImageSource, row: int, side: int) -> QImage | None:
    from dlstudio.data.images.columns import Files, PixelBlocks
    from dlstudio.data.images.thumbnail import thumbnail

    shown = dataset.shown
    assert isinstance(shown, (Files, PixelBlocks))
    try:
        pixels = thumbnail(shown, row, side)
    except (UserError, OSError, MemoryError):
        return None  # shown as unreadable; the examination reports why
    pixels = np.ascontiguousarray(pixels)
    height, width, _channels = pixels.shape
    image = QImage(
        pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888
    ).convertToFormat(QImage.Format.Format_RGB32)  # the screen's format; a copy
    if max(height, width) < side // 2:
        # Small images are enlarged without smoothing, to show their pixels.
        times = side // max(height, width)
        image = image.scaled(width * times, height * times)
    return image
