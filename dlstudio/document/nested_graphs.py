"""Which graphs a node uses: as a layer, or inside a wrapper such as TimeDistributed."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.document.graph import NESTED, Node
from dlstudio.document.values import FrozenMap, Spec, Value
from dlstudio.errors import UserError
from dlstudio.i18n import _

GRAPH = "graph"
"""The parameter with a nested graph's name."""


def graphs_in(node: Node) -> tuple[str, ...]:
    """Names of the graphs that a node uses itself; without those nested in them."""
    found = _named(node.params.get(GRAPH)) if node.kind == NESTED else ()
    return found + tuple(n for each in node.params.values() for n in _inside(each))


def with_graph_renamed(node: Node, old: str, new: str) -> Node:
    """The node with another name of a graph, wherever it uses it.

    Args:
        node: A node.
        old: The name before.
        new: The name after.
    """
    params = FrozenMap((n, _renamed(v, old, new)) for n, v in node.params.items())
    if node.kind == NESTED and params.get(GRAPH) == old:
        params = params.set(GRAPH, new)
    return replace(node, params=params)


def graph_inside(spec: Spec) -> str:
    """The name of the graph that is the layer inside a wrapper.

    Args:
        spec: Of the kind `NESTED`.

    Raises:
        UserError: It is to be repeated, which only a node can.
    """
    if spec.params.get("repeat") not in (None, 1):
        raise UserError(
            _("A model inside a layer cannot be repeated."),
            _("Repeat it in another model, and use that one here."),
        )
    return str(spec.params.get(GRAPH, ""))


def _inside(value: Value) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(name for each in value for name in _inside(each))
    if not isinstance(value, Spec):
        return ()
    own = _named(value.params.get(GRAPH)) if value.kind == NESTED else ()
    return own + tuple(n for each in value.params.values() for n in _inside(each))


def _named(name: Value) -> tuple[str, ...]:
    return (name,) if isinstance(name, str) and name else ()


def _renamed(value: Value, old: str, new: str) -> Value:
    if isinstance(value, tuple):
        return tuple(_renamed(each, old, new) for each in value)
    if not isinstance(value, Spec):
        return value
    params = FrozenMap((n, _renamed(v, old, new)) for n, v in value.params.items())
    if value.kind == NESTED and params.get(GRAPH) == old:
        params = params.set(GRAPH, new)
    return Spec(value.kind, params)
