"""Evaluating a run with progress; for `evaluate` and the end of `train`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlstudio.cli.opened_project import OpenedProject
from dlstudio.cli.output import Output
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.document.evaluation import EvaluationReport
    from dlstudio.document.values import Spec
    from dlstudio.engine.runs.store import Run


def evaluate_run(
    opened: OpenedProject, chosen: Run, output: Output, source: Spec | None = None
) -> EvaluationReport:
    """Evaluate a run, with a verdict; a report on its own data is saved in its folder.

    Args:
        source: Images other than the project's own; None for its test or
            validation split.

    Raises:
        UserError: There is no model, no data, or no held-out split.
    """
    from dlstudio.document.project import is_image_model

    if not is_image_model(chosen.project()):
        return _evaluate_features(opened, chosen, output, source)
    with output.waiting(_("Loading the model…")):
        from dlstudio.engine.runtime.startup import start_tensorflow

        start_tensorflow()
        from dlstudio.engine.evaluation.evaluate import (
            ALL,
            evaluate,
            held_out,
            save_report,
            with_verdict,
        )
        from dlstudio.engine.prediction.trained_model import load_trained
        from dlstudio.engine.project.run_data import prepare_other, prepare_run

        trained = load_trained(chosen, opened.catalog)
    place = (opened.folder, opened.catalog)
    with output.progress(_("Preparing images")) as report:
        if source is not None:
            prepared = prepare_other(chosen, *place, source, report)
        else:
            prepared = prepare_run(chosen, *place, report)
            if prepared.fingerprint != chosen.record.data.get("fingerprint"):
                output.note(
                    _(
                        "warning: the data has changed since this run; the "
                        "model may have been trained on some of these images."
                    )
                )
    split = held_out(prepared) if source is None else ALL
    with output.progress(_("Predicting")) as report:
        found = evaluate(trained, prepared, split, progress=report)
    found = with_verdict(found, chosen if source is None else None, opened.catalog)
    if source is None:
        save_report(found, chosen.folder)
    return found


def _evaluate_features(
    opened: OpenedProject, chosen: Run, output: Output, source: Spec | None
) -> EvaluationReport:
    """The same for a model of features."""
    with output.waiting(_("Loading the model…")):
        from dlstudio.engine.runtime.startup import start_tensorflow

        start_tensorflow()
        from dlstudio.engine.evaluation.evaluate import (
            ALL,
            held_out,
            save_report,
            with_verdict,
        )
        from dlstudio.engine.evaluation.evaluate_features import evaluate_features
        from dlstudio.engine.prediction.feature_model import load_feature_model
        from dlstudio.engine.project.run_data import prepare_other, prepare_run

        model = load_feature_model(chosen, opened.catalog)
    place = (opened.folder, opened.catalog)
    if source is not None:
        prepared = prepare_other(chosen, *place, source)
    else:
        prepared = prepare_run(chosen, *place)
        if prepared.fingerprint != chosen.record.data.get("fingerprint"):
            output.note(
                _(
                    "warning: the data has changed since this run; the model may have "
                    "been trained on some of these rows."
                )
            )
    split = held_out(prepared) if source is None else ALL
    with output.progress(_("Predicting")) as report:
        found = evaluate_features(model, prepared, split, progress=report)
    found = with_verdict(found, chosen if source is None else None, opened.catalog)
    if source is None:
        save_report(found, chosen.folder)
    return found
