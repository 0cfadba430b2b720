"""Training phases: the head first, then all layers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import keras

from dlstudio.document.graph import Graph
from dlstudio.document.plan import TrainingPlan
from dlstudio.engine.model.call_arguments import layer_names
from dlstudio.engine.training.fused_normalization import all_layers

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasLayer, KerasModel

HEAD, ALL = 1, 2
"""Phases: only the head is trained; then all layers are."""


def phase_at(plan: TrainingPlan, epoch: int) -> int:
    """The phase after `epoch` epochs; 0 for a plan without phases."""
    if plan.head_first is None:
        return 0
    return HEAD if epoch < plan.head_first.epochs else ALL


def body_of(graph: Graph, model: KerasModel) -> tuple[str, ...]:
    """Names of the layers that are frozen while only the head is trained.

    These are the layers of nested models (a backbone). Without one, they are all layers
    except the last ones with weights before each output.

    Args:
        graph: The graph that `model` was built from.
    """
    trained = [layer.name for layer in _leaves(model.layers)]
    backbones = [each for each in model.layers if isinstance(each, keras.Model)]
    inside = [layer.name for each in backbones for layer in _leaves([each])]
    if inside and set(trained) - set(inside):
        return tuple(inside)
    heads = _heads(graph, model)
    return tuple(n for n in trained if n not in heads) if heads & set(trained) else ()


def _leaves(layers: Iterable[KerasLayer]) -> list[KerasLayer]:
    """Layers with trainable weights; nested models are replaced by their layers."""
    found: list[KerasLayer] = []
    for layer in layers:
        if isinstance(layer, keras.Model):
            found += _leaves(all_layers(layer))
        elif layer.trainable_variables:
            found.append(layer)
    return list(dict.fromkeys(found))


def _heads(graph: Graph, model: KerasModel) -> set[str]:
    """The last layers with weights before each output."""
    names = layer_names(graph)
    weighty = {each.name for each in model.layers if each.variables}
    found, seen = set(), set()
    waiting = list(graph.output_ids())
    while waiting:
        id = waiting.pop()
        if id in seen:
            continue
        seen.add(id)
        name = names[id]
        if name in weighty:
            found.add(name)
        else:
            waiting += [edge.source for edge in graph.edges if edge.target == id]
    return found
