"""What heads whose outputs are scores of classes have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.document.evaluation import HeadReport
from dlstudio.document.values import Spec
from dlstudio.engine.heads.base import WORST, Floats, HeadType, Shape, short
from dlstudio.engine.heads.bound_metric import BoundMetric, unchanged
from dlstudio.engine.heads.class_answers import class_report, score_tensor
from dlstudio.engine.heads.decisions import THRESHOLD, decision_threshold
from dlstudio.engine.heads.head_script import ResultScript, ScriptOutput, score_rows
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext

if TYPE_CHECKING:
    from dlstudio.data.features.base import Fitted
    from dlstudio.data.typing import Tensor, TensorFunction
    from dlstudio.engine.heads.output_head import OutputHead


@dataclass(frozen=True, slots=True)
class ClassHead(HeadType):
    """A head of one score per class; of two classes, perhaps of the second alone."""

    def class_names(self, fitted: Fitted) -> tuple[str, ...]:
        return tuple(fitted["names"])

    def check_output(self, shape: Shape, fitted: Fitted) -> None:
        if len(shape) != 1:
            raise UserError(
                _(
                    "The output of a sample has the shape {shape}; expected one score "
                    "per class."
                ).format(shape=shape),
                _("Add Flatten or a pooling layer before the last Dense layer."),
            )
        units, classes = int(shape[0] or 0), len(self.class_names(fitted))
        if self.has_several_labels:
            fits = units == classes
        else:
            fits = units >= classes or (units == 1 and classes == 2)
        if not fits:
            raise UserError(
                ngettext(
                    "The model outputs {units} score, but there are {classes} classes.",
                    "The model outputs {units} scores, but there are {classes} "
                    "classes.",
                    units,
                ).format(units=units, classes=classes),
                _("Set units of the last layer to {classes}.").format(classes=classes),
            )

    def targets(self, loss: Spec, units: int, fitted: Fitted) -> TensorFunction:
        head, form = self.output(loss, units, fitted), self.label_form(loss.kind, units)
        if form is None:
            raise UserError(
                self.unfit_loss().format(
                    loss=short(loss.kind),
                    better=short(self.best_loss(head.classes, units)),
                )
            )
        return unchanged if form == "index" else head.table

    def metric(
        self, spec: Spec, loss: Spec, units: int, fitted: Fitted, catalog: Catalog
    ) -> BoundMetric:
        from dlstudio.engine.model.instantiate import make

        head, plain = self.output(loss, units, fitted), self.plain_metric(spec, catalog)
        if plain is not None:
            return BoundMetric(plain(head, **spec.params), unchanged)
        metric = make(spec, catalog, "metrics")
        sparse = type(metric).__name__.startswith("Sparse")
        return BoundMetric(metric, unchanged if sparse else head.table)

    def tensors(
        self, outputs: Tensor, fitted: Fitted, from_logits: bool = False
    ) -> dict[str, Tensor]:
        classes, by_unit = len(self.class_names(fitted)), self.has_several_labels
        scores = score_tensor(
            outputs, classes, by_unit=by_unit, from_logits=from_logits
        )
        return {"scores": scores}

    def script_results(self, output: ScriptOutput) -> ResultScript:
        several = self.labels == "multi"
        scores = output.variable
        label = f"tf.gather({output.names}, tf.argmax({scores}, axis=1))"
        if several:
            label = (
                f'tf.where({scores} >= {THRESHOLD}, tf.constant({output.names}), "")'
            )
        results = (
            (f"{output.result}_scores", scores),
            (f"{output.result}_label{'s' * several}", label),
        )
        return ResultScript(tuple(score_rows(output, several)), results)

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
        del target
        names = self.class_names(fitted)
        scores = self.scores(outputs, from_logits)[:, : len(names)]
        threshold = decision_threshold(fitted)
        more: Mapping[str, Any] = {"split": split, "worst": worst}
        return class_report(truth, scores, ids, names, threshold=threshold, **more)

    def report_metrics(
        self, truth: npt.NDArray[Any], scores: Floats, fitted: Fitted
    ) -> dict[str, float | None]:
        from dlstudio.engine.heads.classification_metrics import (
            multi_label,
            single_label,
        )

        names = self.class_names(fitted)
        count = multi_label if self.labels == "multi" else single_label
        given = (truth, scores[:, : len(names)], names, decision_threshold(fitted))
        return count(*given)["metrics"]

    def output(self, loss: Spec, units: int, fitted: Fitted) -> OutputHead:
        """An output of this head.

        Args:
            loss: Defines whether the outputs are logits.
            units: Values per sample.
            fitted: What the target has learned: the "names" of the classes.
        """
        from dlstudio.engine.heads.output_head import OutputHead

        classes = max(len(self.class_names(fitted)), units)
        logits = bool(loss.params.get("from_logits", False))
        return OutputHead(classes, units, self.has_several_labels, logits)
