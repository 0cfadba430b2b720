"""How good a model of features is: a report of each of its outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from dlstudio.data.prepared import Prepared
from dlstudio.document.evaluation import TRAINING, EvaluationReport, HeadReport
from dlstudio.engine.evaluation.batched import Progress, predict_batched
from dlstudio.engine.evaluation.evaluated_rows import (
    ALL,
    EvaluatedRows,
    check_finite,
    evaluated_rows,
    rows_at,
)
from dlstudio.engine.evaluation.forced_metrics import with_forced_metrics
from dlstudio.engine.evaluation.row_values import with_row_values
from dlstudio.engine.evaluation.verdict.comparisons import SAMPLE_LIMIT, class_counts
from dlstudio.engine.heads.evenly_spread import some_of
from dlstudio.engine.heads.head_evidence import HeadEvidence
from dlstudio.engine.prediction.feature_model import FeatureModel, PredictedFeature
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
        report = output.head_type.evaluate(
            rows.truth[output.name],
            outputs[output.name],
            rows.ids,
            output.fitted,
            target=output.name,
            split=split,
            from_logits=output.from_logits,
        )
        report = output.head_type.with_evidence(
            report,
            replace(
                _evidence(model, output, prepared, rows, split),
                outputs=outputs[output.name],
            ),
        )
        report = with_forced_metrics(report, model, rows, stop)
        reports[output.name] = with_row_values(report, model, rows)
    first, *others = model.outputs
    training = _training(model, prepared, split, reports, stop)
    for other in others:
        reports[other.name].sections[TRAINING] = training[other.name]
    return EvaluationReport.of(
        reports,
        run=model.run,
        split=split,
        samples=len(rows),
        fingerprint=prepared.fingerprint,
        classes=first.head_type.class_names(first.fitted),
        has_several_labels=first.head_type.has_several_labels,
        training=training[first.name],
    )


def _evidence(
    model: FeatureModel,
    output: PredictedFeature,
    prepared: Prepared,
    rows: EvaluatedRows,
    split: str,
) -> HeadEvidence:
    """What a report of an output can say beside its targets.

    Args:
        model: The run's model.
        output: One of its outputs.
        prepared: The samples.
        rows: The evaluated ones.
        split: What is evaluated.
    """
    own = split != ALL
    known = prepared.splits[TRAIN] if own else np.zeros(0, np.int64)
    inputs = {name: prepared.rows[name] for name in model.inputs} if own else {}
    return HeadEvidence(
        rows.ids,
        model.by_kind(rows.inputs),
        rows.truth[output.name],
        {kind: each[known] for kind, each in model.by_kind(inputs).items()},
        prepared.rows[output.name][known],
        output.fitted,
        split=split,
    )


def _training(
    model: FeatureModel,
    prepared: Prepared,
    split: str,
    reports: Mapping[str, HeadReport],
    stop: StopToken | None,
) -> dict[str, JsonObject]:
    """What each output has of the training split; nothing of other data.

    Args:
        model: The run's model.
        prepared: The samples.
        split: What is evaluated.
        reports: What each output is compared by.
        stop: Checked before each batch.
    """
    known = prepared.splits.get(TRAIN, np.zeros(0, np.int64))
    if split == ALL or not len(known):
        return {output.name: {} for output in model.outputs}
    rows = rows_at(model, prepared, some_of(known, SAMPLE_LIMIT))
    outputs = predict_batched(model, rows.inputs, stop=stop) if split != TRAIN else {}
    found: dict[str, JsonObject] = {}
    for each in model.outputs:
        classes = each.head_type.class_names(each.fitted)
        labels = np.asarray(prepared.rows[each.name][known])
        counts = {"classes": class_counts(labels, classes)} if classes else {}
        found[each.name] = dict(counts)
        compared = reports[each.name].comparison
        if compared is None or not outputs:
            continue
        scores, truth = each.scores(outputs[each.name]), rows.truth[each.name]
        metrics = each.head_type.report_metrics(truth, scores, each.fitted)
        value = metrics[str(compared["metric"])]
        found[each.name] |= {"samples": len(rows), "value": value}
    return found
