"""Where the masks of padding get in a graph: what Keras does, without building it.

An Embedding with `mask_zero` marks the steps that are padding. Layers hand the mask
on, use it, or drop it silently. Most get the mask that was found when the model was
built; MultiHeadAttention looks for it on the tensors that enter it when the model is
called, and takes it off them, so that a residual connection beside it has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dlstudio.document.graph import Edge, Node
from dlstudio.document.values import Spec
from dlstudio.engine.heads.base import short
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.node_queries import LAYERS, is_kind

PASSING = frozenset(
    (
        *("Activation", "ActivityRegularization", "AlphaDropout", "BatchNormalization"),
        *("Dense", "Dropout", "ELU", "GaussianDropout", "GaussianNoise"),
        *("GroupNormalization", "Identity", "LayerNormalization", "LeakyReLU"),
        *("Normalization", "PReLU", "ReLU", "Rescaling", "Softmax"),
        *("SpatialDropout1D", "TimeDistributed", "UnitNormalization"),
    )
)
"""Layers whose output has the mask of their input."""
MERGING = frozenset(("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"))
"""Layers whose output has a mask if all that enters has one."""
RECURRENT = frozenset(("Bidirectional", "GRU", "LSTM", "RNN", "SimpleRNN"))
PAIRED = frozenset(("GroupQueryAttention", "MultiHeadAttention"))
"""Attention that takes the masks off what enters it."""
ATTENTION = PAIRED | {"AdditiveAttention", "Attention"}
FIRST_MASK = 3
"""The port of attention layers behind query, value and key."""
USING = RECURRENT | ATTENTION | {"GlobalAveragePooling1D"}
"""Layers that skip masked steps."""


@dataclass(frozen=True, slots=True)
class MaskFlow:
    """The masks of a graph.

    Attributes:
        origins: Layers that made the mask of a node's output, by its id, as found when
            the model is built; nodes whose output has none are missing.
        called: The same, as found when the model is called.
        removed: Edges without a mask when the model is called, because an attention
            layer took it, and the id of that layer.
        attention: Ids of the layers that look for masks when they are called.
    """

    origins: Mapping[str, frozenset[str]]
    called: Mapping[str, frozenset[str]]
    removed: Mapping[Edge, str]
    attention: frozenset[str]

    def entering(self, edge: Edge) -> frozenset[str]:
        """The layers that made the mask which an edge's target gets, if it gets one."""
        if edge.source_port:
            return frozenset()
        late = edge.target in self.attention
        return (self.called if late else self.origins).get(edge.source, frozenset())


def mask_flow(context: CheckContext) -> MaskFlow:
    """Follow the masks through a graph; nodes on a cycle have none."""
    nodes = context.graph.nodes.values()
    paired = frozenset(node.id for node in nodes if is_kind(node, *PAIRED))
    removed = dict(_removed(context, paired))
    built, called = _origins(context, {}), _origins(context, removed)
    return MaskFlow(built, called, removed, paired)


def _origins(
    context: CheckContext, removed: Mapping[Edge, str]
) -> dict[str, frozenset[str]]:
    """The layers that made the mask of each node's output."""
    origins: dict[str, frozenset[str]] = {}
    waiting = list(context.graph.nodes)
    while waiting:
        left = []
        for id in waiting:
            edges = context.into(id)
            if {edge.source for edge in edges} & set(waiting):
                left.append(id)
                continue
            entering = [
                frozenset()
                if edge.source_port or edge in removed
                else origins.get(edge.source, frozenset())
                for edge in edges
            ]
            origins[id] = _mask_of(context, context.graph.nodes[id], entering)
        if len(left) == len(waiting):
            break
        waiting = left
    return {id: found for id, found in origins.items() if found}


def attended(context: CheckContext, node: Node) -> tuple[Edge, ...]:
    """The edges into query, value and key of an attention layer, not into masks."""
    return tuple(e for e in context.into(node.id) if e.target_port < FIRST_MASK)


def returns_sequences(context: CheckContext, node: Node) -> bool:
    """Whether a recurrent layer returns all steps."""
    inner = context.param(node, "layer")
    if isinstance(inner, Spec):
        return bool(inner.params.get("return_sequences", False))
    return bool(context.param(node, "return_sequences"))


def _mask_of(
    context: CheckContext, node: Node, entering: list[frozenset[str]]
) -> frozenset[str]:
    """The layers that made the mask of a node's output.

    Args:
        context: The graph.
        node: The node.
        entering: The layers that made the masks of what enters it, by port.
    """
    none: frozenset[str] = frozenset()
    if not node.kind.startswith(LAYERS):
        return none
    masked_zero = is_kind(node, "Embedding") and context.param(node, "mask_zero")
    if masked_zero or is_kind(node, "Masking"):
        return frozenset((node.id,))
    kind = short(node.kind)
    if not entering:
        return none
    if kind in MERGING:
        return frozenset.union(*entering) if all(entering) else none
    if kind == "Concatenate":
        return frozenset.union(*entering)
    if kind in RECURRENT:
        return entering[0] if returns_sequences(context, node) else none
    return entering[0] if kind in PASSING | ATTENTION else none


def _removed(
    context: CheckContext, paired: frozenset[str]
) -> Iterator[tuple[Edge, str]]:
    """Edges beside attention whose mask is gone when what they lead to is computed."""
    for id in paired:
        behind = _behind(context, id)
        for edge in attended(context, context.graph.nodes[id]):
            for other in context.out_of(edge.source):
                if other.source_port == edge.source_port and other.target in behind:
                    yield other, id


def _behind(context: CheckContext, id: str) -> set[str]:
    """The nodes that depend on a node."""
    seen: set[str] = set()
    waiting = [id]
    while waiting:
        new = {each.id for each in context.after(waiting.pop())} - seen
        seen |= new
        waiting += new
    return seen
