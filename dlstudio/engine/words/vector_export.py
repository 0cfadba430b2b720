"""Writes word vectors in word2vec's formats, and reads back what was written."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import numpy as np

from dlstudio.engine.words.vector_files import read_stream
from dlstudio.engine.words.word_vectors import WordVectors
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import atomic_file

BINARY_SUFFIX = ".bin"


def write_vectors(vectors: WordVectors, path: Path, *, binary: bool) -> None:
    """Write a file of word vectors; it is there only if it reads back the same.

    Both formats begin with a line of the number of words and the size of the vectors.

    Args:
        vectors: What to write.
        path: The file to create or replace.
        binary: Whether numbers are written as float32 instead of as text.

    Raises:
        UserError: A word has a space in it, or the file cannot be written.
    """
    _check_words(vectors)
    with atomic_file(path, "wb+") as stream:
        stream.write(f"{len(vectors)} {vectors.size}\n".encode())
        write = _write_binary if binary else _write_text
        write(vectors, stream)
        stream.flush()
        stream.seek(0)
        _check_written(vectors, stream, path)


def _write_binary(vectors: WordVectors, stream: IO[bytes]) -> None:
    for word, row in zip(vectors.words, vectors.vectors, strict=True):
        stream.write(word.encode() + b" " + row.astype("<f4").tobytes() + b"\n")


def _write_text(vectors: WordVectors, stream: IO[bytes]) -> None:
    """Nine digits, from which every float32 is read back the same."""
    for word, row in zip(vectors.words, vectors.vectors, strict=True):
        numbers = " ".join([f"{value:.9g}" for value in row.tolist()])
        stream.write(f"{word} {numbers}\n".encode())


def _check_words(vectors: WordVectors) -> None:
    odd = next(
        (each for each in vectors.words if not each or each.split() != [each]), None
    )
    if odd is None:
        return
    raise UserError(
        _("The word “{word}” cannot be written: it is empty or has a space.").format(
            word=odd
        ),
        _("word2vec’s formats separate a word from its numbers by a space."),
    )


def _check_written(vectors: WordVectors, stream: IO[bytes], path: Path) -> None:
    found = read_stream(stream, path).vectors
    same = found.words == vectors.words
    if same and np.array_equal(found.vectors, vectors.vectors):
        return
    raise UserError(
        _("{path} was not written: what was read back differs.").format(path=path),
        _("Check the disk, or choose another folder."),
    )
