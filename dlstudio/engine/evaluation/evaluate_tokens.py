"""How well a language model predicts a text, token by token and in flat memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio.data.features.base import Rows
from dlstudio.data.prepared import Prepared
from dlstudio.document.evaluation import EvaluationReport
from dlstudio.document.language_sections import (
    Continuations,
    SurprisingText,
    TokenSurprise,
)
from dlstudio.document.verdict import BITS
from dlstudio.engine.evaluation.batched import Progress
from dlstudio.engine.evaluation.evaluated_rows import ALL, evaluated_rows
from dlstudio.engine.heads.base import WORST
from dlstudio.engine.heads.evenly_spread import some_of
from dlstudio.engine.heads.language_report import (
    TokenSums,
    language_metrics,
    language_report,
    with_unigram_comparison,
)
from dlstudio.engine.heads.next_tokens import next_tokens, token_losses
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.engine.prediction.language import LanguageModel
from dlstudio.engine.prediction.text_generation import sample_continuations
from dlstudio.engine.runtime.stop_token import StopSource, StopToken
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject

Measured = tuple[npt.NDArray[np.int32], npt.NDArray[np.float32], npt.NDArray[np.int64]]
"""Of n texts: tokens, their losses, and what was expected, each (n, length)."""
Measure = Callable[[Sequence[str]], Measured]
BATCH = 32
LARGEST = 2**26
"""Scores of a batch at most."""
COUNTED = 5000
"""Texts of the training split whose tokens are counted for the baseline."""
TRAINED = 100
"""Texts of the training split that are evaluated: whether they are learned by heart
shows in a few."""
TRAIN = "train"
SHOWN = 12
"""Texts whose tokens are shown with their surprise."""


def evaluate_tokens(
    model: FeatureModel,
    prepared: Prepared,
    split: str = "test",
    *,
    worst: int = WORST,
    progress: Progress | None = None,
    stop: StopToken | None = None,
) -> EvaluationReport:
    """Evaluate a language model on one split.

    Args:
        model: A run's model.
        prepared: Its data, or other data with the same features.
        split: "train", "validation", "test" or "all".
        worst: Maximum number of texts that are predicted worst.
        progress: Called with the number of evaluated and of all texts.
        stop: Checked before each batch.

    Raises:
        UserError: The split is empty, or the loss is no number.
        Stopped: `stop` was set.
    """
    language = LanguageModel(model)
    output = model.outputs[0]
    rows = evaluated_rows(model, prepared, split)
    texts = rows.inputs[model.inputs[0]]
    unigram = _unigram(language, prepared, split)
    token = stop or StopSource().token
    measured = _measured(language)
    sums = TokenSums()
    for some in _batches(texts, language):
        token.check()
        _add(sums, some, language, measured, unigram)
        if progress is not None:
            progress(len(sums.counts), len(texts))
    report = language_report(sums, rows.ids, output.name, worst, language.text)
    known = prepared.splits.get(TRAIN, np.zeros(0, np.int64))
    training: JsonObject = {}
    if unigram is not None:
        trained = prepared.rows[language.feature]
        report = with_unigram_comparison(
            report, sums, split, sum(len(str(each)) for each in trained[known])
        )
        if split != TRAIN:
            training = _training(language, trained[some_of(known, TRAINED)], measured)
    report.sections[TokenSurprise.NAME] = _surprise(
        language, rows.ids, texts, measured
    ).to_json()
    report.sections[Continuations.NAME] = sample_continuations(language).to_json()
    return EvaluationReport.of(
        {output.name: report},
        run=model.run,
        split=split,
        samples=len(rows),
        fingerprint=prepared.fingerprint,
        training=training,
    )


def _batches(texts: Rows, language: LanguageModel) -> Iterator[list[str]]:
    size = max(1, min(BATCH, LARGEST // language.scores_of_text))
    for start in range(0, len(texts), size):
        yield [str(each) for each in texts[start : start + size]]


def _add(
    sums: TokenSums,
    some: list[str],
    language: LanguageModel,
    measured: Measure,
    unigram: npt.NDArray[np.float64] | None,
) -> None:
    """Add texts.

    Args:
        sums: To add them to.
        some: The texts.
        language: The model.
        measured: As `_measured` gives it.
        unigram: Loss of each token by its frequency alone.
    """
    tokens, losses, likeliest = measured(some)
    _check_finite(losses[:, :-1])
    sums.add(
        tokens,
        losses[:, :-1],
        likeliest[:, :-1],
        [language.predicted_characters(each) for each in some],
        unigram[tokens[:, 1:]] if unigram is not None else None,
    )


def _training(language: LanguageModel, texts: Rows, measured: Measure) -> JsonObject:
    """The compared metric of some texts of the training split."""
    sums = TokenSums()
    for some in _batches(texts, language):
        _add(sums, some, language, measured, None)
    value = language_metrics(sums)[BITS]
    return {"samples": len(texts), "value": value} if value is not None else {}


def _measured(language: LanguageModel) -> Measure:
    """The function that measures texts."""
    both = keras.Model(
        language.whole.inputs[0], [language.tokens, language.whole.outputs[0]]
    )

    @tf.function(autograph=False, reduce_retracing=True)  # type: ignore[untyped-decorator]
    def measure(texts: Any) -> Any:
        tokens, outputs = both(texts, training=False)
        targets = next_tokens(tokens)
        losses = token_losses(targets, outputs, language.from_logits)
        return tokens, losses, tf.argmax(outputs, axis=-1)

    def measured(texts: Sequence[str]) -> Measured:
        tokens, losses, likeliest = measure(language.as_input(texts))
        return tokens.numpy(), losses.numpy(), likeliest.numpy()

    return measured


def _unigram(
    language: LanguageModel, prepared: Prepared, split: str
) -> npt.NDArray[np.float64] | None:
    """Loss of each token by its frequency in the training split, in nats.

    Each token counts once more than it occurs. None of other data than the run's.
    """
    known = prepared.splits.get("train", np.zeros(0, np.int64))
    if split == ALL or not len(known):
        return None
    texts = prepared.rows[language.feature][some_of(known, COUNTED)]
    counts = np.ones(len(language.vocabulary))
    for start in range(0, len(texts), 256):
        tokens = language.encode([str(each) for each in texts[start : start + 256]])
        counts += np.bincount(tokens.reshape(-1), minlength=len(counts))
    counts[0] = 0
    with np.errstate(divide="ignore"):
        losses = -np.log(counts / counts.sum())
    losses[0] = 0.0
    return np.asarray(losses)


def _surprise(
    language: LanguageModel, ids: Sequence[str], texts: Rows, measured: Measure
) -> TokenSurprise:
    """Some texts with the surprise of each of their tokens."""
    chosen = some_of(np.arange(len(texts)), SHOWN)
    given = [str(each) for each in texts[chosen]]
    tokens, losses, likeliest = measured(given)
    found = []
    for row, place in enumerate(chosen.tolist()):
        count = int((tokens[row] != 0).sum())
        bits = np.concatenate([[0.0], losses[row, : max(0, count - 1)] / np.log(2)])
        expected = [
            "",
            *map(language.word, likeliest[row, : max(0, count - 1)].tolist()),
        ]
        words = language.pieces(given[row], count)
        found.append(
            SurprisingText(
                ids[place],
                tuple(words),
                tuple(round(each, 3) for each in bits[:count].tolist()),
                tuple(expected[:count]),
            )
        )
    return TokenSurprise(tuple(found))


def _check_finite(losses: npt.NDArray[Any]) -> None:
    if not np.isfinite(losses).all():
        raise UserError(
            _("The model gives values that are not numbers."),
            _("Training diverged. Train again with a lower learning rate."),
        )
