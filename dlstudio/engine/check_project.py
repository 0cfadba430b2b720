"""The checks of a whole project: its graphs and plan against its data."""

from __future__ import annotations

from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.document.problems import Problem
from dlstudio.document.project import Project
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
        problem = Problem("error", "data", str(error))
        return (problem, *check(project, catalog, shapes, None))
    return tuple(check(project, catalog, shapes, facts))
