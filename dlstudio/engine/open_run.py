"""A run opened again: its model, its data, other data, and its export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dlstudio.catalog.store import Catalog
from dlstudio.data.open_source import open_source
from dlstudio.data.picture_spec import picture_spec
from dlstudio.data.prepare import Prepared, prepare
from dlstudio.document.plan import DataRecipe, Split
from dlstudio.document.values import Spec
from dlstudio.engine.evaluate import Progress, read_report
from dlstudio.engine.export import ExportResult, export_trained
from dlstudio.engine.exported import Questions
from dlstudio.engine.questions import questions
from dlstudio.engine.runs import Run
from dlstudio.engine.tokens import StopSource, StopToken
from dlstudio.engine.trained import Trained, load_trained

CACHE = ".cache"
CPU = "/CPU:0"

__all__ = (
    "export_run",
    "load_trained",
    "prepare_other",
    "prepare_run",
    "questions_of",
)


def prepare_run(
    run: Run,
    folder: Path,
    catalog: Catalog,
    progress: Progress | None = None,
    stop: StopToken | None = None,
) -> Prepared:
    """The data of a run as it lies there now, ready to be asked about.

    Args:
        folder: The project's.
        progress: Told how many pictures are done, and of how many.
        stop: Asked while preparing.

    Raises:
        UserError: The data is gone or cannot be read.
        Stopped: `stop` wished so.
    """
    return _prepare(run, run.project().data, folder, catalog, progress, stop)


def prepare_other(
    run: Run,
    folder: Path,
    catalog: Catalog,
    source: Spec,
    progress: Progress | None = None,
    stop: StopToken | None = None,
) -> Prepared:
    """Other data in the form that a run's model wants; see `prepare_run`."""
    recipe = DataRecipe(source, Split(validation=0.0, test=0.0))
    return _prepare(run, recipe, folder, catalog, progress, stop)


def questions_of(
    run: Run, folder: Path, catalog: Catalog, trained: Trained, prepared: Prepared
) -> Questions:
    """What an export of this run is asked: held-out samples, as pixels and as files."""
    source = open_source(run.project().data.source, catalog, folder)
    return questions(trained, prepared, source)


def export_run(
    run: Run,
    format: str,
    out: Path,
    folder: Path,
    catalog: Catalog,
    *,
    replace: bool = False,
    progress: Progress | None = None,
    stop: StopToken | None = None,
) -> ExportResult:
    """Export a run's model and certify it with held-out samples of its data.

    The model computes on the CPU here, as in the process that certifies it, so that
    a difference is the export's and not the device's.

    Args:
        format: A description of family "formats", by kind or short name.
        out: File or folder.
        folder: The project's.
        replace: An earlier export of ours, unchanged since, may be replaced.
        progress: Told while the data is prepared.
        stop: Asked at every step.

    Raises:
        UserError: See `export_trained`; or the model or its data cannot be read.
        Stopped: `stop` wished so; nothing is left behind.
    """
    description = catalog.find("formats", format)
    trained = load_trained(run, catalog, CPU)
    prepared = prepare_run(run, folder, catalog, progress, stop)
    return export_trained(
        trained,
        description,
        out,
        questions_of(run, folder, catalog, trained, prepared),
        report=read_report(run.folder),
        replace=replace,
        stop=stop,
    )


def _prepare(
    run: Run,
    recipe: DataRecipe,
    folder: Path,
    catalog: Catalog,
    progress: Any,
    stop: StopToken | None,
) -> Prepared:
    token = stop or StopSource().token
    prepared = prepare(
        recipe,
        picture_spec(run.project().model),
        catalog,
        folder,
        folder / CACHE,
        progress,
        lambda: token.wished,
    )
    token.check()
    return prepared
