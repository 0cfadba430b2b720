"""Word vectors as the weights that an Embedding layer begins with."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dlstudio.document.graph import Graph
from dlstudio.document.project import Project
from dlstudio.document.vectors_reference import VectorsReference
from dlstudio.engine.model.call_arguments import layer_names
from dlstudio.engine.preprocessing.learned_layers import LearnedLayers
from dlstudio.engine.words.vector_files import read_vectors
from dlstudio.engine.words.word_vectors import WordVectors
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import open_regular
from dlstudio.paths import user_errors

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel

EMBEDDING = "keras.layers.Embedding"
FOUND, WORDS = "words_found", "words"
"""What is kept of the coverage of a layer."""


def set_word_vectors(
    project: Project, model: KerasModel, folder: Path, known: LearnedLayers | None
) -> dict[str, dict[str, Any]]:
    """Give Embedding layers the vectors of the words that lead to their rows.

    Words without a vector keep their random one.

    Args:
        project: Refers to files of word vectors.
        model: Built from it; its layers have learned their words.
        folder: Of the project.
        known: What layers had learned when the run was begun. Its weights are in a
            checkpoint then, and no file is needed.

    Returns:
        How many words have a vector, by the name of the layer; plain JSON.

    Raises:
        UserError: A file is missing or was changed, or does not fit the layer.
    """
    names, found = layer_names(project.model), {}
    for id, reference in project.word_vectors.items():
        node = project.model.nodes.get(id)
        if node is None or node.kind != EMBEDDING:
            continue
        name = names[id]
        if known is not None:
            found[name] = dict(known.get(name, {}))
            continue
        vectors = _vectors(reference, folder)
        words = _vocabulary(project.model, id, names, model)
        found[name] = _assign(model, name, words, vectors)
    return found


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file, hexadecimal.

    Raises:
        UserError: It cannot be read.
    """
    digest = hashlib.sha256()
    with user_errors(path, writing=False), open_regular(path) as stream:
        while piece := stream.read(2**20):
            digest.update(piece)
    return digest.hexdigest()


def _vectors(reference: VectorsReference, folder: Path) -> WordVectors:
    path = folder / reference.path
    if file_sha256(path) != reference.sha256:
        raise UserError(
            _("The word vectors in {path} have changed since they were chosen.").format(
                path=path
            ),
            _("Choose them again: “dlstudio words FILE embed PROJECT”."),
        )
    return read_vectors(path).vectors


def _vocabulary(
    graph: Graph, id: str, names: dict[str, str], model: KerasModel
) -> list[str]:
    """The words of the layer that numbers what enters an Embedding, by row."""
    layers = {each.name: each for each in model.layers}
    seen, waiting = {id}, [id]
    while waiting:
        for edge in graph.into(waiting.pop()):
            layer: Any = layers.get(names[edge.source])
            if hasattr(layer, "get_vocabulary"):
                return [str(word) for word in layer.get_vocabulary()]
            if edge.source not in seen:
                seen.add(edge.source)
                waiting.append(edge.source)
    raise UserError(
        _("“{name}” has word vectors, but no layer before it numbers words.").format(
            name=names[id]
        ),
        _("Add a TextVectorization layer before it."),
    )


def _assign(
    model: KerasModel, name: str, words: list[str], vectors: WordVectors
) -> dict[str, Any]:
    (layer,) = (each for each in model.layers if each.name == name)
    (variable,) = layer.weights
    rows = np.array(variable.numpy())
    if rows.shape[1] != vectors.size:
        raise UserError(
            _("The word vectors have size {size}, but {name} has {units}.").format(
                size=vectors.size, name=name, units=rows.shape[1]
            ),
            _("Set output_dim of {name} to {size}.").format(
                name=name, size=vectors.size
            ),
        )
    count = 0
    for row, word in enumerate(words[: len(rows)]):
        place = vectors.place(word) if word else None
        if place is not None:
            rows[row] = vectors.vectors[place]
            count += 1
    variable.assign(rows)
    return {FOUND: count, WORDS: min(len(words), len(rows))}
