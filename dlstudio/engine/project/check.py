"""The checks of a whole project: its graphs and plan against its data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.data.image_spec import ImageSpec, image_spec
from dlstudio.data.open_source import open_source
from dlstudio.data.prepare import Prepared, prepare_opened
from dlstudio.document.graph import OPAQUE
from dlstudio.document.problems import Problem, error_of
from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.engine.model.build import BuildError, build
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
    """A project as training will find it.

    Attributes:
        problems: Errors first.
        prepared: The data, if they can be read and the model says in which form.
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
    """All problems, found on the very data that training would take.

    Every image is decoded, as training does it; training finds them prepared.

    Args:
        folder: The project's.
        progress: Called with how many images are prepared, and of how many.
        token: Checked while preparing whether to stop.
        fixes: Look for them too.

    Raises:
        Stopped: `token` wished so.
    """
    found: list[Problem] = []
    prepared: Prepared | None = None
    dataset: DatasetStatistics | None = None
    try:
        dataset, prepared = _read(project, folder, catalog, progress, token)
    except UserError as error:
        found.append(data_problem(project, folder, error))
    files = WeightsFiles(folder)
    found += check(project, catalog, ShapeInference(), dataset, files, fixes=fixes)
    if error_of(found) is None:
        found += _unlike_weights(project, folder, catalog)
    return CheckedProject(tuple(found), prepared)


def refuse_errors(checked: CheckedProject) -> Prepared:
    """The data of a project that can be trained.

    Raises:
        UserError: A problem keeps it from that.
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
    """The data of a training; a new one is checked first, as `check_project` does it.

    Args:
        project: What is trained.
        folder: The project's; relative paths start there.
        catalog: Describes layers, tasks and data sources.
        progress: Called with (done, total) images while these are prepared.
        token: Checked for each image.
        resumed: Skip the checks: the run has passed them when it was started.

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
    """Foreign blocks with the weights of another one, as only building them tells."""
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
    """What is known of the data, and the data where the model says their form."""
    try:
        spec: ImageSpec | None = image_spec(project.model, project.data.source)
    except UserError:
        spec = None
    if spec is None:  # the checks of the graph say why
        return dataset_statistics(project, folder, catalog), None
    stop_requested = token or StopSource().token
    opened = open_source(project.data.source, catalog, folder)
    prepared = prepare_opened(
        opened,
        project.data,
        spec,
        folder / CACHE,
        progress,
        lambda: stop_requested.stop_requested,
    )
    stop_requested.check()
    return prepared_statistics(project, opened, prepared), prepared


def data_problem(project: Project, folder: Path, error: UserError) -> Problem:
    """The problem of data that cannot be read; one of its own where they are gone.

    Args:
        project: Its source says where the data should be.
        folder: The project's; relative paths start there.
        error: Why the data cannot be read.

    Returns:
        Code "data-missing" where the files are gone, otherwise "data".
    """
    missing = is_missing(project.data.source, folder)
    return Problem("error", "data-missing" if missing else "data", str(error))


def is_missing(source: Spec, folder: Path) -> bool:
    """Whether the files of a source are not where it says."""
    path = source.params.get("path")
    if not isinstance(path, str) or not path:
        return False
    return not (folder / Path(path).expanduser()).exists()
