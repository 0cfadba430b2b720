"""The callback of a script that trains the head first, then all layers.

The rules are those of `dlstudio.engine.training.phases`.
"""

from __future__ import annotations

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import NESTED, OPAQUE, Graph, Node
from dlstudio.document.plan import HeadFirst
from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.engine.codegen.column_loops import comment, list_rows
from dlstudio.engine.codegen.graph_writer import written_names
from dlstudio.engine.codegen.literals import INDENT, quoted
from dlstudio.engine.model.call_arguments import owner_of

LEARNED = ("Normalization", "StringLookup", "IntegerLookup", "Discretization")
"""Layers with variables that have no initializer."""


def head_first_rows(
    project: Project, catalog: Catalog, *, scheduled: bool
) -> list[str]:
    """The lines of the callback, and of the function it needs; [] without phases.

    Args:
        project: Has the plan and the model.
        catalog: Describes layers.
        scheduled: Whether another callback sets the learning rate of each step.
    """
    first = project.plan.head_first
    if first is None:
        return []
    stops = project.plan.early_stopping is not None
    more = ", stopping: keras.callbacks.Callback" if stops else ""
    return [
        *_body_rows(project, catalog),
        "",
        "",
        "class HeadFirst(keras.callbacks.Callback):",
        f'{INDENT}"""Trains the head alone for {_epochs(first)}, then all layers."""',
        "",
        f"{INDENT}def __init__(self, body: list{more}) -> None:",
        f"{2 * INDENT}super().__init__()",
        f"{2 * INDENT}self.body = body",
        *([f"{2 * INDENT}self.stopping = stopping"] if stops else []),
        "",
        f"{INDENT}def on_epoch_begin(self, epoch, logs=None) -> None:",
        f"{2 * INDENT}if epoch in (0, {first.epochs}):",
        f"{3 * INDENT}for layer in self.body:",
        f"{4 * INDENT}layer.trainable = epoch > 0",
        f"{3 * INDENT}self.model.make_train_function(force=True)",
        *([] if scheduled else _rate_rows(project, first)),
        *(_stopping_rows(first) if stops else []),
    ]


def head_first_setup(project: Project) -> list[str]:
    """Statements of `main` above `fit`; [] without phases."""
    if project.plan.head_first is None:
        return []
    return [
        "# Built for all layers, so that it goes on when the others train, too.",
        "model.optimizer.build(model.trainable_variables)",
    ]


def head_first_call(project: Project) -> str:
    """The expression of the callback; "" without phases."""
    if project.plan.head_first is None:
        return ""
    stops = project.plan.early_stopping is not None
    return f"HeadFirst(body_of(model){', stopping' * stops})"


def _epochs(first: HeadFirst) -> str:
    return f"{first.epochs} epochs" if first.epochs > 1 else "an epoch"


def _rate_rows(project: Project, first: HeadFirst) -> list[str]:
    """The learning rate falls when all layers train."""
    if isinstance(project.plan.optimizer.params.get("learning_rate"), Spec):
        return comment(
            f"dlstudio also multiplies the schedule of the learning rate by "
            f"{first.rate:g} when all layers train.",
            2 * INDENT,
        )
    return [
        f"{2 * INDENT}if epoch == {first.epochs}:",
        f"{3 * INDENT}rate = float(self.model.optimizer.learning_rate)",
        f"{3 * INDENT}self.model.optimizer.learning_rate = rate * {first.rate!r}",
    ]


def _stopping_rows(first: HeadFirst) -> list[str]:
    """While the head trains alone, training does not end early."""
    return [
        "",
        f"{INDENT}def on_epoch_end(self, epoch, logs=None) -> None:",
        f"{2 * INDENT}if epoch < {first.epochs}:",
        f"{3 * INDENT}self.stopping.wait = 0",
        f"{3 * INDENT}self.model.stop_training = False",
    ]


def _body_rows(project: Project, catalog: Catalog) -> list[str]:
    """The function that finds the layers that wait for the head."""
    names = written_names(project, project.model, catalog)
    rows = [
        "",
        "",
        "def body_of(model: keras.Model) -> list[layers.Layer]:",
    ]
    if _has_backbone(project.model, catalog):
        return [
            *rows,
            f'{INDENT}"""The layers of models within the model that have weights to '
            'train."""',
            f"{INDENT}inner = [each for each in model.layers if isinstance(each, "
            "keras.Model)]",
            f"{INDENT}found = []",
            f"{INDENT}while inner:",
            f"{2 * INDENT}for layer in inner.pop(0).layers:",
            f"{3 * INDENT}if isinstance(layer, keras.Model):",
            f"{4 * INDENT}inner.append(layer)",
            f"{3 * INDENT}elif layer.trainable_variables:",
            f"{4 * INDENT}found.append(layer)",
            f"{INDENT}return found",
        ]
    heads = [quoted(names[id]) for id in head_nodes(project.model, catalog)]
    return [
        *rows,
        f'{INDENT}"""All layers with weights to train, but the last."""',
        *list_rows(f"{INDENT}head = ", heads),
        f"{INDENT}return [",
        f"{2 * INDENT}layer",
        f"{2 * INDENT}for layer in model.layers",
        f"{2 * INDENT}if layer.trainable_variables and layer.name not in head",
        f"{INDENT}]",
    ]


def head_nodes(graph: Graph, catalog: Catalog) -> list[str]:
    """The last nodes with weights before each output, by id.

    Args:
        graph: The model.
        catalog: Describes layers.
    """
    found: list[str] = []
    seen: set[str] = set()
    waiting = list(graph.output_ids())
    while waiting:
        id = waiting.pop()
        if id in seen:
            continue
        seen.add(id)
        if _has_variables(owner_of(graph, graph.nodes[id]), catalog):
            found.append(id)
        else:
            waiting += [edge.source for edge in graph.into(id)]
    return sorted(found)


def _has_variables(node: Node, catalog: Catalog) -> bool:
    """Whether a layer has weights, or anything else that changes."""
    if node.kind in (NESTED, OPAQUE, BACKBONE):
        return True
    known = catalog.get(node.kind)
    if known is None or known.family == "ops":
        return False
    if known.name in LEARNED or node.params.get("layer") is not None:
        return True
    if known.param("seed") is not None:
        return bool(node.params.get("rate", True))
    return any(each.name.endswith("_initializer") for each in known.params)


def _has_backbone(graph: Graph, catalog: Catalog) -> bool:
    """Whether there is a model in the model, and something outside with weights."""
    inner = [node for node in graph.nodes.values() if _is_model(node)]
    outer = [
        node
        for node in graph.nodes.values()
        if node not in inner and _trains(node, catalog)
    ]
    return bool(inner and outer)


def _is_model(node: Node) -> bool:
    """Whether a node is a model by itself."""
    if node.kind in (NESTED, BACKBONE):
        return True
    kind = node.params.get("class_name")
    return node.kind == OPAQUE and kind in ("Functional", "Sequential")


def _trains(node: Node, catalog: Catalog) -> bool:
    known = catalog.get(node.kind)
    if known is None or known.family == "ops" or node.frozen:
        return False
    return any(each.name.endswith("_initializer") for each in known.params)
