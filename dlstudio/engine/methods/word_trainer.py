"""One step of word2vec, computed by gensim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.data.pipeline import LARGEST_SEED
from dlstudio.document.values import Spec
from dlstudio.engine.words.corpus import Corpus, WordCounts
from dlstudio.engine.words.text_extra import text_library

Vectors = npt.NDArray[np.float32]
_TESTING = 2**31
"""Begins the numbers of draws that belong to no step."""


@dataclass(frozen=True, slots=True)
class WordSettings:
    """The parameters of the method; see `dlstudio.catalog.methods.word2vec`."""

    algorithm: str = "skip_gram"
    tokens: str = "words"
    vector_size: int = 100
    window: int = 5
    negative: int = 5
    min_count: int = 5
    sample: float = 0.001

    @classmethod
    def of(cls, method: Spec) -> WordSettings:
        """The settings of a plan whose values were checked."""
        given: Mapping[str, Any] = method.params
        return cls(**{e.name: given[e.name] for e in fields(cls) if e.name in given})


class WordTrainer:
    """Vectors of words, and of words around them, that learn from texts.

    One thread trains, and every draw is a function of the seed and the number of the
    step: gensim's own threads would make each training another one.

    Attributes:
        vectors: Of the words, float32 (words, size).
        context: Of the words as they occur around others, float32 (words, size).

    Args:
        corpus: All texts.
        known: The words, numbered as in the corpus.
        settings: The method's.
        seed: The plan's.

    Raises:
        UserError: Gensim is not installed.
    """

    def __init__(
        self, corpus: Corpus, known: WordCounts, settings: WordSettings, seed: int
    ) -> None:
        library = text_library("gensim.models.word2vec")
        self._inner = text_library("gensim.models.word2vec_inner")
        self._corpus = corpus
        self._seed = seed % LARGEST_SEED
        self._skip_gram = settings.algorithm == "skip_gram"
        self._model: Any = library.Word2Vec(
            vector_size=settings.vector_size,
            window=settings.window,
            min_count=1,
            sample=settings.sample,
            seed=self._seed,
            workers=1,
            sg=int(self._skip_gram),
            negative=settings.negative,
            sorted_vocab=0,
        )
        # Numbers stand for the words, so that texts need not be strings again.
        self._model.build_vocab_from_freq(dict(enumerate(known.counts)))
        self.vectors: Vectors = self._model.wv.vectors
        self.context: Vectors = self._model.syn1neg
        self._work = np.zeros(settings.vector_size, np.float32)
        self._sum = np.zeros(settings.vector_size, np.float32)

    def train(self, texts: npt.NDArray[Any], rate: float, step: int) -> float:
        """Train on some texts.

        Args:
            texts: Their places in the corpus.
            rate: The learning rate.
            step: Number of the step, from 0, which decides what is drawn.

        Returns:
            The loss: negative log likelihood for each word that was used.
        """
        self._model.random = np.random.RandomState([self._seed, step])
        return self._loss(texts, rate)

    def test(self, texts: npt.NDArray[Any]) -> float:
        """The loss of some texts; nothing changes, and the same texts give the same."""
        first = int(texts[0]) % LARGEST_SEED
        self._model.random = np.random.RandomState([self._seed, _TESTING, first])
        return self._loss(texts, 0.0)

    def _loss(self, texts: npt.NDArray[Any], rate: float) -> float:
        total, words = 0.0, 0
        for batch in self._batches(texts):
            # It is kept in single precision, so it must not become large.
            self._model.running_training_loss = 0.0
            words += self._train_batch(batch, rate)
            total += float(self._model.running_training_loss)
        return total / words if words else 0.0

    def _train_batch(self, batch: list[list[int]], rate: float) -> int:
        if self._skip_gram:
            return int(
                self._inner.train_batch_sg(self._model, batch, rate, self._work, True)
            )
        return int(
            self._inner.train_batch_cbow(
                self._model, batch, rate, self._work, self._sum, True
            )
        )

    def _batches(self, texts: npt.NDArray[Any]) -> Iterator[list[list[int]]]:
        """The words of texts, as many at once as gensim takes."""
        most = int(self._inner.MAX_WORDS_IN_BATCH)
        batch: list[list[int]] = []
        room = most
        for place in texts.tolist():
            words = self._corpus.text(place)
            for start in range(0, len(words), most):
                some = words[start : start + most].tolist()
                if len(some) > room:
                    yield batch
                    batch, room = [], most
                batch.append(some)
                room -= len(some)
        if batch:
            yield batch
