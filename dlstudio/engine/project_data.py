"""A project's data: prepared for training, or looked at for the checks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.catalog.store import Catalog
from dlstudio.data.open_source import open_source
from dlstudio.data.picture_spec import picture_spec
from dlstudio.data.prepare import Prepared, prepare
from dlstudio.data.samples import Samples
from dlstudio.data.split import split
from dlstudio.document.project import Project
from dlstudio.engine.facts import DataFacts
from dlstudio.engine.templates.brief import brief_of
from dlstudio.engine.tokens import StopToken

if TYPE_CHECKING:
    from collections.abc import Callable

CACHE = ".cache"


def prepare_project(
    project: Project,
    folder: Path,
    catalog: Catalog,
    progress: Callable[[int, int], None] | None,
    token: StopToken,
) -> Prepared:
    """The project's data in the form its model wants.

    Args:
        folder: The project's; relative paths begin there, and the cache lies in it.
        progress: Told how many pictures are done, and of how many.
        token: Asked while preparing.

    Raises:
        UserError: There is no data, or it cannot be read.
        Stopped: `token` wished so; what is prepared by then is kept.
    """
    prepared = prepare(
        project.data,
        picture_spec(project.model),
        catalog,
        folder,
        folder / CACHE,
        progress,
        lambda: token.wished,
    )
    token.check()
    return prepared


def facts_of(project: Project, folder: Path, catalog: Catalog) -> DataFacts:
    """What the checks want to know about the project's data.

    Raises:
        UserError: There is no data, or it cannot be read.
    """
    source = project.data.source
    samples = open_source(source, catalog, folder)
    brief = brief_of(project.name, source, samples)
    parts = split(samples, project.data.split, None, project.data.moved)
    return DataFacts(
        classes=len(samples.classes),
        class_names=samples.classes,
        multi_label=samples.multi_label,
        height=None if brief.varying else brief.height,
        width=None if brief.varying else brief.width,
        channels=brief.channels,
        samples=len(samples),
        counts=_counts(samples),
        training=len(parts["train"]),
        validation=len(parts["validation"]),
        test=len(parts["test"]),
        source=source,
        given=frozenset(samples.splits.tolist()) - {""},
        notes=samples.notes,
    )


def _counts(samples: Samples) -> tuple[int, ...]:
    return tuple(int(count) for count in samples.counts())
