"""Files of word vectors are read by their content, and written to be read back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors

from dlstudio.engine.words import vector_export
from dlstudio.engine.words.vector_export import write_vectors
from dlstudio.engine.words.vector_files import BINARY, GLOVE, TEXT, read_vectors
from dlstudio.engine.words.word_vectors import WordVectors
from dlstudio.errors import UserError

WORDS = ("the", "café", "猫", "1984", "don't")
VECTORS = np.random.default_rng(1).normal(size=(5, 3)).astype(np.float32)
GIVEN = WordVectors(WORDS, VECTORS)


@pytest.mark.parametrize("binary", [False, True])
def test_both_formats_are_those_of_gensim(tmp_path: Path, binary: bool) -> None:
    path, other = tmp_path / "mine", tmp_path / "gensim"
    write_vectors(GIVEN, path, binary=binary)
    known = KeyedVectors.load_word2vec_format(path, binary=binary)
    assert tuple(known.index_to_key) == WORDS
    np.testing.assert_array_equal(known.vectors, VECTORS)
    known.save_word2vec_format(other, binary=binary)
    for each in (path, other):
        found = read_vectors(each)
        assert found.format == (BINARY if binary else TEXT)
        assert found.vectors.words == WORDS
        np.testing.assert_array_equal(found.vectors.vectors, VECTORS)


def test_glove_has_no_header_and_words_with_spaces(tmp_path: Path) -> None:
    path = tmp_path / "glove.txt"
    path.write_text("the 0.1 -2 3e-1\n. . . 1 2 3\nthe 9 9 9\n", encoding="utf-8")
    found = read_vectors(path)
    assert (found.format, found.repeated) == (GLOVE, 1)
    assert found.vectors.words == ("the", ". . .")
    np.testing.assert_allclose(found.vectors.vectors, [[0.1, -2, 0.3], [1, 2, 3]])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"2 3\na 1 2 3\n", "ends before all of its 2 words"),
        (b"2 3\na " + bytes(12) + b"\nb " + bytes(5), "ends before all of its 2"),
        (b"a 1 2 3\nb 1 2\n", "Line 2 of .* is not a word and a vector of size 3"),
        (b"2 3\na 1 2 3\nb 1 x 3\n", "Line 3 of"),
        (b"a 1 nan 3\n", "infinite or not numbers"),
        (b"once upon a time\n", "is no file of word vectors"),
        (b"0 0\n", "is no file of word vectors"),
        (b"", "is no file of word vectors"),
        (b"9999999999 65536\na 1", "ends before"),
    ],
)
def test_damaged_files_are_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "vectors"
    path.write_bytes(content)
    with pytest.raises(UserError, match=message):
        read_vectors(path)


def test_nothing_is_written_that_reads_back_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "vectors.txt"
    with pytest.raises(UserError, match="“two words” cannot be written"):
        odd = WordVectors(("two words",), VECTORS[:1])
        write_vectors(odd, path, binary=False)
    other = read_of(tmp_path, WordVectors(WORDS, VECTORS + 1))
    monkeypatch.setattr(vector_export, "read_stream", lambda *_given: other)
    with pytest.raises(UserError, match="what was read back differs"):
        write_vectors(GIVEN, path, binary=True)
    assert not path.exists()


def read_of(folder: Path, vectors: WordVectors) -> object:
    path = folder / "other.bin"
    write_vectors(vectors, path, binary=True)
    return read_vectors(path)
