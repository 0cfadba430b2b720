"""Padding that is read like words: masks that are missing, ignored or lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import Connect, Disconnect
from dlstudio.document.edits.nodes import AddNode, RemoveNodes
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import Edge, Node
from dlstudio.document.name_lists import list_names
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.mask_flow import (
    ATTENTION,
    MERGING,
    PAIRED,
    PASSING,
    RECURRENT,
    MaskFlow,
    attended,
    mask_flow,
)
from dlstudio.engine.problems.node_queries import LAYERS, TOKENS, is_kind
from dlstudio.i18n import _

ENDING = ("Flatten", "GlobalMaxPooling1D")
"""Layers that make one row of all steps, those of the padding among them."""
SLIDING = (
    *("AveragePooling1D", "Conv1D", "DepthwiseConv1D", "MaxPooling1D"),
    "SeparableConv1D",
)
NEXT_TOKEN = "next_token"


def masks(context: CheckContext) -> Iterator[Problem]:
    """What is wrong with the masks of padding."""
    kinds = ("Embedding", "Masking")
    if not any(is_kind(each, *kinds) for each in context.graph.nodes.values()):
        return
    flow = mask_flow(context)
    yield from _missing(context, flow)
    yield from _ignored(context, flow)
    yield from _taken(context, flow)
    yield from _averages(context, flow)


def _missing(context: CheckContext, flow: MaskFlow) -> Iterator[Problem]:
    """Layers that would skip padding, behind an Embedding that does not mark it."""
    told: set[str] = set()
    if context.main and context.head_type and context.head_type.labels == NEXT_TOKEN:
        return  # no position sees the padding behind it
    for node in context.graph.nodes.values():
        if not is_kind(node, *RECURRENT, *ATTENTION):
            continue
        edges = attended(context, node)
        if len(edges) < len(context.into(node.id)):
            continue  # a mask is given
        for edge in edges:
            embedding = _embedding_before(context, edge)
            if flow.entering(edge) or embedding is None or embedding.id in told:
                continue
            told.add(embedding.id)
            yield _unmasked(context, embedding, node)


def _unmasked(context: CheckContext, embedding: Node, node: Node) -> Problem:
    if is_kind(node, *RECURRENT):
        message = _(
            "Texts are padded at their end, and {node} reads the padding like words: "
            "what it returns says more of the padding than of a short text. Let "
            "{embedding} mark the padding, so that {node} skips it."
        )
    else:
        message = _(
            "{node} treats the padding at the end of texts like words. Let {embedding} "
            "mark the padding, so that {node} skips it."
        )
    label = _("Switch mask_zero of {node} on").format(node=embedding.name)
    return context.problem(
        "warning" if is_kind(node, *RECURRENT) else "hint",
        "padding-not-masked",
        message.format(node=node.name, embedding=embedding.name),
        embedding.id,
        [Fix.set_param(label, embedding, "mask_zero", True, context.name)],
    )


def _embedding_before(context: CheckContext, edge: Edge) -> Node | None:
    """The Embedding of padded words whose mask would get to an edge."""
    node = context.graph.nodes.get(edge.source)
    while node is not None and is_kind(node, *PASSING):
        before = context.before(node.id)
        node = before[0] if len(before) == 1 else None
    if node is None or not is_kind(node, "Embedding"):
        return None
    before = context.before(node.id)
    words = len(before) == 1 and before[0].kind in TOKENS
    return node if words and not context.param(node, "mask_zero") else None


def _ignored(context: CheckContext, flow: MaskFlow) -> Iterator[Problem]:
    """Layers that masked steps enter, and that do not skip them."""
    used = _used(context, flow)
    for node in context.graph.nodes.values():
        edges = context.into(node.id)
        if len(edges) != 1:
            continue
        origins = flow.entering(edges[0])
        if not origins:
            continue
        if is_kind(node, *ENDING):
            if is_kind(node, "Flatten") or not _repeats(context, edges[0].source):
                yield _unskipped(context, node, origins - used)
        elif is_kind(node, *SLIDING) and not origins & used:
            yield _useless(context, node, origins)


def _used(context: CheckContext, flow: MaskFlow) -> set[str]:
    """Layers whose masks let others skip padding."""
    return {
        origin
        for node in context.graph.nodes.values()
        if is_kind(node, *RECURRENT, *ATTENTION)
        for edge in context.into(node.id)
        for origin in flow.entering(edge)
    }


def _repeats(context: CheckContext, id: str) -> bool:
    """Whether padded steps are copies of the last word's, which change no maximum."""
    node = context.graph.nodes[id]
    while is_kind(node, *PASSING):
        (node,) = context.before(node.id)
    return is_kind(node, "GRU", "LSTM", "SimpleRNN")


def _unskipped(context: CheckContext, node: Node, origins: frozenset[str]) -> Problem:
    message = _(
        "{node} does not skip padding: what stands behind the end of a short text "
        "enters the layers behind it like words."
    )
    return context.problem(
        "warning",
        "mask-ignored",
        message.format(node=node.name),
        node.id,
        [_last_step(context, node), _switched_off(context, origins)],
    )


