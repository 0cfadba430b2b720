"""The order of the classes of imported weights, and that of the data.

An imported model has its classes in any order; data has them in the order of their
names. The last layer is put into the order of the data, or its first steps would have
to unlearn what it knows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dlstudio.document.graph import NESTED, Graph
from dlstudio.document.graph_names import MODEL
from dlstudio.document.project import Project
from dlstudio.engine.model.initial_weights import node_variables
from dlstudio.engine.model.model_bindings import bound_outputs

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, Variable

SCORING = frozenset(("Dense", "Conv1D", "Conv2D", "Conv3D"))
"""Layers that have the classes last in all of their weights."""
PASSING = frozenset(("Activation", "Dropout", "Flatten", "Sigmoid", "Softmax"))
"""Layers that leave the classes in their order."""
DEEPEST = 32


@dataclass(frozen=True, slots=True)
class ClassOrder:
    """What became of the outputs whose classes the data has in another order.

    Attributes:
        reordered: Outputs whose layer was put into the order of the data.
        different: Outputs that begin with the weights of other classes.
    """

    reordered: tuple[str, ...] = ()
    different: tuple[str, ...] = ()

    def to_json(self) -> dict[str, list[str]]:
        """The outputs of each kind; nothing where there are none."""
        found = {"reordered": self.reordered, "different": self.different}
        return {name: list(outputs) for name, outputs in found.items() if outputs}


def adopt_class_order(
    project: Project,
    model: KerasModel,
    classes: Mapping[str, Sequence[str]],
    random: Collection[str] = (),
) -> ClassOrder:
    """Put the classes of a model with initial weights into the order of the data.

    Args:
        project: Its initial weights say which classes they are for.
        model: Built from it, with these weights.
        classes: Of the data, by feature.
        random: Nodes that do not have these weights, as their shape was changed.
    """
    kept = project.initial_weights
    if kept is None or not kept.classes:
        return ClassOrder()
    ids = project.model.output_ids()
    variables = dict(node_variables(project.graphs, model))
    reordered, different = [], []
    for binding, place in bound_outputs(project, model):
        id = ids[place] if len(ids) == len(model.outputs) else ""
        old, new = kept.classes.get(id, ()), tuple(classes.get(binding.feature, ()))
        if not old or old == new:
            continue
        scoring = _scoring_layer(project.graphs, MODEL, id)
        if scoring in random:
            continue
        layer = variables.get(scoring, [])
        if sorted(old) == sorted(new) and _reorder(layer, old, new):
            reordered.append(id)
        else:
            different.append(id)
    return ClassOrder(tuple(reordered), tuple(different))


def _reorder(
    variables: Sequence[Variable], old: Sequence[str], new: Sequence[str]
) -> bool:
    """Put the last axis of weights into another order; False if it is none of classes.

    A single unit tells two classes apart: the other way round with the other sign.
    """
    sizes = {tuple(each.shape)[-1] for each in variables if len(each.shape)}
    if sizes == {1} and len(new) == 2:
        for each in variables:
            each.assign(np.negative(each.numpy()))
        return True
    if sizes != {len(new)}:
        return False
    order = [old.index(name) for name in new]
    for each in variables:
        each.assign(np.take(each.numpy(), order, axis=-1))
    return True


def _scoring_layer(graphs: Mapping[str, Graph], name: str, id: str) -> str:
    """The node that gives the scores of an output, as "outer/inner"; "" for none."""
    return "/".join(_path(graphs, name, id, DEEPEST))


def _path(graphs: Mapping[str, Graph], name: str, id: str, left: int) -> Iterator[str]:
    graph = graphs.get(name)
    if graph is None or id not in graph.nodes or not left:
        return
    node = graph.nodes[id]
    kind = node.kind.rpartition(".")[2]
    before = [edge.source for edge in graph.into(id)]
    if node.kind == NESTED:
        inner = str(node.params.get("graph", ""))
        ends = graphs[inner].output_ids() if inner in graphs else ()
        if len(ends) == 1:
            yield id
            yield from _path(graphs, inner, ends[0], left - 1)
    elif kind in SCORING:
        yield id
    elif kind in PASSING and len(before) == 1:
        yield from _path(graphs, name, before[0], left - 1)
