"""Weights that the layers of a model begin with, kept by node beside the project.

A node keeps its weights while it keeps its id and their shapes, whatever else of the
graph is edited.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import numpy.typing as npt

from dlstudio import paths
from dlstudio.document.graph import INPUT, NESTED, Graph
from dlstudio.document.graph_names import MODEL
from dlstudio.document.initial_weights import InitialWeights
from dlstudio.document.project import Project
from dlstudio.engine.model.call_arguments import layer_names
from dlstudio.engine.model.published_weights import file_digest
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, Variable

FILE = "initial_weights.npz"
KEPT = "initial weights"
"""What is kept with a run of the weights that it began with; no layer's name."""
LARGEST = 16 * 2**30
LISTED = 40
DIGITS = 12

Arrays = Mapping[str, list[npt.NDArray[np.generic]]]


@dataclass(frozen=True, slots=True)
class BegunWeights:
    """Which nodes begin with the weights that are kept for them.

    Attributes:
        matched: Nodes that do; of graphs inside with the nodes around, as "a/b".
        changed: Nodes whose weights have other shapes now.
        missing: Nodes with weights of which none are kept.
        unused: Kept weights of nodes that are gone.
    """

    matched: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The number of those that match, and the names of the others."""
        return {
            "matched": len(self.matched),
            "changed": list(self.changed[:LISTED]),
            "missing": list(self.missing[:LISTED]),
            "unused": list(self.unused[:LISTED]),
        }


def node_variables(
    graphs: Mapping[str, Graph], model: KerasModel, name: str = MODEL
) -> Iterator[tuple[str, list[Variable]]]:
    """The weights of each node that owns some; of graphs inside as "outer/inner".

    Args:
        graphs: Of the project.
        model: Built from the graph `name`.
        name: Which graph.
    """
    graph = graphs[name]
    names = layer_names(graph)
    layers: dict[str, Any] = {layer.name: layer for layer in model.layers}
    for id, node in graph.nodes.items():
        layer = layers.get(names[id])
        if node.kind == INPUT or node.shares is not None or layer is None:
            continue
        if node.kind == NESTED and isinstance(layer, keras.Model):
            inner = str(node.params.get("graph", ""))
            for place, variables in node_variables(graphs, layer, inner):
                yield f"{id}/{place}", variables
        elif layer.weights:
            yield id, list(layer.weights)


def node_arrays(graphs: Mapping[str, Graph], model: KerasModel) -> Arrays:
    """The weights of each node as arrays; see `node_variables`.

    Args:
        graphs: Of a project.
        model: Built from them.
    """
    return {
        place: [np.asarray(each.numpy()) for each in variables]
        for place, variables in node_variables(graphs, model)
    }


def write_initial_weights(
    folder: Path, graphs: Mapping[str, Graph], model: KerasModel
) -> InitialWeights:
    """Keep the weights of a model beside the project, as what it begins with.

    Args:
        folder: Of the project.
        graphs: Of the project.
        model: Built from them, with its weights.

    Raises:
        UserError: The file cannot be written.
    """
    return _write(folder, FILE, _packed(node_arrays(graphs, model)))


def write_arrays(folder: Path, arrays: Arrays) -> InitialWeights:
    """Keep weights in a file of their own, so that what was kept before stays.

    Args:
        folder: Of the project.
        arrays: By node, as `read_initial_weights` gives them.

    Raises:
        UserError: The file cannot be written.
    """
    content = _packed(arrays)
    digest = hashlib.sha256(content).hexdigest()
    return _write(folder, f"initial_weights-{digest[:DIGITS]}.npz", content)


def _packed(arrays: Arrays) -> bytes:
    named: Mapping[str, Any] = {
        f"{place}#{number}": array
        for place, found in arrays.items()
        for number, array in enumerate(found)
    }
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, **named)
    return stream.getvalue()


def _write(folder: Path, name: str, content: bytes) -> InitialWeights:
    path = folder / name
    paths.write_bytes(path, content, below=folder)
    return InitialWeights(name, _sha256(path))


def set_initial_weights(
    project: Project,
    model: KerasModel,
    folder: Path,
    known: Mapping[str, Mapping[str, Any]] | None,
) -> dict[str, dict[str, Any]]:
    """Give the layers of a model the weights that are kept for their nodes.

    Args:
        project: May have initial weights.
        model: Built from it.
        folder: Of the project.
        known: What was kept when the run was begun. Its weights are in a checkpoint
            then, and no file is needed.

    Returns:
        What was used, by `KEPT`; plain JSON. Nothing without such weights.

    Raises:
        UserError: The file is missing, damaged or another one.
    """
    if project.initial_weights is None:
        return {}
    if known is not None:
        return {KEPT: dict(known.get(KEPT, {}))}
    arrays = read_initial_weights(project.initial_weights, folder)
    return {KEPT: begin_with(project.graphs, model, arrays).to_json()}


def begin_with(
    graphs: Mapping[str, Graph], model: KerasModel, arrays: Arrays
) -> BegunWeights:
    """Assign kept weights where the shapes are the same.

    Args:
        graphs: Of the project.
        model: Built from them.
        arrays: By node, as `read_initial_weights` gives them.
    """
    matched, changed, missing = [], [], []
    for place, variables in node_variables(graphs, model):
        found = arrays.get(place)
        if found is None:
            missing.append(place)
        elif [each.shape for each in found] != [tuple(v.shape) for v in variables]:
            changed.append(place)
        else:
            matched.append(place)
            for variable, array in zip(variables, found, strict=True):
                variable.assign(array)
    unused = arrays.keys() - {*matched, *changed}
    return BegunWeights(
        tuple(matched), tuple(changed), tuple(missing), tuple(sorted(unused))
    )


def read_initial_weights(reference: InitialWeights, folder: Path) -> Arrays:
    """The arrays of a file that `write_initial_weights` wrote, by node.

    Args:
        reference: Of the project.
        folder: Of the project.

    Raises:
        UserError: It is missing, damaged, or not the one that was written.
    """
    path = folder / reference.path
    if Path(reference.path).name != reference.path or not path.is_file():
        raise UserError(
            _("The initial weights {path} are missing.").format(path=path),
            _("Put the file back, or import the model again."),
        )
    if path.stat().st_size > LARGEST or _sha256(path) != reference.sha256:
        raise UserError(
            _("The initial weights {path} have changed.").format(path=path),
            _("Put the former file back, or import the model again."),
        )
    found: dict[str, list[npt.NDArray[np.generic]]] = {}
    try:
        with np.load(path, allow_pickle=False) as kept:
            for key in kept.files:
                found.setdefault(key.rpartition("#")[0], []).append(kept[key])
    except (ValueError, KeyError, OSError, EOFError) as error:
        raise UserError(
            _("The initial weights {path} are damaged.").format(path=path),
            _("Put the former file back, or import the model again."),
        ) from error
    return found


def _sha256(path: Path) -> str:
    found = path.stat()
    return file_digest(path, "sha256", found.st_size, found.st_mtime_ns)