def _switched_off(context: CheckContext, origins: frozenset[str]) -> Fix | None:
    """Let padding be read like words on purpose, where nothing skips it anyway."""
    nodes = [context.graph.nodes[id] for id in sorted(origins)]
    if not nodes or not all(is_kind(each, "Embedding") for each in nodes):
        return None
    names = list_names(each.name for each in nodes)
    label = _("Switch mask_zero of {node} off").format(node=names)
    edits = (SetParam(each.id, "mask_zero", False, context.name) for each in nodes)
    return Fix(label, tuple(edits))


def _last_step(context: CheckContext, node: Node) -> Fix | None:
    """Let the recurrent layer before return its last step, which is a row already."""
    (before,) = context.before(node.id)
    if not is_kind(before, *RECURRENT) or len(context.out_of(before.id)) != 1:
        return None
    inner = context.param(before, "layer")
    changed = SetParam(before.id, "return_sequences", False, context.name)
    if isinstance(inner, Spec):
        last = inner.with_param("return_sequences", False)
        changed = SetParam(before.id, "layer", last, context.name)
    edits = (changed, RemoveNodes((node.id,), True, context.name))
    label = _("Let {node} return its last step").format(node=before.name)
    return Fix(label, edits) if context.keeps_shapes(edits) else None


def _useless(context: CheckContext, node: Node, origins: frozenset[str]) -> Problem:
    first = context.graph.nodes[min(origins)]
    return context.problem(
        "hint",
        "mask-useless",
        _(
            "{node} takes no mask, so the one of {embedding} has no effect: padding is "
            "read like words. Of texts of similar length this does no harm."
        ).format(node=node.name, embedding=first.name),
        node.id,
        [_switched_off(context, origins)],
    )


def _averages(context: CheckContext, flow: MaskFlow) -> Iterator[Problem]:
    """Averages over the words of a text, which may have none."""
    for node in context.graph.nodes.values():
        edges = context.into(node.id)
        if not is_kind(node, "GlobalAveragePooling1D") or len(edges) != 1:
            continue
        origins = flow.entering(edges[0])
        if not origins:
            continue
        message = _(
            "{node} averages over the words of a text. Of a text without words that "
            "is a division by zero: the loss and the scores are not a number."
        )
        if _repeats(context, edges[0].source):
            fix: Fix | None = _most(context, node)
        else:
            unused = origins - _used(context, flow)
            fix = _last_step(context, node) or _switched_off(context, unused)
        yield context.problem(
            "warning", "empty-average", message.format(node=node.name), node.id, [fix]
        )


def _most(context: CheckContext, node: Node) -> Fix:
    made = replace(node, kind=f"{LAYERS}GlobalMaxPooling1D", params=FrozenMap())
    label = _("Use GlobalMaxPooling1D instead of {node}").format(node=node.name)
    return Fix.replace_node(label, made, context.name)


def _taken(context: CheckContext, flow: MaskFlow) -> Iterator[Problem]:
    """Residual connections whose mask the attention beside them has taken."""
    told: set[str] = set()
    for edge, id in flow.removed.items():
        masked = not edge.source_port and edge.source in flow.called
        later = _attention_behind(context, edge.target)
        if not masked or id in told or later is None:
            continue
        told.add(id)
        attention = context.graph.nodes[id]
        yield context.problem(
            "warning",
            "mask-taken",
            _(
                "{attention} takes the mask off what enters it, so the connection "
                "beside it has none, and {later} attends to padding. Normalize before "
                "{attention}: the connection beside it then keeps its mask."
            ).format(attention=attention.name, later=later.name),
            id,
            [_normalized_before(context, attention, edge.source)],
        )


def _attention_behind(context: CheckContext, id: str) -> Node | None:
    """The attention layer that would get the mask of a node's output."""
    seen, waiting = {id}, [id]
    while waiting:
        current = context.graph.nodes[waiting.pop()]
        if is_kind(current, *PAIRED):
            return current
        if not is_kind(current, *PASSING, *MERGING):
            continue
        new = {each.id for each in context.after(current.id)} - seen
        seen |= new
        waiting += new
    return None


def _normalized_before(context: CheckContext, attention: Node, source: str) -> Fix:
    edges = [e for e in attended(context, attention) if e.source == source]
    made = context.new("LayerNormalization", "norm", edges[0])
    edits: list[Edit] = [Disconnect(each, context.name) for each in edges]
    edits.append(AddNode(made, context.name))
    edits.append(Connect(Edge(source, made.id, edges[0].source_port), context.name))
    edits += [
        Connect(replace(each, source=made.id, source_port=0), context.name)
        for each in edges
    ]
    label = _("Insert LayerNormalization before {node}").format(node=attention.name)
    return Fix(label, tuple(edits))


MASKS = (masks,)
