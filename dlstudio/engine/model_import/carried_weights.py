"""Weights of a Keras model, carried over to the model built from its graphs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import keras
import numpy as np
import numpy.typing as npt

from dlstudio.document.graph import INPUT, NESTED, Graph
from dlstudio.document.graph_names import MODEL
from dlstudio.engine.model.call_arguments import layer_names
from dlstudio.engine.model_import.imported_graphs import ImportedGraphs, LayerPath
from dlstudio.engine.model_import.layer_states import named_layers

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasLayer, KerasModel

Arrays = Sequence[npt.NDArray[np.generic]]
Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WeightsMismatch:
    """A layer whose weights could not be carried over.

    Attributes:
        path: Of the layer in the original model.
        expected: Shapes of the weights of the layer that was built.
        found: Shapes of those in the original; None if it has no such layer.
    """

    path: LayerPath
    expected: tuple[Shape, ...]
    found: tuple[Shape, ...] | None


@dataclass(frozen=True, slots=True)
class CarriedWeights:
    """Which layers have the weights of the original model.

    Attributes:
        matched: Paths of the layers that have them.
        mismatches: Layers that keep their initial weights.
        unused: Paths in the original whose weights no layer has.
    """

    matched: tuple[LayerPath, ...] = ()
    mismatches: tuple[WeightsMismatch, ...] = ()
    unused: tuple[LayerPath, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether no weight is left over on either side."""
        return not self.mismatches and not self.unused


def model_weights(
    model: KerasModel, imported: ImportedGraphs
) -> dict[LayerPath, Arrays]:
    """The weights of a live model, by the paths of the layers that became nodes.

    Args:
        model: The original model.
        imported: Its graphs.
    """
    wanted = {
        path
        for (graph, id), path in imported.layer_paths.items()
        if imported.graphs[graph].nodes[id].kind not in (INPUT, NESTED)
    }
    return {
        path: layer.get_weights()
        for path, layer in named_layers(model)
        if path in wanted and layer.weights
    }


def carry_weights(
    built: KerasModel,
    imported: ImportedGraphs,
    weights: Mapping[LayerPath, Arrays],
) -> CarriedWeights:
    """Give a model the weights of the one that its graphs come from.

    Args:
        built: Built from the graphs; its weights are changed.
        imported: The graphs.
        weights: The weights of each layer of the original, in the order of Keras'
            `Layer.weights`, by the layer's path.

    Returns:
        What has matched and what has not.
    """
    matched: list[LayerPath] = []
    mismatches: list[WeightsMismatch] = []
    used: set[LayerPath] = set()
    seen: set[int] = set()
    for path, layer in _built_layers(built, imported, MODEL):
        if id(layer) in seen:
            continue
        seen.add(id(layer))
        used.add(path)
        given = weights.get(path)
        if _knows_by_itself(layer) or (not layer.weights and not given):
            continue
        expected = tuple(tuple(each.shape) for each in layer.weights)
        found = None if given is None else tuple(np.shape(each) for each in given)
        if expected != found:
            mismatches.append(WeightsMismatch(path, expected, found))
            continue
        layer.set_weights(list(given or ()))
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()
        matched.append(path)
    unused = (path for path, given in weights.items() if given and path not in used)
    return CarriedWeights(tuple(matched), tuple(mismatches), tuple(unused))


def _knows_by_itself(layer: KerasLayer) -> bool:
    """Whether what a layer has learned is among its parameters."""
    return isinstance(layer, keras.layers.Normalization) and not layer.weights


def _built_layers(
    built: KerasModel, imported: ImportedGraphs, name: str
) -> Iterator[tuple[LayerPath, KerasLayer]]:
    """The layers of a built model, by the path of the original of each."""
    graph: Graph = imported.graphs[name]
    names = layer_names(graph)
    by_name = {layer.name: layer for layer in built.layers}
    for id, node in graph.nodes.items():
        layer = by_name.get(names[id])
        path = imported.layer_paths.get((name, id))
        if layer is None or node.kind == INPUT:
            continue
        if node.kind == NESTED and isinstance(layer, keras.Model):
            inner = str(node.params.get("graph", ""))
            yield from _built_layers(layer, imported, inner)
        elif path is not None:
            yield path, layer
