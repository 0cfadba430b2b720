"""Preparing: every picture decoded and resized once, into a file that is mapped.

The file is keyed by what it is made from (path, size and time of each picture, or
its content) and how. What was interrupted goes on; what changed is made anew, what
did not is copied from the last time.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import filelock
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio.catalog.store import Catalog
from dlstudio.data.decode import Decoder, check_bytes
from dlstudio.data.fileinfo import read_file
from dlstudio.data.open_source import open_source
from dlstudio.data.picture_spec import PictureSpec
from dlstudio.data.pillow_path import on_white
from dlstudio.data.recipe import apply_recipe
from dlstudio.data.samples import Labels, Pixels, Samples
from dlstudio.data.split import Indices, split
from dlstudio.data.store import (
    DONE,
    Damaged,
    Done,
    Entries,
    OldRows,
    RowStore,
    RowWriter,
    digest,
)
from dlstudio.data.work import Progress, ShouldStop, check_stop, in_parallel
from dlstudio.document.plan import DataRecipe
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import os_error, user_errors

FORMAT = 1
"""Raised when prepared pictures would come out differently or lie differently."""
PICTURES_AT_ONCE = 32
BYTES_AT_ONCE = 8 * 2**20
SETS_KEPT = 4
SPARE = 64 * 2**20


@dataclass(frozen=True)
class Prepared:
    """Pictures that are ready, with their labels.

    Attributes:
        images: uint8 (n, height, width, channels), memory-mapped, read-only.
        labels: int32 (n,), or uint8 (n, classes) if `multi_label`.
        classes: Names by number.
        ids: Names of the samples, such as relative paths.
        splits: "train", "validation" and "test": ascending int64 indices.
        fingerprint: SHA-256 of content, labels, order, split and form.
        skipped: Ids that could not be used, each with the reason.
    """

    images: Pixels
    labels: Labels
    classes: tuple[str, ...]
    ids: tuple[str, ...]
    splits: dict[str, Indices]
    fingerprint: str
    skipped: tuple[tuple[str, str], ...]
    multi_label: bool

    def __len__(self) -> int:
        return len(self.ids)


def prepare(
    recipe: DataRecipe,
    spec: PictureSpec,
    catalog: Catalog,
    base: Path,
    cache: Path,
    progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
) -> Prepared:
    """The pictures of a recipe in the form a model wants.

    Args:
        recipe: Source, split, what is left out and relabelled.
        spec: See `picture_spec`.
        catalog: Where the source is described.
        base: Folder of the project.
        cache: Folder that may be deleted at any time.
        progress: Told how many of how many pictures are done.
        should_stop: Asked often; True ends the work, which later goes on there.

    Raises:
        UserError: The source cannot be read, nothing in it can be used, or the
            cache cannot be written (a full disk, say).
        Stopped: `should_stop` said so.
    """
    samples = apply_recipe(open_source(recipe.source, catalog, base), recipe)
    made = _Making(samples, spec, cache / "pictures", progress, should_stop)
    with user_errors(cache, writing=True):
        done, entries, store = made.run()
    rows = entries["row"].astype(np.int64)
    if not len(rows):
        raise _nothing_left(done)
    kept = samples.take(rows)
    contents = [entry.tobytes() for entry in entries["content"]]
    return Prepared(
        images=store.images(done),
        labels=kept.labels,
        classes=kept.classes,
        ids=kept.ids,
        splits=split(kept, recipe.split, contents, recipe.moved),
        fingerprint=_fingerprint(kept, contents, recipe, spec),
        skipped=done.skipped,
        multi_label=kept.multi_label,
    )


def _nothing_left(done: Done) -> UserError:
    name, reason = done.skipped[0]
    return UserError(
        _("None of the {count} pictures can be used. {name}: {reason}").format(
            count=len(done.skipped), name=name, reason=reason
        ),
        _("Scan the data to see what is wrong with each."),
    )


def _fingerprint(
    samples: Samples, contents: Sequence[bytes], recipe: DataRecipe, spec: PictureSpec
) -> str:
    parts = recipe.split
    facts: dict[str, Any] = {
        "format": FORMAT,
        "spec": spec.to_json(),
        "classes": samples.classes,
        "split": [parts.mode, parts.validation, parts.test, parts.seed, parts.stratify],
    }
    if parts.group_by:
        grouped = [parts.group_by, parts.group_level, parts.group_pattern]
        facts["groups"] = grouped
    if recipe.moved:
        facts["moved"] = sorted(recipe.moved.items())
    total = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
    for name, content, part in zip(samples.ids, contents, samples.splits, strict=True):
        line = json.dumps([name, str(part)]).encode()
        total.update(line + content)
    total.update(np.ascontiguousarray(samples.labels).tobytes())
    return total.hexdigest()


@dataclass
class _Making:
    """Makes the set of some samples, or finds it made."""

    samples: Samples
    spec: PictureSpec
    root: Path
    progress: Progress | None
    should_stop: ShouldStop | None
    tokens: list[str] = field(default_factory=list)

    def run(self) -> tuple[Done, Entries, RowStore]:
        """The finished set, made if need be."""
        self.tokens = self.samples.tokens()
        settings = digest(
            json.dumps([FORMAT, tf.__version__, self.spec.to_json()], sort_keys=True)
        )
        name = f"{settings}-{digest(json.dumps(self.tokens))}"
        store = RowStore(self.root / name, self.spec.shape)
        self.root.mkdir(parents=True, exist_ok=True)
        with self._locked(self.root / f"{name}.lock"):
            try:
                found = store.open_done()
            except Damaged:
                shutil.rmtree(store.folder, ignore_errors=True)
                found = None
            if found is None:
                self._make(store, settings)
                found = store.open_done()
                if found is None:
                    raise Damaged
            os.utime(store.folder / DONE)
        self._prune(store.folder)
        self._tell(len(self.samples))
        return (*found, store)

    @contextmanager
    def _locked(self, path: Path) -> Iterator[None]:
        """Wait until no other process makes the same set."""
        lock = filelock.FileLock(path)
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

    def _make(self, store: RowStore, settings: str) -> None:
        self._check_space(store)
        there = store.begin(self.tokens)
        missing = np.ones(len(self.samples), bool)
        missing[there["row"]] = False
        old = OldRows(store.row_bytes)
        for folder in self._others(store.folder, settings):
            old.add(folder)
        count = len(self.samples) - int(missing.sum())
        skipped: list[tuple[int, str]] = []
        with store.writer() as writer:
            work = _Work(self.samples, self.tokens, Decoder(self.spec), writer, old)
            chunks = list(work.chunks(np.flatnonzero(missing)))
            for chunk, bad in zip(
                chunks, in_parallel(work.do, chunks, self.should_stop), strict=True
            ):
                skipped += bad
                count += len(chunk)
                self._tell(count)
        store.finish(
            [(self.samples.ids[row], reason) for row, reason in sorted(skipped)]
        )

    def _tell(self, count: int) -> None:
        if self.progress is not None:
            self.progress(count, len(self.samples))

    def _check_space(self, store: RowStore) -> None:
        needed = len(self.samples) * store.row_bytes
        there = sum(p.stat().st_blocks * 512 for p in store.folder.glob("*.u8")
                    if hasattr(p.stat(), "st_blocks"))  # fmt: skip
        if shutil.disk_usage(self.root).free + there < needed + SPARE:
            raise os_error(OSError(errno.ENOSPC, ""), self.root, writing=True)

    def _others(self, own: Path, settings: str) -> list[Path]:
        found = self.root.glob(f"{settings}-*")
        return [path for path in found if path.is_dir() and path != own]

    def _prune(self, own: Path) -> None:
        """Remove sets that were not used for long and that nobody is making."""
        folders = [path for path in self.root.iterdir() if path.is_dir()]
        folders.sort(key=_last_used, reverse=True)
        for folder in folders[SETS_KEPT:]:
            lock = filelock.FileLock(folder.with_name(f"{folder.name}.lock"))
            if folder != own:
                try:
                    with lock.acquire(timeout=0):
                        shutil.rmtree(folder, ignore_errors=True)
                except filelock.Timeout:
                    continue


def _last_used(folder: Path) -> float:
    try:
        return (folder / DONE).stat().st_mtime
    except OSError:
        return 0.0


@dataclass(frozen=True)
class _Work:
    """What the threads do: read, hash, decode and write a few pictures at a time."""

    samples: Samples
    tokens: Sequence[str]
    decoder: Decoder
    writer: RowWriter
    old: OldRows

    def chunks(self, rows: npt.NDArray[np.int64]) -> Iterator[list[int]]:
        """Rows in pieces that are small in memory."""
        samples, piece, size, last = self.samples, list[int](), 0, 0
        for row in rows.tolist():
            more, block = samples.size_of(row, self.tokens[row])
            if piece and (
                len(piece) == PICTURES_AT_ONCE
                or size + more > BYTES_AT_ONCE
                or block != last
            ):
                yield piece
                piece, size = [], 0
            piece.append(row)
            size, last = size + more, block
        if piece:
            yield piece

    def do(self, rows: list[int]) -> list[tuple[int, str]]:
        """Prepare some rows; gives those that cannot be, with the reason."""
        done: dict[int, tuple[Any, bytes]] = {}
        for row in rows:
            copy = self.old.by_token(self.tokens[row])
            if copy is not None:
                done[row] = copy
        left = [row for row in rows if row not in done]
        take = self._from_arrays if self.samples.in_arrays else self._from_files
        bad = take(left, done) if left else []
        good = [row for row in rows if row in done]
        if good:
            shape = (len(good), *self.decoder.spec.shape)
            pixels = [np.frombuffer(done[row][0], np.uint8) for row in good]
            self.writer.write(
                good,
                np.concatenate(pixels).reshape(shape),
                [done[row][1] for row in good],
            )
        return bad

    def _from_arrays(
        self, rows: list[int], done: dict[int, Any]
    ) -> list[tuple[int, str]]:
        pixels = self.samples.pixel_rows(np.array(rows))
        contents = [hashlib.sha256(each.tobytes()).digest() for each in pixels]
        fitted = self.decoder.fit(with_channels(pixels, self.decoder.spec.channels))
        for row, picture, content in zip(rows, fitted, contents, strict=True):
            done[row] = (picture.tobytes(), content)
        return []

    def _from_files(
        self, rows: list[int], done: dict[int, Any]
    ) -> list[tuple[int, str]]:
        read: dict[int, bytes] = {}
        bad: list[tuple[int, str]] = []
        for row in rows:
            try:
                data = read_file(self.samples.path(row))
                check_bytes(data)
            except UserError as error:
                bad.append((row, error.message))
                continue
            content = hashlib.sha256(data).digest()
            copy = self.old.by_content(content)
            if copy is not None:
                done[row] = copy
            else:
                read[row] = data
                done[row] = (b"", content)
        return bad + self._decode(read, done)

    def _decode(
        self, read: dict[int, bytes], done: dict[int, Any]
    ) -> list[tuple[int, str]]:
        bad: list[tuple[int, str]] = []
        together = self.decoder.several(list(read.values())) if read else None
        if together is not None:
            for row, picture in zip(read, together, strict=True):
                done[row] = (picture.data, done[row][1])
            return bad
        for row, data in read.items():
            try:
                done[row] = (self.decoder.one(data).tobytes(), done[row][1])
            except UserError as error:
                del done[row]
                bad.append((row, error.message))
        return bad


def with_channels(pixels: Pixels, channels: int) -> Pixels:
    """Pictures (n, h, w, 1, 3 or 4) with the channels that are wanted."""
    have = pixels.shape[-1]
    if have == channels:
        return pixels
    if have == 1:
        colour = np.repeat(pixels, 3, axis=-1)
        return colour if channels == 3 else with_channels(colour, channels)
    if channels == 4:
        return np.concatenate([pixels, np.full_like(pixels[..., :1], 255)], axis=-1)
    if have == 3:
        opaque = np.full_like(pixels[..., :1], 255)
        pixels = np.concatenate([pixels, opaque], axis=-1)
    return on_white(pixels, channels)
