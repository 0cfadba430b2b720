"""Word vectors: each word learns to tell the words around it from random ones.

Mikolov et al., "Distributed Representations of Words and Phrases and their
Compositionality" (2013). Gensim computes each step; what is around it, from the order
of the texts to checkpoints, is that of any training.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import keras
import numpy as np

from dlstudio.data.text_rows import TextRows
from dlstudio.document.project import MODEL
from dlstudio.engine.methods.word_stepper import CONTEXT, WORDS, WordStepper
from dlstudio.engine.methods.word_trainer import WordSettings, WordTrainer
from dlstudio.engine.training.method import MethodComponents, MethodContext
from dlstudio.engine.training.planned_optimizer import planned_optimizer
from dlstudio.engine.words.corpus import Corpus, WordCounts
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel

LOOKUP, VECTORS = "words", "vectors"
"""Names of the layers of the model that a run keeps."""


@dataclass(frozen=True, slots=True)
class Word2VecMethod:
    """No layers of the user's: a vector for each word, which gensim trains."""

    def assemble(self, context: MethodContext) -> MethodComponents:
        """Count the words of the training split and make a vector for each.

        Raises:
            UserError: The input is no text, has hardly any words, or gensim is missing.
        """
        project = context.project
        settings = WordSettings.of(project.plan.method)
        texts = _texts(context)
        if context.learned is None:
            training = texts.values.gather(context.chosen)
            known = WordCounts.of(training, settings.tokens, settings.min_count)
        else:
            known = WordCounts.from_json(context.learned[LOOKUP])
        trainer = WordTrainer(
            Corpus.of(texts.values, settings.tokens, known),
            known,
            settings,
            project.plan.seed,
        )
        model = lookup_model(known.words, settings.vector_size)
        around = keras.Variable(trainer.context, name=CONTEXT)
        stepper = WordStepper(model, around, trainer)
        stepper.finalize()
        planned = planned_optimizer(project.plan, context.catalog)
        return MethodComponents(
            models={MODEL: model},
            stepper=stepper,
            rows={WORDS: np.arange(len(texts), dtype=np.int64)},
            rate=planned.rate,
            base=planned.base,
            learned={LOOKUP: known.to_json()},
            states={LOOKUP: stepper},
        )


def lookup_model(words: tuple[str, ...], size: int) -> KerasModel:
    """A model that looks vectors up: strings (batch, n) in, (batch, n, size) out.

    The vector of unknown words is the first one.
    """
    tokens = keras.Input((None,), dtype="string", name="tokens")
    lookup = keras.layers.StringLookup(vocabulary=list(words), name=LOOKUP)
    vectors = keras.layers.Embedding(len(words) + 1, size, name=VECTORS)
    made: KerasModel = keras.Model(tokens, vectors(lookup(tokens)), name="word_vectors")
    return made


def _texts(context: MethodContext) -> TextRows:
    """The texts of the first input.

    Raises:
        UserError: It is no text.
    """
    name = context.project.inputs[0].feature if context.project.inputs else ""
    rows = context.samples.rows.get(name)
    if isinstance(rows, TextRows):
        return rows
    raise UserError(
        _("Word vectors are learned from texts, but “{name}” is none.").format(
            name=name
        ),
        _("Choose a column of texts, or another training method."),
    )


WORD2VEC = Word2VecMethod()
