"""Jobs on files for the window: new and recent projects, templates, the doctor.

Each function is the work of a job; it imports engine modules on the worker thread, none
of which need TensorFlow.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dlstudio.catalog.source_queries import is_archive_name
from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import Graph
from dlstudio.document.project import Project
from dlstudio.document.storage import (
    is_free,
    load_project,
    project_file,
    save_project,
)
from dlstudio.document.values import Spec
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.safe_files import refuse_links
from dlstudio.workers.jobs import Cancelled, JobContext, ReportingContext
from dlstudio.workers.progress import Progress, ThrottledProgress

UNPACKED = "data"  # folder for unpacked data in a project's folder


@dataclass(frozen=True, slots=True)
class RecentProject:
    """A recently opened project.

    Attributes:
        modified: Modification time of its file, seconds since the epoch; 0 if missing.
        runs: Number of runs.
        metric, best: The metric that its runs are compared by, and its best value, such
            as ("val_loss", 0.12); "" for none.
        error: Why it cannot be opened, or "".
    """

    folder: Path
    name: str
    modified: float = 0.0
    runs: int = 0
    metric: str = ""
    best: float = math.nan
    error: str = ""


def new_project(
    job_context: ReportingContext[Progress],
    catalog: Catalog,
    template: str,
    folder: Path,
    data: Sequence[Path] = (),
    sample: str = "",
) -> Project:
    """Create a project from a template in a new folder, adapted to the data.

    Data in a zip file is unpacked into the project's folder; reports `Progress`.

    Args:
        template: Kind of the template; "" for the one that fits the data.
        data: A folder or file, or the folders of the classes; empty for a template with
            built-in data.
        sample: Kind of a source that is built in, instead of data.

    Raises:
        UserError: The data cannot be read or does not fit the template, or the folder
            cannot be written.
        Cancelled: The job was cancelled; nothing is left behind.
    """
    from dlstudio.engine.templates import make_project
    from dlstudio.engine.templates.context import TemplateContext

    if not is_free(folder):
        raise UserError(
            _("{folder} is not empty. Nothing was overwritten.").format(folder=folder),
            _("Choose a new folder."),
        )
    unpacked = folder / UNPACKED
    try:
        if data:
            from dlstudio.data.archive_dataset import dataset_in
            from dlstudio.data.guess_source import guess_sources
            from dlstudio.data.relative_paths import relative_source
            from dlstudio.workers.data_project import project_of_data

            paths = [each.absolute() for each in data]
            if is_archive_name(paths[0].name):
                packed = paths[0]
                refuse_links(unpacked, folder)
                inside = _unpack(job_context, packed, unpacked / packed.stem)
                paths = [dataset_in(inside, packed, catalog)]
            guessed = guess_sources(paths, catalog)
            source = relative_source(guessed, folder, catalog)
            project = project_of_data(job_context, catalog, template, folder, source)
        elif sample:
            from dlstudio.workers.data_project import project_of_data

            source = Spec(sample)
            project = project_of_data(job_context, catalog, template, folder, source)
        else:
            project = make_project(catalog[template], TemplateContext(folder.name))
        if job_context.should_stop():
            raise Cancelled
        save_project(project, folder)
    except BaseException:
        if unpacked.exists():  # created here, and no longer needed
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return project


def _unpack(
    job_context: ReportingContext[Progress], packed: Path, target: Path
) -> Path:
    from dlstudio.data.archive import unpack
    from dlstudio.data.parallel import Stopped

    try:
        return unpack(
            packed, target, ThrottledProgress(job_context), job_context.should_stop
        )
    except Stopped:
        raise Cancelled from None


def template_graphs(
    job_context: JobContext, catalog: Catalog, category: str = ""
) -> dict[str, Graph]:
    """The model of each template for typical data, by the template's kind.

    A template that needs columns of its own is left out.

    Args:
        job_context: Asked whether to stop.
        catalog: With the templates.
        category: Of the templates; "" for all.
    """
    from dlstudio.engine.templates import make_project
    from dlstudio.engine.templates.context import TemplateContext
    from dlstudio.errors import UserError

    graphs = {}
    for description in catalog.family("templates"):
        if job_context.should_stop():
            raise Cancelled
        if category not in ("", description.category):
            continue
        with suppress(UserError):
            made = make_project(description, TemplateContext(""))
            graphs[description.kind] = made.model
    return graphs


RecentMemory = dict[Path, Any]
"""Cached run data by folder; only one job at a time may use it."""


def recent_projects(
    job_context: JobContext, folders: Sequence[str], memory: RecentMemory | None = None
) -> tuple[RecentProject, ...]:
    """Recent projects with their best results, without opening them.

    Args:
        memory: Cached data of unchanged runs.
    """
    known = {} if memory is None else memory
    found = []
    for folder in folders:
        if job_context.should_stop():
            raise Cancelled
        found.append(_recent(Path(folder), known))
    return tuple(found)


def free_folder(parent: Path, name: str) -> Path:
    """An unused folder path in `parent`: `name`, "name 2", "name 3", ..."""
    folder, number = parent / name, 2
    while folder.exists():
        folder = parent / f"{name} {number}"
        number += 1
    return folder


def examine(_context: JobContext) -> tuple[str, str]:
    """The doctor's findings: a summary of problems ("" if none), and all details."""
    from dlstudio.engine.runtime.doctor import examine as look

    found = look()
    sentences = [found.problem, *found.advice, *found.gpus.reasons]
    summary = " ".join(each for each in sentences[:2] if each)
    lines = [*(each for each in sentences if each), ""]
    return summary, "\n".join([*lines, *_lines(found.to_json())]).strip()


def _lines(item: Mapping[str, Any], indent: str = "") -> list[str]:
    """The report as readable lines."""
    lines = []
    for name, value in item.items():
        title = name.replace("_", " ")
        if isinstance(value, Mapping):
            lines += [f"{indent}{title}", *_lines(value, indent + "  ")]
            continue
        if name.endswith("_bytes"):
            title, value = title.removesuffix(" bytes"), f"{value / 1e9:.1f} GB"
        elif isinstance(value, (list, tuple)):
            value = "; ".join(map(str, value))
        lines.append(f"{indent}{title}: {'–' if value in (None, '') else value}")
    return lines


def device(_context: JobContext, _analyser: object) -> str:
    """Display name of the training device; needs the loaded engine."""
    from dlstudio.engine.runtime.devices import choose_placement

    return choose_placement("auto").name


def _recent(folder: Path, memory: RecentMemory) -> RecentProject:
    try:
        project = load_project(folder)
        modified = project_file(folder).stat().st_mtime
    except (UserError, OSError) as error:
        return RecentProject(folder, folder.name, error=str(error))
    from dlstudio.engine.runs.metrics import RunMetricsReader, best_run_value, metric_of
    from dlstudio.engine.runs.store import RunStore

    name = project.name or folder.name
    try:
        runs = RunStore(folder).all()
    except (UserError, OSError):
        return RecentProject(folder, name, modified)
    reader = RunMetricsReader(memory)
    figures = [reader.read(run) for run in runs]
    metric = metric_of(folder, figures)
    best = best_run_value(figures, metric)
    value = math.nan if best is None else best.value
    return RecentProject(folder, name, modified, len(runs), metric, value)
