"""What the engine part of every head does, and families of losses."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.document.evaluation import HeadReport
from dlstudio.document.prediction import Answer
from dlstudio.document.values import Spec
from dlstudio.engine.heads.answer_comparison import AnswerComparison as AnswerComparison
from dlstudio.engine.heads.head_script import (
    ResultScript,
    ScriptOutput,
    target_expression,
)
from dlstudio.engine.heads.label_forms import LabelForm, LabelKind
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.columns import Cells
    from dlstudio.data.features.base import Fitted
    from dlstudio.data.typing import Tensor, TensorFunction
    from dlstudio.engine.heads.bound_metric import BoundMetric
    from dlstudio.engine.heads.head_evidence import HeadEvidence
    from dlstudio.engine.typing import KerasModel

Activation = Literal["softmax", "sigmoid", "linear"]
Floats = npt.NDArray[np.float32]
Shape = tuple[int | None, ...]
WORST = 25
"""Samples in a report's list of the worst."""


@dataclass(frozen=True, slots=True)
class HeadType(ABC):
    """What an output means to the engine.

    Attributes:
        kind: Its description of family "heads".
        labels: What a label is.
        metrics: Kinds of the plain metrics that fit, the default first.
        SCORE: Metric of reports that says how much features matter, higher is better;
            "" for none.
        AXES: Axes of the output of a sample: 1 of a row of scores or numbers, 2 of a
            row for each token.
        of_tokens: Whether targets are the tokens that the graph makes of the feature's
            text, whole numbers (n, length), instead of the feature's own rows.
    """

    kind: str
    labels: LabelKind
    metrics: tuple[str, ...]

    METRIC: ClassVar[str] = "dlstudio.metrics."
    SCORE: ClassVar[str] = ""
    AXES: ClassVar[int] = 1
    of_tokens: ClassVar[bool] = False

    @property
    def has_classes(self) -> bool:
        """Whether labels are classes, and outputs scores of them."""
        return self.labels in ("single", "multi")

    @property
    def scores_names(self) -> bool:
        """Whether an output has a score for each name that a target can have."""
        return self.has_classes

    @property
    def has_several_labels(self) -> bool:
        """Whether a sample can have any number of labels."""
        return self.labels == "multi"

    @abstractmethod
    def fitting_units(self, classes: int) -> frozenset[int]:
        """The numbers of units that fit so many classes."""

    @abstractmethod
    def unfit_loss(self) -> str:
        """Why a loss for which `label_form` is None does not fit.

        Returns:
            A message with the fields {loss} and {better}, the short names of the loss
            and of `best_loss`.
        """

    def unfit_metric(self) -> str:
        """Why a metric that is not one of `metrics` does not fit.

        It is asked only of a head without classes.

        Returns:
            A message with the field {name}, the short name of the metric.
        """
        return _(
            "The metric {name} is meant for classes, but the output is a number. "
            "The mean absolute error is a common choice."
        )

    def unfit_activation(self, activation: str) -> str:
        """Why an activation of the output does not fit; "" if it does.

        It is asked only of a head without classes: whether those of others fit depends
        on the loss as well.

        Args:
            activation: Its name in lower case, such as "sigmoid".

        Returns:
            A message with the fields {node} and {name}.
        """
        del activation
        return ""

    @abstractmethod
    def label_form(self, loss: str, units: int) -> LabelForm | None:
        """The form in which `loss` (a kind or short name) takes the labels.

        None if the loss fits this head with no form at all.
        """

    def trained_loss(self, loss: Spec) -> Spec:
        """The loss as it is trained with, perhaps with what the targets need of it.

        Args:
            loss: As the plan has it.
        """
        return loss

    @abstractmethod
    def head(self, loss: str, classes: int, units: int) -> tuple[int, Activation]:
        """Units and activation the head should have, given its current units.

        Args:
            loss: Kind or short name of the loss.
            classes: Number of classes.
            units: Current number of units of the head.
        """

    @abstractmethod
    def best_loss(self, classes: int, units: int) -> str:
        """The kind of the default loss for such a head."""

    @abstractmethod
    def scores(self, outputs: npt.ArrayLike, from_logits: bool = False) -> Floats:
        """Probabilities, float32 (n, classes), from outputs of the head (n, units).

        Of a head without classes, the numbers themselves, float32 (n, units).
        """

    @abstractmethod
    def answers(
        self,
        outputs: npt.ArrayLike,
        fitted: Fitted,
        *,
        from_logits: bool = False,
    ) -> list[Answer]:
        """The answer for each sample, as `predict --json` prints it.

        Args:
            outputs: Raw outputs (n, units).
            fitted: What the target has learned, and perhaps a threshold; see
                `decision_threshold`.
            from_logits: Whether the outputs are logits.
        """

    def masked(self, outputs: Tensor, inputs: Mapping[str, Tensor]) -> Tensor:
        """Outputs with zeros where there is nothing to answer, such as for padding.

        Args:
            outputs: Raw outputs (n, ...).
            inputs: What entered the model, by kind of feature; of several of one kind
                the first.
        """
        del inputs
        return outputs

    def with_inputs(
        self, answers: list[Answer], inputs: Mapping[str, Cells]
    ) -> list[Answer]:
        """Answers with what they say of the inputs.

        Args:
            answers: From `answers`.
            inputs: Cells by kind of feature; of several of one kind the first.
        """
        del inputs
        return answers

    @abstractmethod
    def tensors(
        self, outputs: Tensor, fitted: Fitted, from_logits: bool = False
    ) -> dict[str, Tensor]:
        """The same in the graph, for an export: named tensors (n, ...) of float32.

        Args:
            outputs: Raw outputs (n, units).
            fitted: What the target has learned.
            from_logits: Whether the outputs are logits.
        """

    def exported(self, scores: Floats, fitted: Fitted) -> npt.NDArray[Any]:
        """What an export returns, of `scores` of a head without classes, (n,)."""
        del fitted
        return scores[:, 0]

    @abstractmethod
    def compare(
        self, expected: Floats, given: Floats, fitted: Fitted, tolerance: float
    ) -> AnswerComparison:
        """Compare what two models answer for the same samples.

        Args:
            expected: `scores` of one, (n, ...).
            given: `scores` of the other, of the same shape.
            fitted: What the target has learned.
            tolerance: Largest difference that rounding explains, of probabilities, or
                of numbers as a share of the target's deviation.
        """

    @abstractmethod
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
        """Metrics, baseline and sections of samples whose targets are known.

        Args:
            truth: Class numbers (n,), 0/1 per class (n, classes), or numbers (n,).
            outputs: Raw outputs (n, units); all are finite, and there is at least one.
            ids: Name of each sample.
            fitted: What the target has learned.
            target: Name of the feature that is predicted.
            split: Split that the samples belong to.
            from_logits: Whether the outputs are logits.
            worst: Maximum number of samples in the list of the worst.
        """

    def with_evidence(self, report: HeadReport, evidence: HeadEvidence) -> HeadReport:
        """A report with what it can say beside its targets.

        Args:
            report: From `evaluate`.
            evidence: Inputs of the same samples, and samples of the training split.
        """
        del evidence
        return report

    def report_metrics(
        self, truth: npt.NDArray[Any], scores: Floats, fitted: Fitted
    ) -> dict[str, float | None]:
        """The metrics of `evaluate` alone, the most important one first.

        Args:
            truth: As for `evaluate`.
            scores: As the method of that name gives them.
            fitted: What the target has learned.
        """
        return self.evaluate(truth, scores, [""] * len(truth), fitted).metrics

    @abstractmethod
    def check_output(self, shape: Shape, fitted: Fitted) -> None:
        """Check that an output can be compared with its target.

        Args:
            shape: Of the output of one sample, such as (classes,).
            fitted: What the target has learned from the data; see `Fitted`.

        Raises:
            UserError: The shape does not fit.
        """

    @abstractmethod
    def targets(self, loss: Spec, units: int, fitted: Fitted) -> TensorFunction:
        """A function that turns a batch of the target's rows into what the loss takes.

        Args:
            loss: Kind and parameters.
            units: Values per sample of the output, which `check_output` accepts.
            fitted: What the target has learned from the data.

        Raises:
            UserError: The loss does not fit this head.
        """

    @abstractmethod
    def metric(
        self, spec: Spec, loss: Spec, units: int, fitted: Fitted, catalog: Catalog
    ) -> BoundMetric:
        """A Keras metric with a function that makes its targets.

        Args:
            spec: Kind and parameters, of family "plain_metrics" or "metrics".
            loss, units, fitted: As for `targets`.
            catalog: Describes the metric.

        Raises:
            UserError: The metric does not exist or does not fit this head.
        """

    def plain_metric(self, spec: Spec, catalog: Catalog) -> Callable[..., Any] | None:
        """The function that makes a plain metric; None if `spec` is another metric.

        Raises:
            UserError: The plain metric does not fit this head.
        """
        from dlstudio.engine.model.instantiate import implementation

        described = catalog.get(spec.kind)
        if described is None or described.family != "plain_metrics":
            return None
        if spec.kind not in self.metrics:
            raise UserError(
                _("The metric {name} does not fit this output.").format(
                    name=described.name
                ),
                _("Remove it from the metrics."),
            )
        made: Callable[..., Any] = implementation(described)
        return made

    def script_target(self, loss: str, units: int, rows: str) -> str:
        """The expression of what a loss takes, in a script.

        Args:
            loss: Kind or short name of the loss.
            units: Values per sample of the output.
            rows: Expression of the rows of the target, as its feature type writes them.

        Raises:
            UserError: The loss does not fit this head.
        """
        form = self.label_form(loss, units)
        if form is None:
            better = short(self.best_loss(units, units))
            raise UserError(self.unfit_loss().format(loss=short(loss), better=better))
        return target_expression(form, rows, units)

    def script_results(self, output: ScriptOutput) -> ResultScript:
        """What `tensors` does, as the lines of a script; here, the output itself."""
        return ResultScript((), ((output.result, output.variable),))

    def answering(self, model: KerasModel, fitted: Fitted) -> tuple[KerasModel, Fitted]:
        """The model that answers, usually itself, and what is known of its outputs.

        Args:
            model: As it was trained.
            fitted: What the target has learned.
        """
        return model, fitted

    def class_names(self, fitted: Fitted) -> tuple[str, ...]:
        """Names of the classes whose weights a plan can set; none by default."""
        del fitted
        return ()


def short(kind: str) -> str:
    """The last part of a kind: "keras.losses.Hinge" → "Hinge"."""
    return kind.rpartition(".")[2]
