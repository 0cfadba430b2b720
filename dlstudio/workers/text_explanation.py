"""Jobs that explain what a model looked at in a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlstudio.document.text_explanation import TextExplanation
from dlstudio.errors import UserError
from dlstudio.workers.jobs import JobContext
from dlstudio.workers.model_cache import ModelCache, RunReference

if TYPE_CHECKING:
    from dlstudio.data.samples import Samples
    from dlstudio.document.project import Project


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    """A sample of the data with its explanation.

    Attributes:
        id: Of the sample.
        values: By input feature.
        found: What the model looked at.
    """

    id: str
    values: Mapping[str, str]
    found: TextExplanation


def explain_form(
    context: JobContext,
    models: ModelCache,
    question: RunReference,
    values: Mapping[str, str],
) -> TextExplanation:
    """What a run's model looks at in the texts of one sample.

    Args:
        context: Context of the job.
        models: Caches the last used model, and what explains it.
        question: The run and the project's folder.
        values: By feature, as they are typed; "" where one is missing.

    Raises:
        UserError: The model cannot be loaded, or its predictions cannot be explained.
    """
    from dlstudio.engine.runs.store import RunStore

    del context
    run = RunStore(question.folder).find(question.run)
    explainer = models.explainer(run, question.catalog, question.search)
    return explainer.explain(values)


def explain_row(
    context: JobContext, models: ModelCache, question: RunReference, row: str
) -> ExplainedRow:
    """The same for a sample of the run's data.

    Args:
        context: Context of the job.
        models: Caches the last used model, and what explains it.
        question: The run and the project's folder.
        row: Id of the sample.

    Raises:
        UserError: The model or the data cannot be read, or the predictions cannot be
            explained.
    """
    from dlstudio.data.open_source import open_source
    from dlstudio.engine.runs.store import RunStore

    run = RunStore(question.folder).find(question.run)
    project = run.project()
    samples = open_source(project.data.source, question.catalog, question.folder)
    values = _values(samples, project, row)
    return ExplainedRow(row, values, explain_form(context, models, question, values))


def _values(samples: Samples, project: Project, row: str) -> dict[str, str]:
    """The inputs of a sample as texts.

    Raises:
        UserError: The data has no such sample any more.
    """
    import numpy as np

    from dlstudio.data.features.cell_text import cell_texts
    from dlstudio.data.table_rows import feature_cells
    from dlstudio.i18n import _

    places = np.flatnonzero(np.asarray([each == row for each in samples.ids]))
    if not len(places):
        raise UserError(_("The data has no row “{id}” any more.").format(id=row))
    names = dict.fromkeys(each.feature for each in project.inputs)
    return {
        name: cell_texts(feature_cells(samples, project.data, name).take(places))[0]
        or ""
        for name in names
    }
