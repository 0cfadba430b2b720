"""Checks the weight files of opaque layers."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.document.graph import OPAQUE
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.saved_model_block import calls_saved_model
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.i18n import _


def weights(context: CheckContext) -> Iterator[Problem]:
    """Weight files that are missing, damaged, or outside the project's folder."""
    if context.files is None:
        return
    for node in context.graph.nodes.values():
        name = node.params.get("weights")
        if node.kind != OPAQUE or not isinstance(name, str) or not name:
            continue
        mistake = context.files.mistake(name)
        if mistake and calls_saved_model(node):
            text = f"{node.name}: {mistake}"
            yield context.problem("error", "block-weights", text, node.id)
        elif mistake:
            fix = Fix.reset_param(
                _("Initialize new weights for {node}").format(node=node.name),
                node,
                "weights",
                context.name,
            )
            text = f"{node.name}: {mistake}"
            yield context.problem("error", "block-weights", text, node.id, [fix])


OPAQUE_LAYERS = (weights,)
