"""Checks the model's inputs and outputs: missing, duplicate, unconnected."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.nodes import RemoveNodes, SetOutputs
from dlstudio.document.graph import INPUT, Node
from dlstudio.document.name_lists import list_names
from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.structure import starter
from dlstudio.engine.runtime.error_text import dims
from dlstudio.i18n import _


def outputs(context: CheckContext) -> Iterator[Problem]:
    """Outputs that do not exist or are listed twice, or an input as output."""
    graph = context.graph
    valid = tuple(dict.fromkeys(id for id in graph.outputs if id in graph.nodes))
    if valid != graph.outputs:
        wrong = [id for id in graph.outputs if id not in graph.nodes]
        message = (
            _("“{name}” is marked as an output but does not exist.").format(
                name=wrong[0]
            )
            if wrong
            else _("An output is marked twice. Mark it only once.")
        )
        edit = SetOutputs(valid, context.name)
        fixes = [Fix(_("Remove invalid and duplicate marks"), (edit,))]
        yield context.problem("error", "unknown-output", message, fixes=fixes)


def unused(context: CheckContext) -> Iterator[Problem]:
    """Unconnected inputs, and layers whose outputs are unused."""
    graph = context.graph
    for node in graph.inputs:
        if not context.out_of(node.id):
            alone = len(graph.nodes) == len(graph.inputs)
            fix = starter(context, node) if alone else _removing(context, [node])
            usable = len(graph.inputs) == 1 if alone else len(graph.inputs) > 1
            yield context.problem(
                "error",
                "unused-input",
                _(
                    "{node} is not connected to any layer. Connect it to the "
                    "first layer, or remove it."
                ).format(node=node.name),
                node.id,
                [fix if usable else None],
            )
    if not graph.outputs:
        return
    useful = _before(context, [id for id in graph.outputs if id in graph.nodes])
    for node in graph.nodes.values():
        if node.id not in useful and node.kind != INPUT and not context.out_of(node.id):
            chain = _private_chain(context, node, useful)
            yield context.problem(
                "warning",
                "dangling",
                _(
                    "The result of {node} is not used: it is not an output and "
                    "not connected to any layer. Connect it, or remove it."
                ).format(node=node.name),
                node.id,
                [_removing(context, chain)],
            )


def _removing(context: CheckContext, nodes: list[Node]) -> Fix:
    return Fix.remove(*nodes, join=False, graph=context.name)


def _before(context: CheckContext, ids: list[str]) -> set[str]:
    """The nodes `ids` and all nodes before them."""
    found, waiting = set(ids), list(ids)
    while waiting:
        for node in context.before(waiting.pop()):
            if node.id not in found:
                found.add(node.id)
                waiting.append(node.id)
    return found


def _private_chain(context: CheckContext, node: Node, useful: set[str]) -> list[Node]:
    """`node` and those before it that nothing else needs."""
    chain, waiting = [node], [node]
    gone = {node.id}
    while waiting:
        for before in context.before(waiting.pop().id):
            feeds = {edge.target for edge in context.out_of(before.id)}
            private = before.id not in useful and before.kind != INPUT
            if private and before.id not in gone and feeds <= gone:
                gone.add(before.id)
                chain.append(before)
                waiting.append(before)
    return chain


def one_output(context: CheckContext) -> Iterator[Problem]:
    """A model of one feature has one output; every unconnected layer counts as one."""
    ends = [id for id in context.graph.output_ids() if id in context.graph.nodes]
    ends = [id for id in ends if context.graph.nodes[id].kind != INPUT]
    if len(ends) < 2 or context.head_type is None:
        return
    ends.sort(key=lambda id: not _like_scores(context, id))
    names = list_names(_with_shape(context, id) for id in ends)
    fixes = []
    for end in ends[:3]:
        others = [context.graph.nodes[id] for id in ends if id != end]
        useful = _before(context, [end])
        chains = {n.id: n for o in others for n in _private_chain(context, o, useful)}
        unneeded = [node for node in chains.values() if node.id not in useful]
        edits: list[Edit] = [SetOutputs((end,), context.name)]
        if unneeded:
            ids = tuple(node.id for node in unneeded)
            edits.append(RemoveNodes(ids, False, context.name))
        name = context.graph.nodes[end].name
        fixes.append(
            Fix(_("Make {node} the only output").format(node=name), tuple(edits))
        )
    message = _(
        "The model has {count} outputs: {names}; expected a single output "
        "with one score per class. Connect the dangling outputs, or remove "
        "them."
    )
    if not context.head_type.has_classes:
        message = _(
            "The model has several outputs: {names}; expected a single one. Connect "
            "the dangling outputs, or remove them."
        )
    yield context.problem(
        "error",
        "several-outputs",
        message.format(count=len(ends), names=names),
        ends[-1],
        fixes,
    )


def _like_scores(context: CheckContext, id: str) -> bool:
    form = context.output(id)
    if form is None or len(form.shape) != 2:
        return False
    return context.dataset is None or form.shape[1] == context.dataset.classes


def _with_shape(context: CheckContext, id: str) -> str:
    form = context.output(id)
    name = context.graph.nodes[id].name
    return f"{name} ({dims(form.shape)})" if form else name


def removing_end(context: CheckContext, end: str, ends: list[str]) -> Fix | None:
    """Remove an output with what only it needs; None if it is the only one.

    Args:
        context: The graph.
        end: Id of the output.
        ends: Ids of all outputs.
    """
    others = [id for id in ends if id != end]
    if not others:
        return None
    useful = _before(context, others)
    node = context.graph.nodes[end]
    if end in useful:  # others need it
        edits: list[Edit] = [SetOutputs(tuple(others), context.name)]
        return Fix(_("Make {node} no output").format(node=node.name), tuple(edits))
    return _removing(context, _private_chain(context, node, useful))


OUTPUTS = (outputs, unused)
MODEL_OUTPUTS = (one_output,)
