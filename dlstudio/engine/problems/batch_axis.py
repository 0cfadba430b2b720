"""Checks for operations that work across the batch and mix samples."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.i18n import _


def mixing(context: CheckContext) -> Iterator[Problem]:
    """Outputs without a batch axis, computed from inputs that have one."""
    for node in context.graph.nodes.values():
        described = context.describe(node)
        shape = context.shapes[node.id]
        if described is None or described.family != "ops" or shape.cause:
            continue
        open_batch = any(form.shape[:1] == (None,) for form in shape.inputs)
        if not open_batch or any(f.shape[:1] == (None,) for f in shape.outputs):
            continue
        fixes = []
        if context.has(node, "axis") and context.param(node, "axis") in (None, 0):
            label = _("Set {param} to {value}").format(param="axis", value=-1)
            fixes = [Fix.set_param(label, node, "axis", -1, context.name)]
        yield context.problem(
            "warning",
            "mixes-samples",
            _(
                "{node} works across the batch (axis 0), so the result for one "
                "sample depends on the others. Choose another axis."
            ).format(node=node.name),
            node.id,
            fixes,
        )


BATCH = (mixing,)
