"""Preparing a few images at a time: read, hash, decode, write."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dlstudio.data.images.cache.reusable_rows import Copy, ReusableRows
from dlstudio.data.images.cache.row_cache import RowWriter
from dlstudio.data.images.columns import Files, ImageColumn, PixelBlocks, Pixels
from dlstudio.data.images.decoders.image_decoder import Decoder
from dlstudio.data.images.decoders.pillow_decoder import on_white
from dlstudio.data.images.error import check_bytes
from dlstudio.data.images.files import read_file
from dlstudio.data.images.spec import ImageSpec
from dlstudio.errors import UserError

FILES_AT_ONCE = 16
ROWS_AT_ONCE = 1024
"""Images per chunk of an array, which needs no decoding: few are not worth a call."""
BYTES_AT_ONCE = 8 * 2**20


@dataclass(frozen=True)
class ChunkWorker:
    """Reads, hashes, decodes and writes a few images at a time; threads share it."""

    images: ImageColumn
    tokens: Sequence[str]
    decoder: Decoder
    writer: RowWriter
    old: ReusableRows

    @property
    def spec(self) -> ImageSpec:
        """The spec that images are prepared for."""
        return self.decoder.spec

    def chunks(self, rows: npt.NDArray[np.int64]) -> Iterator[list[int]]:
        """Rows in pieces that are small in memory."""
        most = FILES_AT_ONCE if isinstance(self.images, Files) else ROWS_AT_ONCE
        sizes, blocks = self.images.sizes_of(rows, self.tokens)
        piece, size, last = list[int](), 0, 0
        for row, more, block in zip(rows.tolist(), sizes, blocks, strict=True):
            if piece and (
                len(piece) == most or size + more > BYTES_AT_ONCE or block != last
            ):
                yield piece
                piece, size = [], 0
            piece.append(row)
            size, last = size + more, block
        if piece:
            yield piece

    def do(self, rows: list[int]) -> list[tuple[int, str]]:
        """Prepare some rows; returns those that failed, with the reason."""
        made = _Chunk()
        left = [row for row in rows if not made.copy(row, self._unchanged(row))]
        if left and isinstance(self.images, Files):
            self._from_files(left, self.images, made)
        elif left and isinstance(self.images, PixelBlocks):
            self._from_arrays(left, self.images, made)
        if made.rows:
            self.writer.write(made.rows, made.pixels(self.spec), made.contents)
        return made.bad

    def _unchanged(self, row: int) -> Copy:
        return self.old.by_token(self.tokens[row])

    def _from_arrays(self, rows: list[int], images: PixelBlocks, made: _Chunk) -> None:
        pixels = images.pixel_rows(np.array(rows))
        flat = np.ascontiguousarray(pixels).reshape(len(rows), -1)
        contents = [hashlib.sha256(each.data).digest() for each in flat]
        fitted = self.decoder.fit(with_channels(pixels, self.spec.channels))
        made.add(rows, fitted, contents)

    def _from_files(self, rows: list[int], images: Files, made: _Chunk) -> None:
        read: dict[int, bytes] = {}
        contents: dict[int, bytes] = {}
        for row in rows:
            try:
                data = read_file(images.paths[row])
                check_bytes(data)
            except UserError as error:
                made.bad.append((row, error.message))
                continue
            content = hashlib.sha256(data).digest()
            if not made.copy(row, self.old.by_content(content)):
                read[row], contents[row] = data, content
        if not read:
            return
        together = self.decoder.several(list(read.values()))
        if together is not None:
            made.add(list(read), together, list(contents.values()))
            return
        for row, data in read.items():
            try:
                image = self.decoder.one(data)
            except UserError as error:
                made.bad.append((row, error.message))
            else:
                made.add([row], image[np.newaxis], [contents[row]])


@dataclass
class _Chunk:
    """The results for a few rows."""

    rows: list[int] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)
    _parts: list[npt.NDArray[np.uint8]] = field(default_factory=list)

    def add(self, rows: list[int], pixels: Pixels, contents: list[bytes]) -> None:
        """Add images of some rows."""
        self.rows += rows
        self.contents += contents
        self._parts.append(pixels.reshape(-1))

    def copy(self, row: int, found: Copy) -> bool:
        """Add a row of an earlier set, if one was found."""
        if found is not None:
            self.add([row], np.frombuffer(found[0], np.uint8), [found[1]])
        return found is not None

    def pixels(self, spec: ImageSpec) -> Pixels:
        """All images, in the order of `rows`: uint8 (n, h, w, c)."""
        one = len(self._parts) == 1
        flat = self._parts[0] if one else np.concatenate(self._parts)
        return flat.reshape(len(self.rows), *spec.shape)


def with_channels(pixels: Pixels, channels: int) -> Pixels:
    """Images (n, h, w, 1, 3 or 4) converted to the requested channels."""
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
