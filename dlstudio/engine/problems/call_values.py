"""Checks plain values of a node's call, such as `training`."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.catalog.validation import check_call
from dlstudio.document.edits.params import ResetCall
from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.i18n import _


def calls(context: CheckContext) -> Iterator[Problem]:
    """Values that the layer's call does not take, or that are invalid."""
    for node in context.graph.nodes.values():
        described = context.describe(node)
        if described is None:
            continue
        for name, sentence in check_call(described, node.call, context.catalog):
            edit = ResetCall(node.id, name, context.name)
            yield context.problem(
                "error",
                "bad-parameter",
                f"{node.name}: {sentence}",
                node.id,
                [Fix(_("Remove “{param}”").format(param=name), (edit,))],
            )


CALLS = (calls,)
