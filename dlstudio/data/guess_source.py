"""Detecting the data source of a path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from dlstudio.catalog.schema import Description
from dlstudio.catalog.source_queries import matches
from dlstudio.catalog.store import Catalog
from dlstudio.data.data_source import Certainty, Recognizer, load_source
from dlstudio.data.sources.unsupported import unfit
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors


def guess_source(path: Path, catalog: Catalog, settings: Iterable[str] = ()) -> Spec:
    """The source that reads `path`, by the most certain recognizer.

    Args:
        path: A file or folder.
        catalog: Describes the sources.
        settings: Names of parameters that will be set: a source that has them all is
            preferred, so that a table may be read as a list of files, too.

    Raises:
        UserError: The path does not exist, or no source reads it.
        AmbiguousPath: The path is a folder above several datasets.
    """
    if not path.exists():
        raise UserError(
            _("{path} does not exist.").format(path=path),
            _("Check the name, or whether it was moved."),
        )
    if not path.is_dir():
        return _recognized(path, catalog, frozenset(settings))
    with user_errors(path, writing=False):
        return _recognized(path, catalog, frozenset(settings))


def guess_sources(paths: Sequence[Path], catalog: Catalog) -> Spec:
    """The source that reads the dropped or chosen paths, several as one dataset.

    Args:
        paths: At least one, absolute.

    Raises:
        UserError: A path does not exist, or no source reads them.
    """
    if len(paths) > 1:
        for description in catalog.family("sources"):
            combine = load_source(description).combine
            params = combine(paths) if combine is not None else None
            if params is not None:
                return Spec(description.kind, FrozenMap(params))
    return guess_source(paths[0], catalog)


def _recognized(path: Path, catalog: Catalog, settings: frozenset[str]) -> Spec:
    sources = catalog.family("sources")
    for each in sources:
        if load_source(each).any_folder_with in settings and path.is_dir():
            return Spec(each.kind, FrozenMap({"path": path.as_posix()}))
    tried = [(each, source) for source in sources for each in _recognizers(source)]
    tried.sort(key=lambda pair: -pair[0].certainty)  # ties keep the catalog's order
    first: Spec | None = None
    for recognizer, source in tried:
        fits = settings <= {param.name for param in source.params}
        found = recognizer.find(path) if fits or first is None else None
        if found is not None:
            spec = Spec(source.kind, FrozenMap({"path": found.as_posix()}))
            if fits:
                return spec
            first = spec
    if first is not None:
        return first
    raise unfit(path, sources)


def _recognizers(description: Description) -> list[Recognizer]:
    """A source's recognizers, and the one by file name."""
    source = load_source(description)
    found = list(source.recognizers)
    if source.by_name:
        patterns = description.source.file_patterns

        def by_name(path: Path) -> Path | None:
            return path if path.is_file() and matches(path.name, patterns) else None

        found.append(Recognizer(Certainty.LAYOUT, by_name))
    return found
