"""Texts that may be shorter than what slides over them."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.document.graph import Node
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.values import Value
from dlstudio.engine.model.kinds import RANDOM_TOKENS
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.node_queries import TOKENS, is_kind, whole
from dlstudio.i18n import _

KERNELS = {
    "AveragePooling1D": "pool_size",
    "Conv1D": "kernel_size",
    "DepthwiseConv1D": "kernel_size",
    "MaxPooling1D": "pool_size",
    "SeparableConv1D": "kernel_size",
}
"""Layers that slide over the steps, and the parameter with how many they take."""
WORDS = 64
"""Words of a text, where nothing is known of the data."""


def short_sequences(context: CheckContext) -> Iterator[Problem]:
    """Layers that slide over texts as long as the longest of a batch."""
    told: set[str] = set()
    for node in context.graph.nodes.values():
        steps = _steps(context, node)
        if steps < 2 or context.shapes[node.id].cause:
            continue
        words = _open_words(context, node)
        if words is None or words.id in told:
            continue
        told.add(words.id)
        name = "output_sequence_length"
        length = max(WORDS, steps)
        label = _("Set {param} of {node} to {units}").format(
            param=name, node=words.name, units=length
        )
        message = _(
            "{node} takes {steps} steps at once, but a text may be shorter: {words} "
            "pads texts only to the longest one of a batch. Give all texts the same "
            "length."
        )
        yield context.problem(
            "warning",
            "short-sequence",
            message.format(node=node.name, steps=steps, words=words.name),
            node.id,
            [Fix.set_param(label, words, name, length, context.name)],
        )


def _steps(context: CheckContext, node: Node) -> int:
    """How many steps a layer needs; 0 for any number."""
    for kind, name in KERNELS.items():
        if is_kind(node, kind) and context.param(node, "padding") == "valid":
            size = _one(context.param(node, name))
            return (size - 1) * max(1, _one(context.param(node, "dilation_rate"))) + 1
    return 0


def _one(value: Value) -> int:
    if isinstance(value, tuple) and value:
        return _one(value[0])
    return whole(value) or 0


def _open_words(context: CheckContext, node: Node) -> Node | None:
    """The TextVectorization before a layer whose texts have no fixed length."""
    seen, waiting = {node.id}, [node]
    while waiting:
        for before in context.before(waiting.pop().id):
            form = context.output(before.id)
            if before.id in seen or form is None or None not in form.shape[1:2]:
                continue
            if before.kind in TOKENS and before.kind != RANDOM_TOKENS:
                numbers = context.param(before, "output_mode") in (None, "int")
                return before if numbers else None
            seen.add(before.id)
            waiting.append(before)
    return None


SEQUENCE_LENGTHS = (short_sequences,)
