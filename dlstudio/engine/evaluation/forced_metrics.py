"""Metrics of a model that writes texts where each token follows the right ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras
import tensorflow as tf

from dlstudio.document.evaluation import HeadReport
from dlstudio.document.report_sections import MetricsOfReport, MetricValue
from dlstudio.document.values import Spec
from dlstudio.engine.evaluation.evaluated_rows import EvaluatedRows
from dlstudio.engine.features.base import load_tensor_feature
from dlstudio.engine.heads.text_tokens import POSITIONS
from dlstudio.engine.model.model_bindings import bound_inputs
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.engine.prediction.written_texts import WrittenTexts
from dlstudio.engine.runtime.stop_token import StopSource, StopToken

if TYPE_CHECKING:
    from dlstudio.engine.heads.bound_metric import BoundMetric

BATCH = 128
LARGEST = 2**26
"""Scores of a batch at most."""


def with_forced_metrics(
    report: HeadReport,
    model: FeatureModel,
    rows: EvaluatedRows,
    stop: StopToken | None = None,
) -> HeadReport:
    """The report with the metrics that were reported while training, too.

    Args:
        report: Of the output of a model that writes texts; that of others as it is.
        model: A run's model.
        rows: The samples of the report.
        stop: Checked before each batch.

    Raises:
        Stopped: `stop` was set.
    """
    if model.written is None:
        return report
    metrics = _measured(model, model.written, rows, stop or StopSource().token)
    found = {name: float(each.metric.result()) for name, each in metrics.items()}
    cards = MetricsOfReport.from_json(report.sections[MetricsOfReport.NAME]).metrics
    more = tuple(
        MetricValue(name, found[name], "down" if name == "perplexity" else "up")
        for name in found
    )
    section = MetricsOfReport((*cards, *more)).to_json()
    sections = {**report.sections, MetricsOfReport.NAME: section}
    return replace(report, metrics={**report.metrics, **found}, sections=sections)


def _measured(
    model: FeatureModel, written: WrittenTexts, rows: EvaluatedRows, token: StopToken
) -> dict[str, BoundMetric]:
    """The metrics of the head, after all rows."""
    (output,) = model.outputs
    answer = model.whole.outputs[0]
    _batch, positions, units = answer.shape
    loss = model.project.loss_of(output.binding)
    fitted = {**output.fitted, POSITIONS: positions}
    metrics = {
        kind.rpartition(".")[2]: output.head_type.metric(
            Spec(kind), loss, int(units), fitted, model.catalog
        )
        for kind in output.head_type.metrics
    }
    both = keras.Model(model.whole.inputs, [written.tokens.tensor, answer])

    @tf.function(autograph=False, reduce_retracing=True)  # type: ignore[untyped-decorator]
    def update(*values: Any) -> None:
        tokens, scores = both(list(values), training=False)
        for each in metrics.values():
            each.metric.update_state(each.targets(tokens), scores)

    size = max(1, min(BATCH, LARGEST // int(positions * units)))
    for start in range(0, len(rows), size):
        token.check()
        update(*_values(model, rows, start, start + size))
    return metrics


def _values(model: FeatureModel, rows: EvaluatedRows, start: int, end: int) -> Any:
    """What enters the model as it was trained, for some rows."""
    found = []
    for binding in bound_inputs(model.project):
        name = binding.feature
        given = rows.inputs[name] if name in rows.inputs else rows.truth[name]
        part = load_tensor_feature(model.catalog[model.feature(name).kind])
        values = part.values(given[start:end], model.fitted.get(name, {}))
        strings = values.dtype == object
        found.append(tf.constant(values.tolist() if strings else values))
    return found
