"""Evaluating a run with progress; for `evaluate` and the end of `train`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlstudio.cli.opened_project import OpenedProject
from dlstudio.cli.output import Output
from dlstudio.cli.predicted_rows import show_unusual
from dlstudio.cli.requested_sections import EvaluatedRun, SectionRequest, with_sections
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.data.prepared import Prepared
    from dlstudio.document.evaluation import EvaluationReport
    from dlstudio.document.values import Spec
    from dlstudio.engine.runs.store import Run


def evaluate_run(
    opened: OpenedProject,
    chosen: Run,
    output: Output,
    source: Spec | None = None,
    request: SectionRequest | None = None,
) -> EvaluationReport:
    """Evaluate a run, with a verdict; a report on its own data is saved in its folder.

    Args:
        opened: The project.
        chosen: The run.
        output: Output to print to.
        source: Data other than the project's own; None for its test or validation
            split.
        request: Sections to add; on the run's own data they are kept with the run.

    Raises:
        UserError: There is no model, no data, or no held-out split.
    """
    with output.waiting(_("Loading the model…")):
        from dlstudio.engine.runtime.startup import start_tensorflow

        start_tensorflow()
        from dlstudio.engine.evaluation.run_evaluation import (
            evaluate_other,
            evaluate_own,
            load_evaluated,
        )

        model = load_evaluated(chosen, opened.catalog)
    prepared = prepared_data(opened, chosen, output, source)
    with output.progress(_("Predicting")) as report:
        run = (chosen, model, prepared, opened.catalog)
        if source is not None:
            _warn_of_unusual_values(opened, model, source, output)
            found = evaluate_other(*run, progress=report)
        else:
            found = evaluate_own(*run, progress=report)
    if not request:
        return found
    evaluated = EvaluatedRun(opened, chosen, model, prepared, source, output)
    return with_sections(found, request, evaluated)


def _warn_of_unusual_values(
    opened: OpenedProject, model: object, source: Spec, output: Output
) -> None:
    """Say what of other rows the model has not learned from."""
    from dlstudio.data.columns import Cells
    from dlstudio.data.open_source import open_source
    from dlstudio.engine.prediction.feature_model import FeatureModel
    from dlstudio.engine.prediction.predict_rows import input_cells
    from dlstudio.engine.prediction.unusual_values import unusual_values

    if not isinstance(model, FeatureModel):
        return
    columns = open_source(source, opened.catalog, opened.folder).columns
    cells = {name: each for name, each in columns.items() if isinstance(each, Cells)}
    for each in unusual_values(model, input_cells(model, cells)):
        show_unusual(output, each)


def prepared_data(
    opened: OpenedProject, chosen: Run, output: Output, source: Spec | None = None
) -> Prepared:
    """The data of a run, or other data in its form.

    Args:
        opened: The project.
        chosen: The run.
        output: Gets progress, and a warning if the data has changed.
        source: Data other than the project's own.

    Raises:
        UserError: The data cannot be read.
    """
    from dlstudio.document.sample_nouns import IMAGES, sample_noun, sample_words
    from dlstudio.engine.project.run_data import prepare_other, prepare_run

    place = (opened.folder, opened.catalog)
    noun = sample_noun(chosen.project(), opened.catalog)
    preparing = _("Preparing {samples}").format(**sample_words(noun))
    with output.progress(preparing) as report:
        if source is not None:
            return prepare_other(chosen, *place, source, report)
        prepared = prepare_run(chosen, *place, report)
    if prepared.fingerprint != chosen.record.data.get("fingerprint"):
        output.note(
            _(
                "warning: the data has changed since this run; the "
                "model may have been trained on some of these images."
            )
            if noun == IMAGES
            else _(
                "warning: the data has changed since this run; the model may have "
                "been trained on some of these rows."
            )
        )
    return prepared
