"""Each token of a sentence has a tag; a softmax for each of them.

Padding behind the last token counts nowhere: its target is -1, which the loss and the
metrics leave out, and its output becomes zeros as soon as it is known where a sentence
ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.document.entity_spans import entity_spans
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
from dlstudio.engine.heads.head_script import ResultScript, ScriptOutput
from dlstudio.engine.heads.label_forms import LabelForm
from dlstudio.engine.heads.shape_text import shape_text
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext

if TYPE_CHECKING:
    from dlstudio.data.columns import Cells
    from dlstudio.data.features.base import Fitted
    from dlstudio.data.typing import Tensor, TensorFunction
    from dlstudio.engine.heads.head_evidence import HeadEvidence

LOSS = "SparseCategoricalCrossentropy"
TOKENS = "dlstudio.features.tokens"
"""The kind of the input that says where a sentence ends."""
NO_TAG = -1


@dataclass(frozen=True, slots=True)
class TokenClassificationHead(HeadType):
    """A head of one unit per tag, for each token."""

    AXES: ClassVar[int] = 2

    @property
    def scores_names(self) -> bool:
        return True

    def fitting_units(self, classes: int) -> frozenset[int]:
        """One unit per tag."""
        return frozenset((max(classes, 1),))

    def unfit_loss(self) -> str:
        return _(
            "The loss {loss} does not ignore padding, but sentences have different "
            "lengths. Use {better}."
        )

    def unfit_metric(self) -> str:
        return _("The metric {name} does not compare tags of tokens. Remove it.")

    def unfit_activation(self, activation: str) -> str:
        """Only one that makes probabilities fits, or none, of logits."""
        if activation in ("softmax", "linear"):
            return ""
        return _("{node} applies {name}, but each token has one tag. Use softmax.")

    def label_form(self, loss: str, units: int) -> LabelForm | None:
        del units
        return "rows" if short(loss) == LOSS else None

    def head(self, loss: str, classes: int, units: int) -> tuple[int, Activation]:
        del loss
        return max(classes or units, 1), "softmax"

    def best_loss(self, classes: int, units: int) -> str:
        del classes, units
        return f"keras.losses.{LOSS}"

    def trained_loss(self, loss: Spec) -> Spec:
        """It leaves out the tokens whose target is -1."""
        return loss.with_param("ignore_class", NO_TAG)

    def check_output(self, shape: Shape, fitted: Fitted) -> None:
        tags = len(fitted["tags"])
        if len(shape) != 2 or shape[0] is None:
            raise UserError(
                _(
                    "The output of a sentence has the shape {shape}; expected a score "
                    "per tag for each token, such as {wanted}."
                ).format(shape=shape_text(shape), wanted=shape_text((64, tags))),
                _("Let recurrent layers return sequences, and do not pool."),
            )
        if shape[1] != tags:
            raise UserError(
                ngettext(
                    "The model outputs {units} score per token, but there are {tags} "
                    "tags.",
                    "The model outputs {units} scores per token, but there are {tags} "
                    "tags.",
                    int(shape[1] or 0),
                ).format(units=shape[1], tags=tags),
                _("Set units of the last layer to {classes}.").format(classes=tags),
            )

    def targets(self, loss: Spec, units: int, fitted: Fitted) -> TensorFunction:
        if self.label_form(loss.kind, units) is None:
            raise UserError(
                self.unfit_loss().format(
                    loss=short(loss.kind), better=short(self.best_loss(0, units))
                )
            )
        return self._aligned(fitted)

    def _aligned(self, fitted: Fitted) -> TensorFunction:
        """Rows as long as the output, which may know of fewer or more tokens."""
        length = fitted.get("output", (None,))[0]

        def align(rows: Tensor) -> Tensor:
            import tensorflow as tf

            given = rows.shape[1]
            if length is None or given == length:
                return rows
            missing = [[0, 0], [0, max(0, length - int(given or 0))]]
            padded: Tensor = tf.pad(rows, missing, constant_values=NO_TAG)
            return padded[:, :length]

        return align

    def metric(
        self, spec: Spec, loss: Spec, units: int, fitted: Fitted, catalog: Catalog
    ) -> BoundMetric:
        del loss, units
        plain = self.plain_metric(spec, catalog)
        if plain is None:
            raise UserError(
                self.unfit_metric().format(name=short(spec.kind)),
                _("Remove it from the metrics."),
            )
        return BoundMetric(plain(**spec.params), self._aligned(fitted))

    def masked(self, outputs: Tensor, inputs: Mapping[str, Tensor]) -> Tensor:
        """Zeros behind the last token of each sentence."""
        import tensorflow as tf

        texts = inputs.get(TOKENS)
        if texts is None:
            return outputs
        counts = tf.strings.split(tf.reshape(texts, (-1,))).row_lengths()
        known = tf.sequence_mask(counts, tf.shape(outputs)[1])
        masked: Tensor = tf.where(known[:, :, None], outputs, tf.zeros_like(outputs))
        return masked

    def scores(self, outputs: npt.ArrayLike, from_logits: bool = False) -> Floats:
        """Probabilities of tags, float32 (n, length, tags); zeros for padding."""
        table = np.asarray(outputs, np.float32)
        if not from_logits:
            return table
        flat = np.asarray(table.reshape(-1, table.shape[-1]), np.float64)
        found = np.asarray(softmax(flat), np.float32).reshape(table.shape)
        return np.where(table.any(axis=-1, keepdims=True), found, np.float32(0))

    def answers(
        self,
        outputs: npt.ArrayLike,
        fitted: Fitted,
        *,
        from_logits: bool = False,
    ) -> list[Answer]:
        """{"tags", "probabilities" (one per token), "entities"}.

        An entity is {"type", "start", "end"}: its first token, and the one behind it.
        """
        scores = self.scores(outputs, from_logits)
        if not len(scores):
            return []
        names = fitted["tags"]
        lengths = scores.any(axis=-1).sum(axis=1)
        best, sure = scores.argmax(axis=-1), scores.max(axis=-1)
        return [
            _answer([names[each] for each in row[:count].tolist()], line[:count])
            for row, line, count in zip(best, sure, lengths.tolist(), strict=True)
        ]

    def with_inputs(
        self, answers: list[Answer], inputs: Mapping[str, Cells]
    ) -> list[Answer]:
        """The same with "tokens", and the "text" of each entity.

        A sentence longer than the model knows of is "cut": how many of its tokens have
        no tag.
        """
        cells = inputs.get(TOKENS)
        if cells is None:
            return answers
        texts = cells.values.fill_null("").to_list()
        return [
            _with_tokens(answer, text.split())
            for answer, text in zip(answers, texts, strict=True)
        ]

    def tensors(
        self, outputs: Tensor, fitted: Fitted, from_logits: bool = False
    ) -> dict[str, Tensor]:
        """The "scores" of tags (n, length, tags); zeros for padding."""
        import tensorflow as tf

        del fitted
        if from_logits:
            known = tf.reduce_any(tf.not_equal(outputs, 0.0), axis=-1, keepdims=True)
            outputs = tf.where(known, tf.nn.softmax(outputs), tf.zeros_like(outputs))
        return {"scores": tf.cast(outputs, tf.float32)}

    def script_results(self, output: ScriptOutput) -> ResultScript:
        name = output.variable
        rows = [
            "counts = tf.strings.split(x[:, 0]).row_lengths()",
            f"known = tf.sequence_mask(counts, tf.shape({name})[1])",
            f"best = tf.gather({output.names}, tf.argmax({name}, axis=-1))",
        ]
        if output.from_logits:
            rows.append(f"{name} = tf.nn.softmax({name})")
        return ResultScript(
            tuple(rows),
            (
                (f"{output.result}_scores", f"tf.where(known[..., None], {name}, 0.0)"),
                (output.result, 'tf.where(known, best, "")'),
            ),
        )

    def compare(
        self, expected: Floats, given: Floats, fitted: Fitted, tolerance: float
    ) -> AnswerComparison:
        """The largest difference of a score of each sentence, padding left out."""
        del fitted
        wanted = np.asarray(expected, np.float64)
        known = wanted.any(axis=-1, keepdims=True)
        with np.errstate(invalid="ignore"):
            apart = np.where(known, np.abs(wanted - given), 0.0)
        far = apart.max(axis=(1, 2), initial=0.0)
        far = np.where(np.isfinite(far), far, np.inf)
        if wanted.shape[-1] == 0:
            return AnswerComparison(far, far <= tolerance)
        chosen = np.asarray(given).argmax(axis=-1)[..., None]
        best = wanted.max(axis=-1) - np.take_along_axis(wanted, chosen, -1)[..., 0]
        same = (best <= 2 * tolerance).all(axis=1) & np.isfinite(far)
        return AnswerComparison(far, same)

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
        """`truth` is a number for each tag, (n, length), -1 behind the last token.

        Tokens that the model knows nothing of count as outside of all entities.
        """
        from dlstudio.engine.heads.entity_report import entity_report

        del split, from_logits  # the largest logit is the largest score
        given = predicted_tags(truth, np.asarray(outputs))
        return entity_report(truth, given, ids, fitted["tags"], target, worst)

    def with_evidence(self, report: HeadReport, evidence: HeadEvidence) -> HeadReport:
        """With the tokens of the worst sentences, and the most frequent tag of each."""
        from dlstudio.engine.heads.entity_comparison import with_entity_comparison
        from dlstudio.engine.heads.entity_report import (
            most_frequent_tags,
            with_baseline,
            with_tokens,
        )

        texts = evidence.inputs.get(TOKENS)
        if texts is None:
            return report
        asked = [str(each) for each in texts[:]]
        report = with_tokens(report, dict(zip(evidence.ids, asked, strict=True)))
        if TOKENS not in evidence.known_inputs:
            return report
        known = [str(each) for each in evidence.known_inputs[TOKENS][:]]
        truth, tags = evidence.truth, evidence.fitted["tags"]
        guess = most_frequent_tags(known, evidence.known_truth, asked, truth.shape[1])
        guess = np.where(truth >= 0, guess, NO_TAG)
        report = with_baseline(report, truth, guess, tags)
        given = predicted_tags(truth, np.asarray(evidence.outputs))
        return with_entity_comparison(report, given, guess, evidence)

    def report_metrics(
        self, truth: npt.NDArray[Any], scores: Floats, fitted: Fitted
    ) -> dict[str, float | None]:
        from dlstudio.engine.heads.entity_report import tag_metrics

        return tag_metrics(truth, predicted_tags(truth, scores), fitted["tags"])


def predicted_tags(
    truth: npt.NDArray[Any], outputs: npt.NDArray[Any]
) -> npt.NDArray[np.int64]:
    """The number of the likeliest tag of each token, as long as the truth.

    Args:
        truth: (n, length), -1 behind the last token.
        outputs: Scores or logits (n, any length, tags).
    """
    found = np.zeros(truth.shape, np.int64)
    best = outputs.argmax(axis=-1)[:, : truth.shape[1]]
    found[:, : best.shape[1]] = best
    return np.where(truth >= 0, found, NO_TAG)


def _answer(tags: list[str], scores: Floats) -> Answer:
    entities = [
        {"type": each.type, "start": each.start, "end": each.end}
        for each in entity_spans(tags)
    ]
    return {"tags": tags, "probabilities": scores.tolist(), "entities": entities}


def _with_tokens(answer: Answer, tokens: list[str]) -> Answer:
    entities = [
        {**each, "text": " ".join(tokens[each["start"] : each["end"]])}
        for each in answer["entities"]
    ]
    found = {**answer, "tokens": tokens, "entities": entities}
    missing = len(tokens) - len(answer["tags"])
    return {**found, "cut": missing} if missing > 0 else found


TOKEN_CLASSIFICATION = TokenClassificationHead(
    kind="dlstudio.heads.token_classification",
    labels="tags",
    metrics=tuple(
        HeadType.METRIC + name
        for name in ("entity_f1", "entity_precision", "entity_recall", "tag_accuracy")
    ),
)
