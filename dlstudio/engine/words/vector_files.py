"""Files of word vectors: word2vec's two formats, and GloVe's."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import psutil

from dlstudio.byte_size import size_text
from dlstudio.engine.words.word_vectors import Floats, WordVectors
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import open_regular
from dlstudio.paths import user_errors

TEXT, BINARY, GLOVE = "word2vec text", "word2vec binary", "GloVe"
LARGEST_SIZE = 65_536
"""Most numbers of a vector."""
LONGEST = 2**21
"""Most bytes of a line, and of a word before its vector."""
_HEADER = re.compile(rb"\s*(\d{1,10})[ \t]+(\d{1,6})\s*")


@dataclass(frozen=True, slots=True)
class VectorFile:
    """What was read from a file.

    Attributes:
        vectors: Words in the order of the file; the first vector of each counts.
        format: `TEXT`, `BINARY` or `GLOVE`.
        repeated: Lines with words that were there before.
    """

    vectors: WordVectors
    format: str
    repeated: int = 0


def read_vectors(path: Path) -> VectorFile:
    """Read word vectors; the content says in which format they are.

    Raises:
        UserError: The file cannot be read, is in none of the formats, or is damaged.
    """
    with user_errors(path, writing=False), open_regular(path) as stream:
        return read_stream(stream, path)


def vector_size(path: Path) -> int:
    """How many numbers each vector of a file has, by its first line.

    Raises:
        UserError: The file cannot be read, or is in none of the formats.
    """
    with user_errors(path, writing=False), open_regular(path) as stream:
        first = stream.readline(LONGEST)
    header = _HEADER.fullmatch(first)
    size = int(header[2]) if header else _size(first)
    if not 0 < size <= LARGEST_SIZE:
        raise _unknown(path)
    return size


def read_stream(stream: IO[bytes], path: Path) -> VectorFile:
    """The same of an open file.

    Args:
        stream: At its beginning.
        path: What messages call it.

    Raises:
        UserError: It is in none of the formats, or is damaged.
    """
    header = _HEADER.fullmatch(stream.readline(LONGEST))
    if header is None:
        stream.seek(0)
        return _from_lines(stream, path, 0, 0)
    count, size = int(header[1]), int(header[2])
    if not (count and 0 < size <= LARGEST_SIZE):
        raise _unknown(path)
    start = stream.tell()
    first = stream.readline(LONGEST)
    stream.seek(start)
    if _numbers(first, size) is not None:
        return _from_lines(stream, path, count, size)
    return _from_binary(stream, path, count, size)


def _file_size(stream: IO[bytes]) -> int:
    return os.fstat(stream.fileno()).st_size


def _from_binary(stream: IO[bytes], path: Path, count: int, size: int) -> VectorFile:
    """Each word, a space and its numbers as float32, little-endian."""
    rest = _file_size(stream) - stream.tell()
    if rest < count * (4 * size + 1):
        raise _truncated(path, count)
    _check_memory(path, count * size * 4)
    table = _Table(count, size)
    for _number in range(count):
        word = _word(stream, path, count).lstrip(b"\r\n")
        data = stream.read(4 * size)
        if len(data) < 4 * size:
            raise _truncated(path, count)
        table.add(word, np.frombuffer(data, "<f4"))
    return table.made(path, BINARY)


def _word(stream: IO[bytes], path: Path, count: int) -> bytes:
    found = bytearray()
    while (byte := stream.read(1)) != b" ":
        if not byte or len(found) > LONGEST:
            raise _truncated(path, count)
        found += byte
    return bytes(found)


def _from_lines(stream: IO[bytes], path: Path, count: int, size: int) -> VectorFile:
    """A word and its numbers in each line; without a header, the first line counts."""
    given, number = bool(count), 1 if count else 0
    table: _Table | None = None
    for line in _lines(stream):
        number += 1
        if not line.strip():
            continue
        size = size or _size(line)
        values = _numbers(line, size) if size else None
        if values is None:
            raise _unknown(path) if table is None else _bad_line(path, number, size)
        if table is None:
            rows = count or max(1, _file_size(stream) // len(line))
            _check_memory(path, rows * size * 4)
            table = _Table(rows, size)
        table.add(line.rstrip().rsplit(None, size)[0], values)
    if table is None or (given and table.read < count):
        raise _truncated(path, count) if given else _unknown(path)
    return table.made(path, TEXT if given else GLOVE)


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    while line := stream.readline(LONGEST):
        yield line


def _size(line: bytes) -> int:
    """How many numbers follow the word in the first line of a file without header."""
    parts = line.split()
    count = 0
    for part in reversed(parts[1:]):
        try:
            float(part)
        except ValueError:
            break
        count += 1
    return count if 2 <= count <= LARGEST_SIZE else 0


def _numbers(line: bytes, size: int) -> Floats | None:
    """The numbers at the end of a line; None if they are not there."""
    parts = line.rstrip().rsplit(None, size)
    if len(parts) != size + 1:
        return None
    try:
        return np.array(parts[1:], np.float32)
    except ValueError:
        return None


class _Table:
    """Collects words and vectors, whose number is known or estimated."""

    def __init__(self, rows: int, size: int) -> None:
        self.read = 0
        self._vectors = np.empty((rows, size), np.float32)
        self._words: dict[str, None] = {}

    def add(self, word: bytes, values: Floats) -> None:
        self.read += 1
        text = word.decode("utf-8", "replace")
        place = len(self._words)
        if text in self._words:
            return
        if place == len(self._vectors):
            self._vectors = np.concatenate(
                [self._vectors, np.empty_like(self._vectors)]
            )
        self._words[text] = None
        self._vectors[place] = values

    def made(self, path: Path, format: str) -> VectorFile:
        vectors = self._vectors[: len(self._words)]
        if not np.isfinite(vectors).all():
            raise UserError(
                _("{path} has values that are infinite or not numbers.").format(
                    path=path
                ),
                _("Use another file of word vectors."),
            )
        words = WordVectors(tuple(self._words), vectors)
        return VectorFile(words, format, self.read - len(words))


def _check_memory(path: Path, size: int) -> None:
    """Refuse what would not fit, before memory runs out."""
    free = psutil.virtual_memory().available
    if 2 * size > free:
        raise UserError(
            _("{path} needs {size} of memory; {free} are available.").format(
                path=path, size=size_text(2 * size), free=size_text(free)
            ),
            _("Use a file with fewer words, or close other programs."),
        )


def _unknown(path: Path) -> UserError:
    return UserError(
        _("{path} is no file of word vectors.").format(path=path),
        _(
            "Expected: word2vec’s text or binary format, or GloVe’s, in which each "
            "line has a word and its numbers."
        ),
    )


def _truncated(path: Path, count: int) -> UserError:
    return UserError(
        _("{path} ends before all of its {count} words.").format(
            path=path, count=f"{count:,}"
        ),
        _("It is damaged or incomplete. Copy or download it again."),
    )


def _bad_line(path: Path, number: int, size: int) -> UserError:
    return UserError(
        _("Line {number} of {path} is not a word and a vector of size {size}.").format(
            number=number, path=path, size=size
        ),
        _("It is damaged or incomplete. Copy or download it again."),
    )
