"""The next token at every position: targets are the tokens that enter the model.

While training and evaluating, an output is (n, length, tokens). Answers and exports are
about the token behind the end of a text: `answering` gives the model for that, with
outputs (n, tokens).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.document.evaluation import HeadReport
from dlstudio.document.prediction import Answer
from dlstudio.document.values import Spec
from dlstudio.engine.heads.activation_functions import softmax
from dlstudio.engine.heads.base import (
    WORST,
    Activation,
    AnswerComparison,
    Floats,
    HeadType,
    Shape,
    short,
)
from dlstudio.engine.heads.bound_metric import BoundMetric
from dlstudio.engine.heads.label_forms import LabelForm
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.features.base import Fitted
    from dlstudio.data.typing import Tensor, TensorFunction
    from dlstudio.engine.typing import KerasModel

LOSS = "SparseCategoricalCrossentropy"
LIKELIEST = 5
"""Tokens of an answer."""


@dataclass(frozen=True, slots=True)
class LanguageModelHead(HeadType):
    """A head of one score for each token, at each position."""

    of_tokens: ClassVar[bool] = True

    def fitting_units(self, classes: int) -> frozenset[int]:
        """As many as there are tokens, which the graph says, and not the data."""
        return frozenset((classes,))

    def unfit_loss(self) -> str:
        return _(
            "The loss {loss} does not compare scores of tokens with a token. Use "
            "{better}."
        )

    def unfit_metric(self) -> str:
        return _(
            "The metric {name} is not meant for language models. Perplexity is a "
            "common choice."
        )

    def unfit_activation(self, activation: str) -> str:
        if activation in ("softmax", "linear"):
            return ""
        return _("{node} applies {name}. Use softmax, or no activation with logits.")

    def label_form(self, loss: str, units: int) -> LabelForm | None:
        del units
        return "next_token" if short(loss) == LOSS else None

    def head(self, loss: str, classes: int, units: int) -> tuple[int, Activation]:
        del loss, units
        return classes, "softmax"

    def best_loss(self, classes: int, units: int) -> str:
        del classes, units
        return f"keras.losses.{LOSS}"

    def check_output(self, shape: Shape, fitted: Fitted) -> None:
        del fitted
        if len(shape) != 2 or None in shape:
            raise UserError(
                _(
                    "The output of a text has the shape {shape}; expected scores of "
                    "all tokens at each position."
                ).format(shape=shape),
                _(
                    "Let recurrent layers return sequences, and end with a Dense "
                    "layer of one unit per token."
                ),
            )

    def targets(self, loss: Spec, units: int, fitted: Fitted) -> TensorFunction:
        """The token behind each position, int32 (n, length), of tokens (n, length)."""
        from dlstudio.engine.heads.next_tokens import next_tokens

        del fitted
        if self.label_form(loss.kind, units) is None:
            better = short(self.best_loss(0, units))
            raise UserError(
                self.unfit_loss().format(loss=short(loss.kind), better=better)
            )
        return next_tokens

    def metric(
        self, spec: Spec, loss: Spec, units: int, fitted: Fitted, catalog: Catalog
    ) -> BoundMetric:
        from dlstudio.engine.heads.next_tokens import next_tokens
        from dlstudio.engine.model.instantiate import make

        del units
        plain = self.plain_metric(spec, catalog)
        if plain is None:
            return BoundMetric(make(spec, catalog, "metrics"), next_tokens)
        more: dict[str, Any] = {"from_logits": loss.params.get("from_logits") is True}
        if short(spec.kind) == "bits_per_character":
            more["characters"] = float(fitted.get("characters", 1.0))
        return BoundMetric(plain(**more), next_tokens)

    def scores(self, outputs: npt.ArrayLike, from_logits: bool = False) -> Floats:
        """Probabilities of all tokens, float32 (n, ..., tokens)."""
        values = np.asarray(outputs, np.float64)
        if from_logits and values.size:
            values = softmax(values)
        return values.astype(np.float32)

    def answers(
        self,
        outputs: npt.ArrayLike,
        fitted: Fitted,
        *,
        from_logits: bool = False,
    ) -> list[Answer]:
        """The likeliest "next" tokens of each text, with their probabilities."""
        words = _vocabulary(fitted)
        found: list[Answer] = []
        for row in self.scores(outputs, from_logits):
            best = np.argsort(-row, kind="stable")[:LIKELIEST].tolist()
            named = {words(place): float(row[place]) for place in best}
            found.append({"next": named})
        return found

    def tensors(
        self, outputs: Tensor, fitted: Fitted, from_logits: bool = False
    ) -> dict[str, Tensor]:
        """The probabilities of the token behind each text, "value" (n, tokens)."""
        import tensorflow as tf

        del fitted
        values = tf.cast(outputs, tf.float32)
        return {"value": tf.nn.softmax(values) if from_logits else values}

    def compare(
        self, expected: Floats, given: Floats, fitted: Fitted, tolerance: float
    ) -> AnswerComparison:
        """The largest difference of a token's probability, for each text."""
        del fitted
        with np.errstate(invalid="ignore"):
            apart = np.abs(np.asarray(expected, np.float64) - given)
        far = apart.max(axis=tuple(range(1, apart.ndim)), initial=0.0)
        far = np.where(np.isfinite(far), far, np.inf)
        return AnswerComparison(far, far <= tolerance)

    def evaluate(
        self,
        truth: npt.NDArray[Any],
        outputs: npt.ArrayLike,
        ids: Sequence[str],
        fitted: Fitted,
        *,
        target: str = "",
        split: str = "",
        from_logits: bool = False,
        worst: int = WORST,
    ) -> HeadReport:
        """`truth` is the tokens (n, length), `outputs` (n, length, tokens)."""
        from dlstudio.engine.heads.language_report import (
            TokenSums,
            language_report,
        )

        del split
        sums = TokenSums()
        sums.add_outputs(truth, self.scores(outputs, from_logits))
        return language_report(sums, ids, target, worst, _text_of(fitted))

    def answering(self, model: KerasModel, fitted: Fitted) -> tuple[KerasModel, Fitted]:
        """The model of the token behind a text, and the vocabulary it is one of."""
        from dlstudio.engine.heads.token_model import answering_model, vocabulary_of

        words, separator = vocabulary_of(model)
        learned = {**fitted, "vocabulary": words, "separator": separator}
        return answering_model(model), learned


def _vocabulary(fitted: Fitted) -> Any:
    words: Sequence[str] = fitted.get("vocabulary", ())
    return lambda place: words[place] if place < len(words) else f"#{place}"


def _text_of(fitted: Mapping[str, Any]) -> Any:
    """A function that writes tokens as text."""
    word, separator = _vocabulary(fitted), str(fitted.get("separator", ""))
    return lambda tokens: separator.join(word(int(each)) for each in tokens if each)


LANGUAGE_MODEL = LanguageModelHead(
    kind="dlstudio.heads.language_model",
    labels="next_token",
    metrics=tuple(
        HeadType.METRIC + name
        for name in ("perplexity", "bits_per_character", "token_accuracy")
    ),
)
