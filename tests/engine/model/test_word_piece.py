"""Pieces of words: as the library tokenizers finds them, in a SavedModel too."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from subword_texts import TEXTS

from dlstudio.data.word_pieces import SPECIAL, UNKNOWN, WordPieces
from dlstudio.engine.model.word_piece import WordPiece, learn_pieces
from dlstudio.engine.prediction.model_file import load_model
from dlstudio.engine.preprocessing.layer_state import (
    adapt,
    learns,
    set_state,
    state_of,
)
from dlstudio.errors import UserError

pytest.importorskip("tokenizers")
OTHERS = [
    "unfilmable goodness",
    "不好 看电影 ひらがな",
    "👩\u200d👩\u200d👧 new",
    "x" * 101,
    "x" * 100 + " film",
    "[UNK] ## ##ing",
    " \n ",
    "leave " * 300,
]


@pytest.fixture(scope="module")
def layer() -> WordPiece:
    made = WordPiece(max_tokens=90, name="pieces")
    assert learns(made)
    adapt(made, lambda: np.array_split(np.array(TEXTS, object)[:, None], 2))
    return made


def by_library(layer: WordPiece, texts: list[str]) -> list[list[int]]:
    from tokenizers import Tokenizer, models, pre_tokenizers

    numbers = {piece: number for number, piece in enumerate(layer.vocabulary)}
    tokenizer = Tokenizer(models.WordPiece(numbers, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    plain = layer.standardized(tf.constant(texts)).numpy()
    return [tokenizer.encode(each.decode()).ids for each in plain]


def test_pieces_are_those_of_the_library(layer: WordPiece) -> None:
    assert layer.vocabulary[:2] == SPECIAL and len(layer.vocabulary) <= 90
    texts = [*TEXTS, *OTHERS]
    found = np.asarray(layer(tf.constant(texts)[:, None]))
    for row, expected in zip(found.tolist(), by_library(layer, texts), strict=True):
        assert row[: len(expected)] == expected and not any(row[len(expected) :])
    assert len({each for row in found.tolist() for each in row}) > 40


def test_pieces_are_counted_without_tensorflow(layer: WordPiece) -> None:
    texts = [*TEXTS, *OTHERS]
    numbers = np.asarray(layer(tf.constant(texts)[:, None]))
    pieces = WordPieces(layer.vocabulary).tokens(texts)
    for row, found in zip(numbers.tolist(), pieces, strict=True):
        known = [each.decode() for each in found]
        names = [each if each in layer.vocabulary[2:] else UNKNOWN for each in known]
        assert names == [layer.vocabulary[each] for each in row if each]


def test_the_same_texts_give_the_same_pieces() -> None:
    texts = [
        f"it is {('near', 'far', 'away')[n % 3]} from place{n % 7}" for n in range(42)
    ]
    first = learn_pieces(texts, 44)
    assert any(len(piece) > 3 for piece in first[2:]), "some are longer"
    assert all(learn_pieces(texts, 44) == first for _again in range(5))


def test_no_text_has_no_pieces(layer: WordPiece) -> None:
    assert layer(tf.constant([[""], [" "]])).shape == (2, 0)
    state = state_of(layer)
    short = WordPiece(output_sequence_length=3)
    set_state(short, state)
    assert not learns(short) and state_of(short) == state
    assert np.asarray(short(tf.constant([[""], ["film"]]))).shape == (2, 3)


def test_a_saved_model_takes_raw_strings(layer: WordPiece, tmp_path: Path) -> None:
    pieces = WordPiece(
        output_sequence_length=8, vocabulary=layer.vocabulary, name="pieces"
    )
    given = keras.Input((1,), dtype="string")
    vectors = keras.layers.Embedding(90, 2)(pieces(given))
    model = keras.Model(given, keras.layers.GlobalAveragePooling1D()(vectors))
    texts = tf.constant([*TEXTS, *OTHERS])[:, None]
    expected = np.asarray(model(texts))
    model.save(tmp_path / "model.keras")
    np.testing.assert_array_equal(load_model(tmp_path / "model.keras")(texts), expected)
    model.export(tmp_path / "saved", verbose=False)
    loaded = tf.saved_model.load(str(tmp_path / "saved"))
    np.testing.assert_allclose(loaded.serve(texts), expected, atol=1e-6)


def test_without_the_library_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any, **named: Any) -> Any:
        if name == "tokenizers":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(UserError) as caught:
        learn_pieces(["a word"], 9)
    assert "dlstudio[text]" in (caught.value.hint or "")
