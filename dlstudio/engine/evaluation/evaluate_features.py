"""How good a model of features is: a report of each of its outputs."""

from __future__ import annotations

import numpy as np

from dlstudio.data.prepare import Prepared
from dlstudio.document.evaluation import EvaluationReport, HeadReport
from dlstudio.engine.evaluation.batched import Progress, predict_batched
from dlstudio.engine.evaluation.evaluated_rows import (
    ALL,
    check_finite,
    evaluated_rows,
    rows_at,
)
from dlstudio.engine.evaluation.verdict.comparisons import SAMPLE_LIMIT, class_counts
from dlstudio.engine.heads.evenly_spread import some_of
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.engine.runtime.stop_token import StopToken
from dlstudio.json_values import JsonObject

TRAIN = "train"


def evaluate_features(
    model: FeatureModel,
    prepared: Prepared,
    split: str = "test",
    *,
    progress: Progress | None = None,
    stop: StopToken | None = None,
) -> EvaluationReport:
    """Evaluate every output of a model on one split.

    Args:
        model: A run's model.
        prepared: Its data, or other data with the same features.
        split: "train", "validation", "test" or "all".
        progress: Called with the number of predicted and of all rows.
        stop: Checked before each batch.

    Raises:
        UserError: The split is empty, or an output is not a number.
        Stopped: `stop` was set.
    """
    rows = evaluated_rows(model, prepared, split)
    outputs = predict_batched(model, rows.inputs, progress, stop)
    check_finite(outputs)
    reports: dict[str, HeadReport] = {}
    for output in model.outputs:
        reports[output.name] = output.head_type.evaluate(
            rows.truth[output.name],
            outputs[output.name],
            rows.ids,
            output.fitted,
            target=output.name,
            split=split,
            from_logits=output.from_logits,
        )
    first = model.outputs[0]
    compared = reports[first.name].comparison or {}
    return EvaluationReport.of(
        reports,
        run=model.run,
        split=split,
        samples=len(rows),
        fingerprint=prepared.fingerprint,
        classes=first.head_type.class_names(first.fitted),
        multi_label=first.head_type.labels == "multi",
        training=_training(
            model, prepared, split, str(compared.get("metric", "")), stop
        ),
    )


def _training(
    model: FeatureModel,
    prepared: Prepared,
    split: str,
    metric: str,
    stop: StopToken | None,
) -> JsonObject:
    """What the first output has of the training split; nothing of other data.

    Args:
        model: The run's model.
        prepared: The samples.
        split: What is evaluated.
        metric: By which the output is compared with its baseline.
        stop: Checked before each batch.
    """
    known = prepared.splits.get(TRAIN, np.zeros(0, np.int64))
    if split == ALL or not len(known):
        return {}
    first = model.outputs[0]
    classes = first.head_type.class_names(first.fitted)
    found: JsonObject = {}
    if classes:
        labels = np.asarray(prepared.rows[first.name][known])
        found["classes"] = class_counts(labels, classes)
    if split == TRAIN or not metric:
        return found
    rows = rows_at(model, prepared, some_of(known, SAMPLE_LIMIT))
    scores = first.scores(predict_batched(model, rows.inputs, stop=stop)[first.name])
    metrics = first.head_type.report_metrics(
        rows.truth[first.name], scores, first.fitted
    )
    return {**found, "samples": len(rows), "value": metrics[metric]}
