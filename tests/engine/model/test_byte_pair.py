"""Byte-pair encoding: as the library tokenizers finds it, in a SavedModel too."""

from __future__ import annotations

import random
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from subword_texts import TEXTS

from dlstudio.data.word_pieces import END, LONGEST_WORD, SPECIAL, UNKNOWN, BytePairs
from dlstudio.engine.model.byte_pair import BytePair, learn_merges
from dlstudio.engine.prediction.model_file import load_model
from dlstudio.engine.preprocessing.layer_state import (
    adapt,
    learns,
    set_state,
    state_of,
)

pytest.importorskip("tokenizers")
OTHERS = [
    "unfilmable goodness aaaa lalalala",
    "不好 看电影 ひらがな",
    "👩\u200d👩\u200d👧 new",
    "x" * 100 + " film",
    "[UNK] </w> w",
    " \n ",
    "leave " * 300,
]
SCRIPTS = [(97, 123), (0x430, 0x450), (0x5D0, 0x5EB), (0x627, 0x64A), (0xAC00, 0xAC20)]


def scripts(count: int) -> list[str]:
    """Texts of random words in several scripts, of a dozen letters each."""
    draw = random.Random(1)
    letters = [[chr(code) for code in range(*each)][:12] for each in SCRIPTS]

    def word() -> str:
        return "".join(draw.choices(draw.choice(letters), k=draw.randint(1, 12)))

    return [" ".join(word() for _number in range(8)) for _text in range(count)]


@pytest.fixture(scope="module")
def layer() -> BytePair:
    made = BytePair(max_tokens=500, name="pairs")
    assert learns(made)
    texts = [*TEXTS, *scripts(40)]
    adapt(made, lambda: np.array_split(np.array(texts, object)[:, None], 2))
    return made


def by_library(layer: BytePair, texts: list[str]) -> list[list[int]]:
    from tokenizers import Tokenizer, models, pre_tokenizers

    numbers = {word: number for number, word in enumerate(layer.vocabulary)}
    merges = [tuple(each.split(" ")) for each in layer.merges]
    options = {"unk_token": UNKNOWN, "end_of_word_suffix": END}
    tokenizer = Tokenizer(models.BPE(numbers, merges, **options))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    plain = layer.standardized(tf.constant(texts)).numpy()
    return [tokenizer.encode(each.decode()).ids for each in plain]


def test_subwords_are_those_of_the_library(layer: BytePair) -> None:
    assert layer.vocabulary[:2] == SPECIAL and len(layer.vocabulary) <= 500
    assert len(layer.merges) > 100
    texts = [*TEXTS, *OTHERS, *scripts(80)[40:]]
    found = np.asarray(layer(tf.constant(texts)[:, None]))
    for row, expected in zip(found.tolist(), by_library(layer, texts), strict=True):
        assert row[: len(expected)] == expected and not any(row[len(expected) :])
    assert len({each for row in found.tolist() for each in row}) > 100
    counted = BytePairs(layer.merges).tokens(texts)
    for row, parts in zip(found.tolist(), counted, strict=True):
        names = [each.decode() for each in parts]
        known = [each if each in layer.vocabulary[2:] else UNKNOWN for each in names]
        assert known == [layer.vocabulary[each] for each in row if each]
    longer = layer(tf.constant([["x" * (LONGEST_WORD + 1)]]))
    assert longer.numpy().tolist() == [[1]]


def test_the_same_texts_give_the_same_subwords() -> None:
    first = learn_merges(scripts(30), 200)
    assert first[1], "some are merged"
    assert all(learn_merges(scripts(30), 200) == first for _again in range(5))


def test_no_text_has_no_subwords(layer: BytePair) -> None:
    assert layer(tf.constant([[""], [" "]])).shape == (2, 0)
    state = state_of(layer)
    short = BytePair(output_sequence_length=3)
    set_state(short, state)
    assert not learns(short) and state_of(short) == state
    assert np.asarray(short(tf.constant([[""], ["film"]]))).shape == (2, 3)
    with pytest.raises(ValueError, match="need subwords of the vocabulary"):
        BytePair(vocabulary=[*SPECIAL, "a"], merges=["a b"])


def test_a_saved_model_takes_raw_strings(layer: BytePair, tmp_path: Path) -> None:
    pairs = BytePair(
        output_sequence_length=8,
        vocabulary=layer.vocabulary,
        merges=layer.merges,
        name="pairs",
    )
    given = keras.Input((1,), dtype="string")
    vectors = keras.layers.Embedding(500, 2)(pairs(given))
    model = keras.Model(given, keras.layers.GlobalAveragePooling1D()(vectors))
    texts = tf.constant([*TEXTS, *OTHERS])[:, None]
    expected = np.asarray(model(texts))
    model.save(tmp_path / "model.keras")
    np.testing.assert_array_equal(load_model(tmp_path / "model.keras")(texts), expected)
    model.export(tmp_path / "saved", verbose=False)
    loaded = tf.saved_model.load(str(tmp_path / "saved"))
    np.testing.assert_allclose(loaded.serve(texts), expected, atol=1e-6)
