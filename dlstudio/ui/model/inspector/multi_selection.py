"""Common parameters of the selected nodes, and edits to all. Independent of Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.catalog.schema import Description, Param
from dlstudio.catalog.store import Catalog
from dlstudio.catalog.validation import check_params
from dlstudio.document.backbone import hidden_params
from dlstudio.document.edits.base import CompositeEdit, Edit
from dlstudio.document.edits.nodes import SetFrozen
from dlstudio.document.edits.params import ResetCall, ResetParam, SetCall, SetParam
from dlstudio.document.graph import NESTED, OPAQUE, Graph, Node
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Params, Value, freeze
from dlstudio.i18n import _

MISSING = object()
CALL_PREFIX = "call."  # prefix that distinguishes call arguments from parameters
MAX_CHECKED = 40  # more messages would not be read


def common_params(nodes: Sequence[Node], catalog: Catalog) -> tuple[Param, ...]:
    """Return the parameters that all nodes share; without the name for several.

    `trainable` is excluded: freezing is a property of the node in the document.
    """
    kinds = dict.fromkeys(node.kind for node in nodes)
    descriptions = [found for kind in kinds if (found := catalog.get(kind))]
    if not descriptions or len(descriptions) < len(kinds):
        return ()
    first, *others = descriptions
    params = [p for p in first.params if all(_same(p, other) for other in others)]
    hidden = {"name"} if len(nodes) > 1 else set()
    if first.kind == BACKBONE:
        hidden |= hidden_params(nodes)
    return tuple(p for p in params if p.name not in hidden and p.name != "trainable")


def _same(param: Param, other: Description) -> bool:
    found = other.param(param.name)
    return found is not None and (found.type, found.family, found.rank) == (
        param.type,
        param.family,
        param.rank,
    )


def form_params(
    nodes: Sequence[Node], catalog: Catalog, project: Project, graph: str
) -> list[Param]:
    """Return the parameters shown in the inspector's form.

    The name comes first because users look for it; in other forms it is an advanced
    parameter. It is not optional: an empty name resets it to the id. Nested graphs are
    chosen from the project's graphs.

    Args:
        nodes: The selected nodes.
        catalog: Describes their kinds.
        project: Its graphs can be nested.
        graph: Name of the nodes' graph.
    """
    params = common_params(nodes, catalog)
    if any(node.kind == OPAQUE for node in nodes):  # opaque layers are not editable
        params = tuple(param for param in params if param.name == "name")
    first = [
        replace(param, advanced=False, optional=False)
        for param in params
        if param.name == "name"
    ]
    rest = [param for param in params if param.name != "name"]
    if nodes and nodes[0].kind == NESTED:
        names = tuple(n for n in project.graphs if n not in (MODEL, graph))
        rest = [
            replace(param, type="enum", choices=names)
            if param.name == "graph"
            else param
            for param in rest
        ]
    return [*first, *rest, *_call_params(nodes, catalog)]


def _call_params(nodes: Sequence[Node], catalog: Catalog) -> list[Param]:
    """Return the non-tensor call arguments that all nodes share, as advanced ones."""
    found = [catalog.get(kind) for kind in dict.fromkeys(n.kind for n in nodes)]
    calls = [each.call if each is not None else () for each in found]
    if not calls:
        return []
    return [
        replace(param, name=f"{CALL_PREFIX}{param.name}", advanced=True)
        for param in calls[0]
        if all(param in call for call in calls)
    ]


def values_of(node: Node, owner: Node) -> Params:
    """Return the weight owner's parameters and the node's own call arguments."""
    call = {f"{CALL_PREFIX}{name}": value for name, value in node.call.items()}
    return owner.params.merge(call)


def common_values(all_values: Sequence[Params]) -> Params:
    """Return the values that are set and equal in all nodes."""
    first, *others = all_values
    return FrozenMap(
        (name, value)
        for name, value in first.items()
        if all(name in o and o[name] == value for o in others)
    )


def mixed_names(all_values: Sequence[Params]) -> frozenset[str]:
    """Return the names of parameters whose values differ between nodes."""
    names = {name for values in all_values for name in values}
    return frozenset(
        name
        for name in names
        if len({values.get(name, MISSING) for values in all_values}) > 1
    )


def parameter_errors(
    nodes: Sequence[Node], catalog: Catalog, graph: Graph
) -> list[tuple[str, str]]:
    """Return name and message of each invalid parameter of the nodes.

    Args:
        nodes: The selected nodes; the first `MAX_CHECKED` are checked.
        catalog: Describes their kinds.
        graph: The graph the nodes belong to.
    """
    found = [
        mistake
        for node in nodes[:MAX_CHECKED]
        if (description := catalog.get(node.kind))
        for mistake in check_params(description, node.params, catalog)
    ]
    if len(nodes) == 1 and _is_taken(nodes[0], graph):
        found.append(("name", _("Another layer already has this name.")))
    return found


def _is_taken(node: Node, graph: Graph) -> bool:
    others = (each for each in graph.nodes.values() if each.id != node.id)
    return any(each.name == node.name for each in others)


def set_in_all(
    nodes: Sequence[Node], param: Param, value: Value, graph: str
) -> Edit | None:
    """Return one edit that sets a parameter of every node; None if nothing changes.

    A default value is not stored; the parameter is reset instead.

    Args:
        nodes: The selected nodes.
        param: A parameter of the layer or, with `CALL_PREFIX`, of its call.
        value: The new value.
        graph: Name of the nodes' graph.
    """
    named_as_id = param.name == "name" and value == nodes[0].id
    if named_as_id or (not param.required and _equal(value, freeze(param.default))):
        return reset_in_all(nodes, param.name, graph)
    name = param.name
    edits: tuple[Edit, ...]
    if name.startswith(CALL_PREFIX):
        call = name.removeprefix(CALL_PREFIX)
        edits = tuple(SetCall(node.id, call, value, graph) for node in nodes)
    else:
        edits = tuple(SetParam(node.id, name, value, graph) for node in nodes)
    return edits[0] if len(edits) == 1 else CompositeEdit(edits)


def _equal(value: Value, default: Value) -> bool:
    return type(value) is type(default) and value == default


def reset_in_all(nodes: Sequence[Node], name: str, graph: str) -> Edit | None:
    """Return one edit that resets a parameter of every node; None if none is set.

    Args:
        nodes: The selected nodes.
        name: A parameter of the layer or, with `CALL_PREFIX`, of its call.
        graph: Name of the nodes' graph.
    """
    edits: tuple[Edit, ...]
    if name.startswith(CALL_PREFIX):
        call = name.removeprefix(CALL_PREFIX)
        edits = tuple(ResetCall(n.id, call, graph) for n in nodes if call in n.call)
    else:
        edits = tuple(ResetParam(n.id, name, graph) for n in nodes if name in n.params)
    if not edits:
        return None
    return edits[0] if len(edits) == 1 else CompositeEdit(edits)


def freeze_all(nodes: Sequence[Node], frozen: bool, graph: str) -> Edit:
    """Return one edit that freezes or unfreezes every node.

    Args:
        nodes: The selected nodes.
        frozen: Whether the weights are excluded from training.
        graph: Name of the nodes' graph.
    """
    return SetFrozen(tuple(node.id for node in nodes), frozen, graph)


def edit_text(nodes: Sequence[Node], label: str) -> str:
    """Return the name of an undo step: "Change conv_1: Kernel size"."""
    if len(nodes) == 1:
        return _("Change {layer}: {parameter}").format(
            parameter=label, layer=nodes[0].name
        )
    return _("Change {count} layers: {parameter}").format(
        parameter=label, count=len(nodes)
    )


def weight_owner(graph: Graph, node: Node) -> Node:
    """Return the node whose parameters and weights are used; follows sharing."""
    seen = {node.id}
    while node.shares is not None and node.shares not in seen:
        owner = graph.nodes.get(node.shares)
        if owner is None:
            break
        seen.add(owner.id)
        node = owner
    return node


def weight_users(node: Node, graph: Graph) -> list[Node]:
    """Return the nodes that share this node's weights."""
    return [each for each in graph.nodes.values() if each.shares == node.id]


def possible_owners(node: Node, graph: Graph) -> list[Node]:
    """Return the nodes of the same kind whose own weights can be shared."""
    return [
        each
        for each in graph.nodes.values()
        if each.kind == node.kind and each.id != node.id and each.shares is None
    ]
