"""Checks shared weights and graphs used as layers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dlstudio.catalog.validation import check_params
from dlstudio.document.edits.nodes import ShareWeights
from dlstudio.document.graph import INPUT, NESTED, Node
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.values import FrozenMap, freeze_map
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.i18n import _


def sharing(context: CheckContext) -> Iterator[Problem]:
    """Weights shared with a missing node, another kind, or between unlike inputs."""
    for node in context.graph.nodes.values():
        if node.shares is None:
            continue
        owner = context.graph.nodes.get(node.shares)
        shape = context.shapes[node.id]
        if shape.cause == "shares" or owner is None:
            message = _("{node} shares the weights of “{owner}”, which does not exist.")
            code = "shares-nothing"
        elif owner.kind != node.kind:
            message = _(
                "{node} shares the weights of {owner}, which is a different "
                "type of layer."
            )
            code = "shares-other-kind"
        else:
            continue
        owner_name = owner.name if owner else node.shares
        yield context.problem(
            "error",
            code,
            message.format(node=node.name, owner=owner_name)
            + " "
            + _("Use separate weights."),
            node.id,
            [own_weights(context, node)],
        )


def own_weights(context: CheckContext, node: Node) -> Fix:
    """A fix that ends the sharing; missing parameters are copied."""
    label = _("Use separate weights for {node}").format(node=node.name)
    owner = context.graph.nodes.get(node.shares or "")
    described = context.describe(node)
    same_kind = owner is not None and owner.kind == node.kind
    if described is None or not check_params(described, node.params, context.catalog):
        return Fix(label, (ShareWeights(node.id, None, context.name),))
    given = owner.params if owner and same_kind else freeze_map(dict(described.example))
    params = given.without(["name"]).merge(node.params) if same_kind else given
    changed = replace(node, shares=None, params=params)
    return Fix.replace_node(label, changed, context.name)


def nesting(context: CheckContext) -> Iterator[Problem]:
    """Graphs used as layers that do not exist, contain themselves or have errors."""
    for node in context.graph.nodes.values():
        shape = context.shapes[node.id]
        if shape.cause != "nested":
            continue
        others = sorted(set(context.project.graphs) - {context.name})
        fixes = [
            Fix.replace_node(
                _("Use the model “{name}”").format(name=name),
                _with_graph(node, name),
                context.name,
            )
            for name in others
            if node.kind == NESTED and name != node.params.get("graph")
        ]
        fixes.append(Fix.remove(node, graph=context.name))
        place = "" if node.kind == INPUT else node.id
        yield context.problem(
            "error",
            "nested-graph",
            f"{node.name}: {shape.error}",
            place,
            context.working_fixes(node.id, fixes),
        )


def _with_graph(node: Node, name: str) -> Node:
    return replace(node, params=FrozenMap({**node.params, "graph": name}))


SHARED_WEIGHTS = (sharing, nesting)
