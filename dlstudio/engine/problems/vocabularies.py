"""Vocabularies so large that training has no word that is unknown."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.data.token_layers import (
    TOKEN_LAYERS,
    all_params,
    special_words,
    tokenization,
)
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import Node
from dlstudio.document.input_features import entering_feature
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.values import Value
from dlstudio.engine.model.kinds import RANDOM_TOKENS
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.node_queries import is_kind, whole
from dlstudio.i18n import _

FEWEST_WORDS = 50
"""A smaller vocabulary is that of an example, or of names that are all known."""
MOST_TEXTS = 200_000
"""Texts that are looked at."""
RARE = 0.02
"""Share of the vocabulary that has to be left out for the fix to change anything."""


def untrained_unknown(context: CheckContext) -> Iterator[Problem]:
    """A vocabulary that has every word of the training split.

    The vector of `[UNK]` then keeps its random initial values, and the model meets it
    for the first time with the texts that it is to answer.
    """
    if not context.main or context.dataset is None:
        return
    for node in context.graph.nodes.values():
        if node.kind not in TOKEN_LAYERS or context.param(node, "vocabulary"):
            continue
        texts = context.dataset.texts.get(entering_feature(context.project, node.id))
        if texts is None:
            continue
        params = _params(context, node)
        most = whole(context.param(node, "max_tokens"))
        special = len(special_words(node.kind, params))
        room = MOST_TEXTS * 1000 if most is None else most - special
        how = tokenization(node.kind, params)
        found = texts.vocabulary(how, room, MOST_TEXTS)
        if found.tokens > room or (most is not None and not found.complete):
            continue
        rare = found.tokens - found.repeated
        if found.repeated < FEWEST_WORDS or rare < RARE * found.tokens:
            continue
        yield _problem(context, node, found.repeated + special)


def _problem(context: CheckContext, node: Node, tokens: int) -> Problem:
    label = _("Let {node} have {count} tokens").format(node=node.name, count=tokens)
    old = context.param(node, "max_tokens")
    edits = [SetParam(node.id, "max_tokens", tokens, context.name)]
    behind = context.after(node.id)
    for each in behind:
        behind += context.after(each.id) if each.kind == RANDOM_TOKENS else ()
    for after in behind:
        if is_kind(after, "Embedding") and context.param(after, "input_dim") == old:
            edits.append(SetParam(after.id, "input_dim", tokens, context.name))
    return context.problem(
        "warning",
        "unknown-untrained",
        _(
            "{node} has room for every word of the training split, so no word is "
            "unknown while training, and the model never learns what to do with the "
            "unknown words of other texts. With {count} tokens, words that occur only "
            "once stand for them."
        ).format(node=node.name, count=tokens),
        node.id,
        [Fix(label, tuple(edits))],
    )


def _params(context: CheckContext, node: Node) -> dict[str, Value]:
    described = context.describe(node)
    return all_params(described, node.params) if described else dict(node.params)


VOCABULARIES = (untrained_unknown,)
