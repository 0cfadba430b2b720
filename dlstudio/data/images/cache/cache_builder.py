"""Building or reusing a prepared set: locks, disk space, old sets."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import filelock
import numpy as np
import tensorflow as tf

from dlstudio.data.images.cache.chunk_worker import ChunkWorker
from dlstudio.data.images.cache.reusable_rows import ReusableRows
from dlstudio.data.images.cache.row_cache import (
    DONE,
    CacheRecord,
    RowCache,
    digest,
    read_done,
)
from dlstudio.data.images.cache.row_journal import DamagedCache, Entries
from dlstudio.data.images.columns import ImageColumn, Pixels
from dlstudio.data.images.heic import can_read_heic
from dlstudio.data.images.read import decoder_for
from dlstudio.data.images.samples import images_of
from dlstudio.data.images.spec import ImageSpec
from dlstudio.data.parallel import Progress, ShouldStop, check_stop, in_parallel
from dlstudio.data.samples import Samples
from dlstudio.errors import UserError
from dlstudio.paths import os_error
from dlstudio.safe_files import (
    is_link,
    lock_file,
    make_folder,
    refuse_links_in,
    remove_tree,
)

FORMAT = 2
"""Incremented when prepared images or their storage format change."""
SETS_KEPT = 4
SPARE = 64 * 2**20
"""Bytes to keep free on the disk."""


@dataclass(frozen=True)
class BuiltCache:
    """A finished set.

    Attributes:
        images: uint8 (n, height, width, channels), memory-mapped; None if there are
            none.
        entries: The journal entry of each image.
        skipped: Ids of samples without an image, each with the reason.
    """

    images: Pixels | None
    entries: Entries
    skipped: tuple[tuple[str, str], ...]


@dataclass
class CacheBuilder:
    """Makes the set of some images, or finds it made.

    Attributes:
        root: Folder of the prepared sets; each has a folder and a lock of its own.
        below: The project's folder: no link between it and what is written is
            followed.
        tokens: What each image is known by; see `Files.tokens`.
    """

    ids: Sequence[str]
    images: ImageColumn
    spec: ImageSpec
    root: Path
    below: Path
    progress: Progress | None
    should_stop: ShouldStop | None
    tokens: list[str] = field(default_factory=list)

    def run(self) -> BuiltCache:
        """The finished set, made if need be."""
        self.tokens = self.images.tokens()
        settings = digest(
            json.dumps([FORMAT, tf.__version__, self.spec.to_json()], sort_keys=True)
        )
        name = f"{settings}-{_listing_of(self.tokens)}"
        store = RowCache(self.root / name, self.spec.shape, self.below)
        make_folder(self.root, self.below)
        with self._locked(self.root / f"{name}.lock"):
            done, entries = self._found(store) or self._make(store, settings)
            os.utime(store.folder / DONE)
            # Mapped while locked, so that no process removes it before.
            images = store.images(done) if done.count else None
        self._prune(store.folder)
        self._report(len(self.ids))
        return BuiltCache(images, entries, done.skipped)

    def _found(self, store: RowCache) -> tuple[CacheRecord, Entries] | None:
        """The finished set or None; a damaged one, or one with links, is removed."""
        try:
            refuse_links_in(store.folder, self.below)
            return store.open_done()
        except (DamagedCache, UserError):
            remove_tree(store.folder, self.below)
            return None

    @contextmanager
    def _locked(self, path: Path) -> Iterator[None]:
        """Wait until no other process builds the same set."""
        lock = lock_file(path, self.below)
        while True:
            try:
                lock.acquire(timeout=0.2)
                break
            except filelock.Timeout:
                check_stop(self.should_stop)
        try:
            yield
        finally:
            lock.release()

    def _make(self, store: RowCache, settings: str) -> tuple[CacheRecord, Entries]:
        self._check_space(store)
        try:
            there = store.begin(self.tokens)
        except DamagedCache:
            remove_tree(store.folder, self.below)
            there = store.begin(self.tokens)
        missing = np.ones(len(self.ids), bool)
        missing[there["row"]] = False
        old = ReusableRows(store.row_bytes)
        for folder in self._others(store.folder, settings):
            old.add(folder)
        count = len(self.ids) - int(missing.sum())
        skipped: list[tuple[int, str]] = []
        with store.writer() as writer:
            decoder = decoder_for(self.spec)
            work = ChunkWorker(self.images, self.tokens, decoder, writer, old)
            chunks = list(work.chunks(np.flatnonzero(missing)))
            for chunk, bad in zip(
                chunks, in_parallel(work.do, chunks, self.should_stop), strict=True
            ):
                skipped += bad
                count += len(chunk)
                self._report(count)
        return store.finish(
            [(self.ids[row], reason) for row, reason in sorted(skipped)]
        )

    def _report(self, count: int) -> None:
        if self.progress is not None:
            self.progress(count, len(self.ids))

    def _check_space(self, store: RowCache) -> None:
        needed = len(self.ids) * store.row_bytes
        # A file for writing has its whole length from the start, but not its blocks.
        files = [path.stat() for path in store.folder.glob("*.u8")]
        there = sum(getattr(each, "st_blocks", 0) * 512 for each in files)
        if shutil.disk_usage(self.root).free + there < needed + SPARE:
            raise os_error(OSError(errno.ENOSPC, ""), self.root, writing=True)

    def _others(self, own: Path, settings: str) -> list[Path]:
        found = self.root.glob(f"{settings}-*")
        return [path for path in found if path.is_dir() and path != own]

    def _prune(self, own: Path) -> None:
        """Remove the least recently used sets that no process is building."""
        found = (path for path in self.root.iterdir() if path.is_dir())
        folders = [path for path in found if not is_link(path)]
        folders.sort(key=_last_used, reverse=True)
        for folder in folders[SETS_KEPT:]:
            if folder == own:
                continue
            place = folder.with_name(f"{folder.name}.lock")
            with suppress(filelock.Timeout), lock_file(place, self.below):
                remove_tree(folder, self.below)


def skipped_before(samples: Samples, root: Path) -> tuple[tuple[str, str], ...]:
    """The samples that an earlier preparation of the same files skipped.

    Args:
        root: Folder of the prepared sets; only read.
    """
    if not root.is_dir() or is_link(root):
        return ()
    folders = sorted(
        root.glob(f"*-{_listing_of(images_of(samples).tokens())}"), key=_last_used
    )
    for folder in reversed(folders):
        found = None if is_link(folder) else read_done(folder / DONE)
        if found is not None:
            return found.skipped
    return ()


def _listing_of(tokens: list[str]) -> str:
    """The part of a set's name that identifies its files.

    Differs once HEIC can be read, so that files skipped before are tried again.
    """
    return digest(json.dumps([*tokens, "heic"] if can_read_heic() else tokens))


def _last_used(folder: Path) -> float:
    try:
        return (folder / DONE).stat().st_mtime
    except OSError:
        return 0.0
