"""Evaluating a run from its model and its data to a report with a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dlstudio.catalog.store import Catalog
from dlstudio.data.prepared import Prepared
from dlstudio.document.evaluation import EvaluationReport
from dlstudio.document.project import is_image_model, reconstructs_images
from dlstudio.engine.evaluation.batched import Progress
from dlstudio.engine.evaluation.evaluate_features import evaluate_features
from dlstudio.engine.evaluation.evaluate_image_classes import Counted, evaluate
from dlstudio.engine.evaluation.evaluate_images import evaluate_images
from dlstudio.engine.evaluation.evaluate_tokens import evaluate_tokens
from dlstudio.engine.evaluation.held_out import (
    held_out,
    is_held_out,
    with_verdict,
)
from dlstudio.engine.heads.base import WORST
from dlstudio.engine.prediction.feature_model import FeatureModel, load_feature_model
from dlstudio.engine.prediction.image_classifier import TrainedModel, load_trained
from dlstudio.engine.prediction.image_model import ImageModel, load_image_model
from dlstudio.engine.runs.evaluation_report import save_report
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runtime.stop_token import StopToken

EvaluatedModel = TrainedModel | FeatureModel | ImageModel


def load_evaluated(run: Run, catalog: Catalog) -> EvaluatedModel:
    """The model of a run as it is evaluated.

    Args:
        run: With a trained model.
        catalog: Describes feature types and heads.

    Raises:
        UserError: There is no model yet, or it is damaged.
    """
    if reconstructs_images(run.project()):
        return load_image_model(run, catalog)
    if is_image_model(run.project()):
        return load_trained(run, catalog)
    return load_feature_model(run, catalog)


def evaluate_own(
    run: Run,
    model: EvaluatedModel,
    prepared: Prepared,
    catalog: Catalog,
    split: str = "",
    *,
    worst: int = WORST,
    progress: Progress | None = None,
    stop: StopToken | None = None,
    counted: Counted | None = None,
) -> EvaluationReport:
    """Evaluate a run on its own data; the report of the held-out split is saved.

    Args:
        run: The run.
        model: Its model.
        prepared: Its data.
        catalog: Describes what the project consists of.
        split: "train", "validation", "test", or "" for the held-out one.
        worst: Maximum number of misclassified samples in the report; fewer are saved.
        progress: Called with the number of samples done and the total.
        stop: Checked before each batch.
        counted: Given truth and scores of samples, see `evaluate`.

    Raises:
        UserError: The split is empty, or a score is not a number.
        Stopped: `stop` was set.
    """
    chosen = split or held_out(prepared)
    report = _evaluated(
        model,
        prepared,
        chosen,
        worst=worst,
        progress=progress,
        stop=stop,
        counted=counted,
    )
    report = with_verdict(report, run, catalog)
    if is_held_out(prepared, chosen) and run.model_path is not None:
        kept = replace(report, mistakes=report.mistakes[:WORST])
        save_report(kept, run.folder)
    return report


def evaluate_other(
    run: Run,
    model: EvaluatedModel,
    prepared: Prepared,
    catalog: Catalog,
    progress: Progress | None = None,
) -> EvaluationReport:
    """Evaluate a run on all samples of other data.

    Args:
        run: The run.
        model: Its model.
        prepared: Other data with the same features.
        catalog: Describes what the project consists of.
        progress: Called with the number of samples done and the total.

    Raises:
        UserError: There are no samples, a class is unknown, or a score is not a number.
    """
    report = _evaluated(model, prepared, "all", progress=progress)
    return with_verdict(report, run, catalog, own=False)


def _evaluated(
    model: EvaluatedModel,
    prepared: Prepared,
    split: str,
    *,
    worst: int = WORST,
    progress: Progress | None = None,
    stop: StopToken | None = None,
    counted: Counted | None = None,
) -> EvaluationReport:
    more: Mapping[str, Any] = {"progress": progress, "stop": stop}
    if isinstance(model, ImageModel):
        return evaluate_images(model, prepared, split, **more)
    if isinstance(model, FeatureModel):
        if model.outputs[0].head_type.of_tokens and model.written is None:
            return evaluate_tokens(model, prepared, split, worst=worst, **more)
        return evaluate_features(model, prepared, split, **more)
    return evaluate(model, prepared, split, worst=worst, counted=counted, **more)
