"""What several selected nodes have in common, and edits to all of them. No Qt."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.catalog.schema import Description, Param
from dlstudio.catalog.store import Catalog
from dlstudio.document.edits import Edit, ResetParam, SetFrozen, SetParam, Several
from dlstudio.document.graph import Node
from dlstudio.document.values import FrozenMap, Params, Value
from dlstudio.i18n import _


def common_params(nodes: Sequence[Node], catalog: Catalog) -> tuple[Param, ...]:
    """Parameters that all nodes have and mean the same by; no names for several."""
    descriptions = [found for node in nodes if (found := catalog.get(node.kind))]
    if not descriptions or len(descriptions) < len(nodes):
        return ()
    first, *others = descriptions
    params = [p for p in first.params if all(_same(p, other) for other in others)]
    hidden = {"name"} if len(nodes) > 1 else set()
    return tuple(p for p in params if p.name not in hidden and p.name != "trainable")


def _same(param: Param, other: Description) -> bool:
    found = other.param(param.name)
    return found is not None and (found.type, found.family, found.rank) == (
        param.type,
        param.family,
        param.rank,
    )


def common_values(nodes: Sequence[Node]) -> Params:
    """Values that are set in all nodes and equal."""
    first, *others = nodes
    return FrozenMap(
        (name, value)
        for name, value in first.params.items()
        if all(name in o.params and o.params[name] == value for o in others)
    )


def set_in_all(nodes: Sequence[Node], name: str, value: Value, graph: str) -> Edit:
    """One edit that sets a parameter of every node."""
    edits = tuple(SetParam(node.id, name, value, graph) for node in nodes)
    return edits[0] if len(edits) == 1 else Several(edits)


def reset_in_all(nodes: Sequence[Node], name: str, graph: str) -> Edit:
    """One edit that gives every node the default again."""
    edits = tuple(ResetParam(n.id, name, graph) for n in nodes if name in n.params)
    return edits[0] if len(edits) == 1 else Several(edits)


def freeze_all(nodes: Sequence[Node], frozen: bool, graph: str) -> Edit:
    """One edit that freezes or thaws every node."""
    return SetFrozen(tuple(node.id for node in nodes), frozen, graph)


def edit_name(nodes: Sequence[Node], label: str) -> str:
    """How the history calls a change: "Kernel size of conv_1"."""
    if len(nodes) == 1:
        return _("{parameter} of {layer}").format(parameter=label, layer=nodes[0].name)
    return _("{parameter} of {count} layers").format(parameter=label, count=len(nodes))
