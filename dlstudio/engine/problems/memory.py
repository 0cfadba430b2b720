"""Checks the memory that training needs against this computer's."""

from __future__ import annotations

from collections.abc import Iterator

import psutil

from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.cost.training_memory import needed_bytes, state_bytes
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.shapes.nested_shapes import total
from dlstudio.i18n import _


def fitting_memory(context: CheckContext) -> Iterator[Problem]:
    """More than the total memory is an error; more than is free, a warning."""
    plan, cost = context.project.plan, total(context.shapes)
    if plan.batch_size < 1:
        return
    ram = psutil.virtual_memory()
    state = state_bytes(plan, cost.params)
    needed = needed_bytes(plan, cost.params, _outputs(context))
    if state > ram.total:
        yield context.problem(
            "error",
            "memory-exceeded",
            _(
                "Training needs at least {needed} of memory for {count:,} "
                "parameters, their gradients and the optimizer state, but this "
                "computer has {total}. Reduce the size of the layer {layer}, "
                "which has {own:,} of the parameters."
            ).format(
                needed=_size(state),
                count=cost.params,
                total=_size(ram.total),
                **_largest(context),
            ),
            _largest_id(context),
        )
    elif needed > ram.available:
        yield context.problem(
            "warning",
            "memory-tight",
            _(
                "Training with a batch size of {batch} needs about {needed} of "
                "memory, but only {free} of {total} is free. Use a smaller "
                "model or batch size, or close other programs."
            ).format(
                needed=_size(needed),
                batch=plan.batch_size,
                free=_size(ram.available),
                total=_size(ram.total),
            ),
            fixes=[_smaller_batches(context, state, ram.available)],
        )


def _outputs(context: CheckContext) -> int:
    """Bytes of the outputs of all layers for one sample, as far as known."""
    return sum(shape.cost.memory or 0 for shape in context.shapes.values())


def _largest(context: CheckContext) -> dict[str, object]:
    """The layer with the most parameters, and their number."""
    id = _largest_id(context)
    return {"layer": context.called(id), "own": context.shapes[id].cost.params}


def _largest_id(context: CheckContext) -> str:
    return max(context.shapes, key=lambda id: context.shapes[id].cost.params)


def _smaller_batches(context: CheckContext, state: int, free: int) -> Fix | None:
    """A fix that sets the largest power of two that fits; None if nothing does."""
    fitting = (free - state) // max(1, 2 * _outputs(context))
    if not 1 <= fitting < context.project.plan.batch_size:
        return None
    size = 1 << (fitting.bit_length() - 1)
    label = _("Set the batch size to {size}").format(size=size)
    return Fix.set_plan(label, "batch_size", size)


def _size(count: int) -> str:
    number = count / 1e9
    return f"{number:,.0f} GB" if number >= 100 else f"{number:.1f} GB"


MEMORY = (fitting_memory,)
