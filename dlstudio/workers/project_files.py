"""Work on files for the window: new projects, recent ones, templates, the doctor.

Each function is the work of a job; what it needs of the engine is imported there, on
the worker's thread, and none of it needs TensorFlow.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Mapping, Sequence
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
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.safe_files import refuse_links
from dlstudio.workers.jobs import Cancelled, JobContext, ReportingContext
from dlstudio.workers.progress import Progress, ThrottledProgress

UNPACKED = "data"  # where data that came packed lies in a project's folder


@dataclass(frozen=True, slots=True)
class RecentProject:
    """A project opened before.

    Attributes:
        modified: Of its file, seconds since the epoch; 0 where it is gone.
        runs: Number of trainings.
        metric, best: The best value of the metric that its runs are compared by, such
            as ("val_accuracy", 0.98); "" for none.
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
) -> Project:
    """Make a project from a template in a new folder, sized to the data.

    Data in a zip file is unpacked into the project's folder, told as `Progress`.

    Args:
        data: A folder or file, or the folders of the classes; nothing for a template
            that has data of its own.

    Raises:
        UserError: The data cannot be read, or the folder not be written.
        Cancelled: It was asked to stop; nothing is left of it.
    """
    from dlstudio.engine.templates import make_project
    from dlstudio.engine.templates.context import TemplateContext, context_of

    if not is_free(folder):
        raise UserError(
            _("{folder} is not empty. Nothing was overwritten.").format(folder=folder),
            _("Choose a new folder."),
        )
    context = TemplateContext(folder.name)
    unpacked = folder / UNPACKED
    try:
        if data:
            from dlstudio.data.archive_dataset import dataset_in
            from dlstudio.data.guess_source import guess_sources
            from dlstudio.data.open_source import open_source
            from dlstudio.data.relative_paths import relative_source

            paths = [each.absolute() for each in data]
            if is_archive_name(paths[0].name):
                packed = paths[0]
                refuse_links(unpacked, folder)
                inside = _unpack(job_context, packed, unpacked / packed.stem)
                paths = [dataset_in(inside, packed, catalog)]
            guessed = guess_sources(paths, catalog)
            source = relative_source(guessed, folder, catalog)
            samples = open_source(source, catalog, folder)
            context = context_of(folder.name, source, samples)
        if job_context.should_stop():
            raise Cancelled
        project = make_project(catalog[template], context)
        save_project(project, folder)
    except BaseException:
        if unpacked.exists():  # it was made here, and is of no use now
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


def template_graphs(job_context: JobContext, catalog: Catalog) -> dict[str, Graph]:
    """The model each template makes of ordinary images, by the template's kind."""
    from dlstudio.engine.templates import make_project
    from dlstudio.engine.templates.context import TemplateContext

    graphs = {}
    for description in catalog.family("templates"):
        if job_context.should_stop():
            raise Cancelled
        graphs[description.kind] = make_project(description, TemplateContext("")).model
    return graphs


RecentMemory = dict[Path, Any]
"""What was read of runs, by their folders; only one job at a time may use it."""


def recent_projects(
    job_context: JobContext, folders: Sequence[str], memory: RecentMemory | None = None
) -> tuple[RecentProject, ...]:
    """Projects opened before, with their best results; none of them is opened.

    Args:
        memory: What was read before, for runs that have not changed since.
    """
    known = {} if memory is None else memory
    found = []
    for folder in folders:
        if job_context.should_stop():
            raise Cancelled
        found.append(_recent(Path(folder), known))
    return tuple(found)


def free_folder(parent: Path, name: str) -> Path:
    """A folder in `parent` that does not exist yet: `name`, "name 2", "name 3", ..."""
    folder, number = parent / name, 2
    while folder.exists():
        folder = parent / f"{name} {number}"
        number += 1
    return folder


def examine(_context: JobContext) -> tuple[str, str]:
    """What the doctor found: what is wrong in a sentence ("" if nothing), and all."""
    from dlstudio.engine.runtime.doctor import examine as look

    found = look()
    sentences = [found.problem, *found.advice, *found.gpus.reasons]
    summary = " ".join(each for each in sentences[:2] if each)
    lines = [*(each for each in sentences if each), ""]
    return summary, "\n".join([*lines, *_lines(found.to_json())]).strip()


def _lines(item: Mapping[str, Any], indent: str = "") -> list[str]:
    """A finding as lines that people can read, and send to somebody."""
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
    """The device that trains, for people; needs the loaded engine."""
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
