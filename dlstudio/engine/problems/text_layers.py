"""Text that enters layers of numbers, and lookups whose size is not known before."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import INPUT, Node
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.project import is_image_model
from dlstudio.engine.model.kinds import RANDOM_TOKENS, SUBWORDS
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.node_queries import TOKENS, is_kind
from dlstudio.i18n import _

LOOKUPS = ("StringLookup", "TextVectorization", "Hashing", "HashedCrossing")
"""Layers that make numbers of text."""
UNKNOWN = 2
"""Tokens besides the names: one for unknown names, one for the missing one."""
MOST_WORDS, WORDS = 1000, 20
"""Tokens where the data is not known, and words of a text."""


def text_layers(context: CheckContext) -> Iterator[Problem]:
    """Layers of numbers that text enters."""
    if context.main and is_image_model(context.project):
        return  # it is the input that is wrong
    for node in context.graph.nodes.values():
        shape = context.shapes.get(node.id)
        if shape is None or is_kind(node, *LOOKUPS) or node.kind in SUBWORDS:
            continue
        outputs = [each.dtype for each in shape.outputs]
        if not outputs or "string" in outputs:
            continue
        for edge in context.into(node.id):
            form = context.output(edge.source)
            if form is None or form.dtype != "string":
                continue
            tokens = known_tokens(context, edge.source)
            lookup = context.insert(
                "StringLookup",
                "lookup",
                edge,
                output_mode="one_hot",
                max_tokens=tokens,
                pad_to_max_tokens=True,
            )
            yield context.problem(
                "error",
                "text-layer",
                _(
                    "Text enters {node}, which takes numbers. Look it up before, such "
                    "as by StringLookup."
                ).format(node=node.name),
                node.id,
                [Fix.insert_after(context.called(edge.source), lookup)],
            )
            break


def open_lookup(context: CheckContext, node: Node) -> Node | None:
    """The lookup before a node whose vectors are as long as what it will have learned.

    Args:
        context: The graph.
        node: Gets a size that is not known.
    """
    seen, waiting = {node.id}, [node]
    while waiting:
        for before in context.before(waiting.pop().id):
            form = context.output(before.id)
            if before.id in seen or form is None or None not in form.shape[1:]:
                continue
            words = before.kind in TOKENS and before.kind != RANDOM_TOKENS
            if words or (
                is_kind(before, "StringLookup") and _has_vectors(context, before)
            ):
                return before
            seen.add(before.id)
            waiting.append(before)
    return None


def _has_vectors(context: CheckContext, lookup: Node) -> bool:
    """Whether a lookup gives a vector as long as its vocabulary, and no numbers."""
    return context.param(lookup, "output_mode") not in (None, "int")


def sized_lookup(context: CheckContext, lookup: Node) -> Fix:
    """Give a lookup's rows a length that does not depend on the data."""
    if not _has_vectors(context, lookup):
        name = "output_sequence_length"
        label = _("Set {param} of {node} to {units}").format(
            param=name, node=lookup.name, units=WORDS
        )
        return Fix.set_param(label, lookup, name, WORDS, context.name)
    tokens = context.param(lookup, "max_tokens") or known_tokens(context, lookup.id)
    edits = (
        SetParam(lookup.id, "max_tokens", tokens, context.name),
        SetParam(lookup.id, "pad_to_max_tokens", True, context.name),
    )
    label = _("Let {node} have {count} tokens").format(node=lookup.name, count=tokens)
    return Fix(label, edits)


def known_tokens(context: CheckContext, id: str) -> int:
    """The tokens of the categories that lead to a node; `MOST_WORDS` if unknown."""
    distinct = context.dataset.distinct if context.dataset else {}
    inputs = _inputs_before(context, id)
    counts = [
        distinct[each.feature]
        for each in context.project.inputs
        if each.feature in distinct
        and (each.input in inputs or (not each.input and len(inputs) == 1))
    ]
    return max(counts) + UNKNOWN if counts else MOST_WORDS


def _inputs_before(context: CheckContext, id: str) -> set[str]:
    """The inputs that lead to a node, itself among them."""
    seen, waiting = {id}, [id]
    while waiting:
        new = {each.id for each in context.before(waiting.pop())} - seen
        seen |= new
        waiting += new
    nodes = context.graph.nodes
    return {each for each in seen if each in nodes and nodes[each].kind == INPUT}


TEXT_LAYERS = (text_layers,)
