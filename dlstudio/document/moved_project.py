"""A project in another folder: its relative paths, and its files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from dlstudio import paths
from dlstudio.catalog.backbones import BACKBONE
from dlstudio.catalog.store import Catalog
from dlstudio.document.backbone import BackboneConfig
from dlstudio.document.edits.base import CompositeEdit, Edit
from dlstudio.document.edits.difference import edits_between
from dlstudio.document.edits.project import SetData
from dlstudio.document.graph import OPAQUE, Graph, Node
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap

FARTHEST = 2
"""Most parent folders that a relative path may go up."""


def move_to(project: Project, old: Path, new: Path, catalog: Catalog) -> Edit | None:
    """The edit that lets a project's relative paths lead to the same files.

    Args:
        project: As it is in the old folder.
        old: Folder of the project.
        new: Folder in which it will be saved.
        catalog: Knows which parameters of a source are paths.

    Returns:
        The edit; None if nothing changes.
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
        graphs=FrozenMap(
            (name, moved.graph(graph)) for name, graph in project.graphs.items()
        ),
        word_vectors=FrozenMap(
            (node, replace(each, path=moved.path(each.path)))
            for node, each in project.word_vectors.items()
        ),
    )
    edits = list(edits_between(project, after))
    if params != source.params:
        edits.append(SetData("source", replace(source, params=params)))
    return CompositeEdit(tuple(edits)) if edits else None


def copy_files(project: Project, old: Path, new: Path) -> None:
    """Copy the weights that are kept beside the project; a missing file is left out.

    Args:
        project: Names them.
        old, new: Folders.

    Raises:
        UserError: A file cannot be copied.
    """
    for name in dict.fromkeys(_files(project)):
        source, target = old / name, new / name
        inside = not Path(name).is_absolute() and ".." not in Path(name).parts
        if not inside or not source.is_file() or target.exists():
            continue
        with (
            paths.user_errors(target, writing=True),
            paths.atomic_file(target, below=new) as stream,
            source.open("rb") as content,
        ):
            shutil.copyfileobj(content, stream)


def _files(project: Project) -> Iterator[str]:
    if project.initial_weights is not None:
        yield project.initial_weights.path
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
        return graph.with_nodes(
            self._node(node) for node in graph.nodes.values() if node.kind == BACKBONE
        )

    def _node(self, node: Node) -> Node:
        file = BackboneConfig.of(node.params).own_file
        if not file:
            return node
        return replace(node, params=node.params.set("weights", self.path(file)))
