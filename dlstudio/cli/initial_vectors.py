"""`words … embed`: let an Embedding layer of a project begin with word vectors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.cli.opened_project import open_project
from dlstudio.cli.output import Output
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.document.graph import Node
    from dlstudio.document.project import Project
    from dlstudio.document.vectors_reference import VectorsReference
    from dlstudio.engine.words.word_vectors import WordVectors

COPY = "word_vectors.bin"
"""The file of a run's vectors in the project that uses them."""


def embed_vectors(
    vectors: WordVectors,
    file: Path | None,
    target: Path,
    layer: str,
    output: Output,
    *,
    frozen: bool,
) -> None:
    """Refer to word vectors in a project, whose layer gets their size.

    Args:
        vectors: What the layer begins with.
        file: Where they are; None to write them into the project's folder.
        target: Folder of the project.
        layer: Name of the Embedding layer; "" for the only one.
        output: Output of the command.
        frozen: Whether the layer keeps them while it is trained.

    Raises:
        UserError: There is no such layer, or a file cannot be read or written.
    """
    from dlstudio.document.project_lock import ProjectLock
    from dlstudio.document.storage import save_project
    from dlstudio.document.vectors_reference import VectorsReference
    from dlstudio.engine.words.initial_vectors import file_sha256
    from dlstudio.engine.words.vector_export import write_vectors

    opened = open_project(target)
    project = opened.project
    node = _embedding(project, layer)
    with ProjectLock(opened.folder, _("changing the project")):
        if file is None:
            write_vectors(vectors, opened.folder / COPY, binary=True)
            path = COPY
        else:
            path = str(file.absolute())
        reference = VectorsReference(path, file_sha256(opened.folder / path))
        node = replace(node, frozen=frozen)
        project = _with_vectors(project, node, reference, vectors.size)
        save_project(project, opened.folder)
    if output.as_json:
        item = {"layer": node.id, "path": path, "size": vectors.size, "frozen": frozen}
        output.json(item)
        return
    text = _("“{layer}” begins with these vectors and is trained further.")
    if frozen:
        text = _("“{layer}” has these vectors and keeps them.")
    output.text(text.format(layer=node.name))


def begin_with_file(project: Project, file: Path) -> Project:
    """The project whose only Embedding layer begins with the vectors of a file.

    Raises:
        UserError: There is no such layer, or several, or the file cannot be read.
    """
    from dlstudio.document.vectors_reference import VectorsReference
    from dlstudio.engine.words.initial_vectors import file_sha256
    from dlstudio.engine.words.vector_files import vector_size

    node = _embedding(project, "")
    reference = VectorsReference(str(file.absolute()), file_sha256(file))
    return _with_vectors(project, node, reference, vector_size(file))


def _with_vectors(
    project: Project, node: Node, reference: VectorsReference, size: int
) -> Project:
    from dlstudio.document.project import MODEL

    changed = replace(node, params=node.params.set("output_dim", size))
    graph = replace(project.model, nodes=project.model.nodes.set(node.id, changed))
    references = project.word_vectors.set(node.id, reference)
    return replace(project.with_graph(MODEL, graph), word_vectors=references)


def _embedding(project: Project, name: str) -> Node:
    """The Embedding layer of a name, or the only one.

    Raises:
        UserError: There is none, or there are several.
    """
    from dlstudio.engine.words.initial_vectors import EMBEDDING

    nodes = [n for n in project.model.nodes.values() if n.kind == EMBEDDING]
    found = [n for n in nodes if name in ("", n.id, n.name)]
    if len(found) == 1:
        return found[0]
    if not nodes:
        raise UserError(
            _("The model has no Embedding layer."),
            _("Choose a template for texts with one, such as text-cnn."),
        )
    raise UserError(
        _("Which Embedding layer begins with the vectors is not clear."),
        _("Name one with --layer: {names}.").format(
            names=", ".join(each.name for each in nodes)
        ),
    )
