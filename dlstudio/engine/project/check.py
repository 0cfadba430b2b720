"""Checks a whole project: its graphs and plan against its data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.data.data_form import data_form
from dlstudio.data.open_source import open_source
from dlstudio.data.preparation import prepare_data
from dlstudio.data.prepared import Prepared
from dlstudio.document.graph import OPAQUE
from dlstudio.document.problems import Problem, error_of
from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.engine.custom_code.code_scope import project_code
from dlstudio.engine.model.build import build
from dlstudio.engine.model.build_error import BuildError
from dlstudio.engine.model.opaque_weights import WeightsFiles
from dlstudio.engine.problems.check import check
from dlstudio.engine.problems.dataset_statistics import DatasetStatistics
from dlstudio.engine.project.data import (
    CACHE,
    dataset_statistics,
    prepare_project,
    prepared_statistics,
)
from dlstudio.engine.runtime.stop_token import StopSource, StopToken
from dlstudio.engine.shapes.graph import ShapeInference
from dlstudio.errors import UserError


@dataclass(frozen=True, slots=True)
class CheckedProject:
    """A checked project with its prepared data.

    Attributes:
        problems: Errors first.
        prepared: The data, if readable and if the model defines the input form.
    """

    problems: tuple[Problem, ...]
    prepared: Prepared | None = None


def check_project(
    project: Project,
    folder: Path,
    catalog: Catalog,
    progress: Callable[[int, int], None] | None = None,
    token: StopToken | None = None,
    *,
    fixes: bool = True,
) -> CheckedProject:
    """Find all problems, using the data exactly as training would.

    Every sample is prepared as in training; training reuses the prepared data.

    Args:
        folder: The project's folder.
        progress: Called with the number of samples prepared and the total.
        token: Checked while preparing.
        fixes: Whether to find fixes too.

    Raises:
        Stopped: `token` was set.
    """
    found: list[Problem] = []
    prepared: Prepared | None = None
    dataset: DatasetStatistics | None = None
    try:
        dataset, prepared = _read(project, folder, catalog, progress, token)
    except UserError as error:
        if project.data.source.kind:  # else the checks below say that there is none
            found.append(data_problem(project, folder, error))
    files = WeightsFiles(folder)
    with project_code(project, folder):
        found += check(project, catalog, ShapeInference(), dataset, files, fixes=fixes)
    if error_of(found) is None:
        found += _unlike_weights(project, folder, catalog)
    return CheckedProject(tuple(found), prepared)


def refuse_errors(checked: CheckedProject) -> Prepared:
    """The prepared data of a project without errors.

    Raises:
        UserError: An error prevents training.
    """
    error = error_of(checked.problems)
    if error is not None:
        raise error
    assert checked.prepared is not None
    return checked.prepared


def prepare_training(
    project: Project,
    folder: Path,
    catalog: Catalog,
    progress: Callable[[int, int], None] | None,
    token: StopToken,
    *,
    resumed: bool = False,
) -> Prepared:
    """Prepare the data of a training; a new one is checked first by `check_project`.

    Args:
        project: The project to train.
        folder: The project's folder; relative paths start there.
        catalog: Describes layers, tasks and data sources.
        progress: Called with (done, total) samples while preparing.
        token: Checked for each sample.
        resumed: Whether to skip the checks, which passed when the run was started.

    Raises:
        UserError: The project has an error, or the data cannot be read.
        Stopped: `token` was set.
    """
    if resumed:
        return prepare_project(project, folder, catalog, progress, token)
    checked = check_project(project, folder, catalog, progress, token, fixes=False)
    return refuse_errors(checked)


def _unlike_weights(
    project: Project, folder: Path, catalog: Catalog
) -> Iterator[Problem]:
    """Opaque layers with mismatched weights, found only by building them."""
    nodes = [node for graph in project.graphs.values() for node in graph.nodes.values()]
    if not any(node.kind == OPAQUE and node.params.get("weights") for node in nodes):
        return
    try:
        build(project, catalog, folder=folder)
    except BuildError as error:
        yield Problem("error", "block-weights", str(error), error.node, error.graph)


def _read(
    project: Project,
    folder: Path,
    catalog: Catalog,
    progress: Callable[[int, int], None] | None,
    token: StopToken | None,
) -> tuple[DatasetStatistics, Prepared | None]:
    """The statistics of the data, and the prepared data if the model defines a form."""
    try:
        form = data_form(project, catalog)
    except UserError:  # reported by the graph checks
        return dataset_statistics(project, folder, catalog), None
    stop_requested = token or StopSource().token
    opened = open_source(project.data.source, catalog, folder)
    prepared = prepare_data(
        opened,
        project.data,
        form,
        catalog,
        folder / CACHE,
        progress,
        lambda: stop_requested.stop_requested,
    )
    stop_requested.check()
    return prepared_statistics(project, opened, prepared, catalog), prepared


def data_problem(project: Project, folder: Path, error: UserError) -> Problem:
    """The problem of unreadable data; a separate one for missing data.

    Args:
        project: Its source has the path of the data.
        folder: The project's folder; relative paths start there.
        error: Why the data cannot be read.

    Returns:
        Code "data-missing" if the files are missing, else "data".
    """
    missing = is_missing(project.data.source, folder)
    return Problem("error", "data-missing" if missing else "data", str(error))


def is_missing(source: Spec, folder: Path) -> bool:
    """Whether the files of a source do not exist."""
    path = source.params.get("path")
    if not isinstance(path, str) or not path:
        return False
    return not (folder / Path(path).expanduser()).exists()
