"""A project in another folder: its relative paths, and its files."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from dlstudio import paths
from dlstudio.catalog.backbones import BACKBONE
from dlstudio.catalog.store import Catalog
from dlstudio.document.backbone import BackboneConfig, plain_folder
from dlstudio.document.graph import OPAQUE, Graph, Node
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.safe_files import refuse_links_in

FARTHEST = 2
"""Most parent folders that a relative path may go up."""


def moved_project(project: Project, old: Path, new: Path, catalog: Catalog) -> Project:
    """The project whose relative paths lead from another folder to the same files.

    Args:
        project: As it is in the old folder.
        old: Folder of the project.
        new: Folder in which it will be saved.
        catalog: Knows which parameters of a source are paths.

    Returns:
        The same object if nothing changes.
    """
    moved = _Move(old.absolute(), new.absolute())
    source = project.data.source
    description = catalog.get(source.kind)
    params = source.params
    for param in description.params if description is not None else ():
        path = params.get(param.name)
        if param.type == "path" and isinstance(path, str):
            params = params.set(param.name, moved.path(path))
    after = replace(
        project,
        data=replace(project.data, source=replace(source, params=params)),
        graphs=FrozenMap(
            (name, moved.graph(graph)) for name, graph in project.graphs.items()
        ),
        word_vectors=FrozenMap(
            (node, replace(each, path=moved.path(each.path)))
            for node, each in project.word_vectors.items()
        ),
    )
    return project if after == project else after


def copy_files(projects: Iterable[Project], old: Path, new: Path) -> None:
    """Copy the weights and code that are kept beside a project.

    A missing file is left out, and so is a link.

    Args:
        projects: Name them; the states of one project, some of which may be undone.
        old, new: Folders.

    Raises:
        UserError: A file cannot be copied, or another one has its name.
    """
    names = (name for project in projects for name in _files(project))
    for name in dict.fromkeys(names):
        source, target = old / name, new / name
        inside = not Path(name).is_absolute() and ".." not in Path(name).parts
        if not inside or source.is_symlink():
            continue
        with paths.user_errors(target, writing=True):
            if source.is_file():
                _copy(source, target, new)
            elif source.is_dir():
                _copy_folder(source, target, old, new)


def _copy_folder(source: Path, target: Path, old: Path, new: Path) -> None:
    """Copy the files of a SavedModel, none of which may be a link.

    Args:
        source: Of the SavedModel.
        target: Where to.
        old: Folder of the project.
        new: Its folder from now on.

    Raises:
        UserError: There is a link, or another file.
    """
    refuse_links_in(source, old)
    for path in sorted(source.rglob("*")):
        if path.is_file():
            _copy(path, target / path.relative_to(source), new)


def _copy(source: Path, target: Path, new: Path) -> None:
    """Copy a file, unless it is there already.

    Raises:
        UserError: There is another one.
    """
    if not target.exists():
        with (
            paths.atomic_file(target, below=new) as stream,
            source.open("rb") as content,
        ):
            shutil.copyfileobj(content, stream)
    elif not filecmp.cmp(source, target, shallow=False):
        raise UserError(
            _("There is another file {path}. Nothing was overwritten.").format(
                path=target
            ),
            _("Choose another folder."),
        )


def _files(project: Project) -> Iterator[str]:
    if project.initial_weights is not None:
        yield project.initial_weights.path
    yield from project.code
    for graph in project.graphs.values():
        for node in graph.nodes.values():
            name = node.params.get("weights") if node.kind == OPAQUE else None
            if isinstance(name, str) and name:
                yield name


class _Move:
    """Finds files from another folder.

    Args:
        old, new: Absolute paths of the folders.
    """

    def __init__(self, old: Path, new: Path) -> None:
        self._old = old
        self._new = new

    def path(self, path: str) -> str:
        """A path that leads from the new folder where `path` led from the old one."""
        if not path or path.startswith("~") or Path(path).is_absolute():
            return path
        whole = os.path.normpath(self._old / path)
        try:
            near = Path(os.path.relpath(whole, self._new))
        except ValueError:  # on another drive
            return Path(whole).as_posix()
        far = near.parts.count("..") > FARTHEST
        return (Path(whole) if far else near).as_posix()

    def graph(self, graph: Graph) -> Graph:
        """The graph with the files of its backbones."""
        found = [node for node in graph.nodes.values() if node.kind == BACKBONE]
        return graph.with_nodes(map(self._node, found)) if found else graph

    def _node(self, node: Node) -> Node:
        config, params = BackboneConfig.of(node.params), node.params
        if config.own_file:
            params = params.set("weights", self.path(config.own_file))
        if config.preset_folder:
            params = params.set("preset", plain_folder(self.path(config.preset_folder)))
        return replace(node, params=params)
