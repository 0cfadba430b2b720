"""Opening a project for a command."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlstudio.catalog.store import Catalog
    from dlstudio.document.project import Project
    from dlstudio.document.values import Spec


@dataclass(frozen=True, slots=True)
class OpenedProject:
    """A project, its folder, and the catalog."""

    folder: Path
    project: Project
    catalog: Catalog

    @property
    def cache(self) -> Path:
        """The project's cache folder."""
        return self.folder / ".cache"


def project_folder(path: Path) -> Path:
    """The project's folder, given the folder or its project.json."""
    from dlstudio.document.storage import FILE

    return path.parent if path.name == FILE else path


def open_project(path: Path) -> OpenedProject:
    """Open a project's folder (or the project.json in it).

    Raises:
        UserError: It is not a project, or is damaged.
    """
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.storage import load_project

    folder = project_folder(path)
    return OpenedProject(folder, load_project(folder), Catalog.load())


def source_of(text: str, catalog: Catalog, settings: Iterable[str] = ()) -> Spec:
    """The source that `--data` names: a path, or a named dataset.

    Args:
        text: The path or name.
        catalog: Describes the sources.
        settings: Names of parameters that will be set; see `guess_source`.

    Raises:
        UserError: It is neither a path nor a dataset.
    """
    from dlstudio.catalog.source_queries import dataset_names
    from dlstudio.data.guess_source import guess_source
    from dlstudio.document.values import FrozenMap, Spec

    path = Path(text).expanduser()
    if not path.exists():
        for each in catalog.family("sources"):
            if text in dataset_names(each):
                named = each.param("name") is not None
                return Spec(each.kind, FrozenMap({"name": text} if named else {}))
    return guess_source(path.absolute(), catalog, settings)
