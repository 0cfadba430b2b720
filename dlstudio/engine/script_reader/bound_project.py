"""What enters and leaves the model of a new project, as features and heads."""

from __future__ import annotations

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.engine.file_import.imported_project import ModelEnds, imported_project
from dlstudio.engine.file_import.model_ends import answers_of, entries_of
from dlstudio.engine.model.build import build
from dlstudio.engine.script_reader.merged_plan import merged_plan
from dlstudio.engine.script_reader.reader import ScriptReading
from dlstudio.engine.script_reader.script_before import ScriptBefore
from dlstudio.errors import UserError


def bound_project(
    project: Project, reading: ScriptReading, catalog: Catalog
) -> Project:
    """The project with features for its inputs and heads for its outputs.

    Where nothing fits them, or the model cannot be built, the project stays as it is.

    Args:
        project: With the model of a script.
        reading: The settings of the script, which are kept.
        catalog: Describes layers.
    """
    try:
        model = build(project, catalog)
    except UserError:
        return project
    losses = {"": project.plan.loss} if "loss" in reading.settings else {}
    answers = answers_of(project.graphs, model, losses)
    ends = ModelEnds(
        entries_of(project.model, model), answers, tuple(() for _each in answers)
    )
    bound = imported_project(project, ends).project
    return merged_plan(reading, bound, bound, catalog, ScriptBefore())
