"""Neighbours and analogies of word vectors, as gensim finds them."""

from __future__ import annotations

import numpy as np
import pytest
from gensim.models import KeyedVectors

from dlstudio.engine.words.word_vectors import WordVectors
from dlstudio.errors import UserError

WORDS = tuple(f"word{number}" for number in range(40))
VECTORS = np.random.default_rng(3).normal(size=(40, 6)).astype(np.float32)


def test_neighbours_and_analogies_are_those_of_gensim() -> None:
    vectors, other = WordVectors(WORDS, VECTORS), KeyedVectors(6)
    other.add_vectors(list(WORDS), VECTORS)
    found = vectors.neighbours("word7", 5)
    expected = other.most_similar("word7", topn=5)
    assert [each.word for each in found] == [word for word, _cosine in expected]
    cosines = [each.similarity for each in found]
    assert cosines == pytest.approx([cosine for _word, cosine in expected], abs=1e-5)
    answers = vectors.analogy("word1", "word2", "word3", 4)
    given = other.most_similar(positive=["word2", "word3"], negative=["word1"], topn=4)
    assert [each.word for each in answers] == [word for word, _cosine in given]


def test_more_neighbours_than_words_are_all_words() -> None:
    vectors = WordVectors(("a", "b", "c"), np.eye(3, dtype=np.float32))
    assert {each.word for each in vectors.neighbours("A", 99)} == {"b", "c"}
    assert vectors.analogy("a", "b", "c") == []


def test_an_unknown_word_is_refused_with_words_that_are_spelled_alike() -> None:
    vectors = WordVectors(("colour", "house"), np.eye(2, dtype=np.float32))
    with pytest.raises(UserError, match="“color” has no vector") as caught:
        vectors.neighbours("color")
    assert "colour" in caught.value.hint
