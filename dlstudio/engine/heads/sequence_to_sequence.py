"""Each sample has a text; the output at a position predicts its next token.

In training the text enters the model as well, so that each token is predicted from the
right ones before it. Answers are texts that are searched token by token; outputs are
then the numbers of their tokens, float32 (n, length), 0 behind the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.document.evaluation import HeadReport
from dlstudio.document.prediction import Answer
from dlstudio.document.values import FrozenMap, Spec
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
from dlstudio.engine.heads.shape_text import shape_text
from dlstudio.engine.heads.text_tokens import (
    PADDING,
    POSITIONS,
    marked_tokens,
    plain_texts,
    text_tensor,
    texts_of,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.features.base import Fitted
    from dlstudio.data.typing import Tensor, TensorFunction
    from dlstudio.engine.heads.head_evidence import HeadEvidence

LOSS = "keras.losses.SparseCategoricalCrossentropy"
LOGITS = "from_logits"
TEXT = "dlstudio.features.text"
"""The kind of an input that may be copied."""


@dataclass(frozen=True, slots=True)
class SequenceToSequenceHead(HeadType):
    """A head of one unit for each token and one for the end, at each position."""

    of_tokens: ClassVar[bool] = True

    def fitting_units(self, classes: int) -> frozenset[int]:
        """As many as there are tokens, which the graph says, and not the data."""
        return frozenset((classes,))

    def unfit_loss(self) -> str:
        return _(
            "The loss {loss} does not compare a token with the scores of all tokens. "
            "Use {better}."
        )

    def unfit_metric(self) -> str:
        return _("The metric {name} does not compare tokens. Remove it.")

    def unfit_activation(self, activation: str) -> str:
        """Probabilities or logits of tokens fit."""
        if activation in ("softmax", "linear"):
            return ""
        return _("{node} applies {name}, but one token follows at a time. Use softmax.")

    def label_form(self, loss: str, units: int) -> LabelForm | None:
        del units
        return "next_token" if short(loss) == short(LOSS) else None

    def head(self, loss: str, classes: int, units: int) -> tuple[int, Activation]:
        del loss, classes
        return units, "softmax"

    def best_loss(self, classes: int, units: int) -> str:
        del classes, units
        return LOSS

    def loss(self) -> Spec:
        """The loss that counts no position behind the end of a text."""
        return Spec(LOSS, FrozenMap({"ignore_class": PADDING}))

    def check_output(self, shape: Shape, fitted: Fitted) -> None:
        del fitted
        if len(shape) != 2 or None in shape:
            raise UserError(
                _(
                    "The output has the shape {shape}; expected a score for each token "
                    "at each position."
                ).format(shape=shape_text(shape)),
                _("Let the model end with a Dense layer on all positions of the text."),
            )

    def targets(self, loss: Spec, units: int, fitted: Fitted) -> TensorFunction:
        """From numbers of tokens (n, length); see `marked_tokens`."""
        if self.label_form(loss.kind, units) is None:
            raise UserError(
                self.unfit_loss().format(
                    loss=short(loss.kind), better=short(self.best_loss(0, units))
                )
            )
        return _labels(units, fitted)

    def metric(
        self, spec: Spec, loss: Spec, units: int, fitted: Fitted, catalog: Catalog
    ) -> BoundMetric:
        from dlstudio.engine.model.instantiate import make

        labels = _labels(units, fitted)
        plain = self.plain_metric(spec, catalog)
        if plain is None:
            return BoundMetric(make(spec, catalog, "metrics"), labels)
        logits = loss.params.get(LOGITS) is True
        return BoundMetric(plain(**spec.params, **{LOGITS: logits}), labels)

    def scores(self, outputs: npt.ArrayLike, from_logits: bool = False) -> Floats:
        """The numbers of the tokens as they are."""
        del from_logits
        return np.asarray(outputs, np.float32)

    def answers(
        self,
        outputs: npt.ArrayLike,
        fitted: Fitted,
        *,
        from_logits: bool = False,
    ) -> list[Answer]:
        """The "text" of each sample."""
        del from_logits
        return [{"text": text} for text in texts_of(outputs, fitted)]

    def tensors(
        self, outputs: Tensor, fitted: Fitted, from_logits: bool = False
    ) -> dict[str, Tensor]:
        """The "text" of each sample, string (n,)."""
        del from_logits
        return {"text": text_tensor(outputs, fitted)}

    def exported(self, scores: Floats, fitted: Fitted) -> npt.NDArray[Any]:
        """Texts in UTF-8, bytes (n,)."""
        found = [text.encode() for text in texts_of(scores, fitted)]
        return np.array(found, np.bytes_)

    def compare(
        self,
        expected: npt.NDArray[Any],
        given: npt.NDArray[Any],
        fitted: Fitted,
        tolerance: float,
    ) -> AnswerComparison:
        """Texts are the same, or not: `far` is 0 or 1."""
        del fitted, tolerance
        pairs = zip(*map(_whole, (expected, given)), strict=True)
        same = np.array([bool(np.all(a == b)) for a, b in pairs], bool)
        return AnswerComparison((~same).astype(np.float64), same)

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
        """`truth` is texts, (n,)."""
        from dlstudio.engine.heads.text_report import text_report

        del split, from_logits
        expected = plain_texts(truth, fitted)
        return text_report(expected, texts_of(outputs, fitted), ids, target, worst)

    def with_evidence(self, report: HeadReport, evidence: HeadEvidence) -> HeadReport:
        """Compared with the most frequent text, and with a copy of the source."""
        from dlstudio.engine.heads.text_comparison import (
            ComparedTexts,
            with_text_comparison,
        )

        source = evidence.inputs.get(TEXT)
        texts = ComparedTexts(
            [str(each) for each in source[:]] if source is not None else [],
            plain_texts(evidence.truth, evidence.fitted),
            texts_of(evidence.outputs, evidence.fitted),
        )
        return with_text_comparison(report, texts, evidence.split)

    def report_metrics(
        self, truth: npt.NDArray[Any], scores: Floats, fitted: Fitted
    ) -> dict[str, float | None]:
        from dlstudio.engine.heads.text_report import text_metrics

        return text_metrics(plain_texts(truth, fitted), texts_of(scores, fitted))


def _whole(texts: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Texts, or the numbers of their tokens without what rounding made of them."""
    return np.round(texts) if texts.dtype.kind == "f" else texts


def _labels(units: int, fitted: Fitted) -> TensorFunction:
    positions = int(fitted[POSITIONS])
    return partial(marked_tokens, positions=positions, mark=units - 1)


SEQUENCE_TO_SEQUENCE = SequenceToSequenceHead(
    kind="dlstudio.heads.sequence_to_sequence",
    labels="text",
    metrics=tuple(HeadType.METRIC + name for name in ("token_accuracy", "perplexity")),
)
