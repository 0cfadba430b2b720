"""The checks of a whole project: its graphs and plan against its data."""

from __future__ import annotations

from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.document.problems import Problem
from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.engine.check import check
from dlstudio.engine.project_data import facts_of
from dlstudio.engine.shapes import Shapes
from dlstudio.errors import UserError


def check_project(
    project: Project, folder: Path, catalog: Catalog
) -> tuple[Problem, ...]:
    """All problems; data that cannot be read is one of them.

    Args:
        folder: The project's.
    """
    shapes = Shapes()
    try:
        facts = facts_of(project, folder, catalog)
    except UserError as error:
        problem = data_problem(project, folder, error)
        return (problem, *check(project, catalog, shapes, None))
    return tuple(check(project, catalog, shapes, facts))


def data_problem(project: Project, folder: Path, error: UserError) -> Problem:
    """The problem of data that cannot be read; one of its own where they are gone."""
    missing = is_missing(project.data.source, folder)
    return Problem("error", "data-missing" if missing else "data", str(error))


def is_missing(source: Spec, folder: Path) -> bool:
    """Whether the files of a source are not where it says."""
    path = source.params.get("path")
    if not isinstance(path, str) or not path:
        return False
    return not (folder / Path(path).expanduser()).exists()
