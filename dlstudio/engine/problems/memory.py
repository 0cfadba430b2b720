"""What training needs of memory, against what this computer has."""

from __future__ import annotations

from collections.abc import Iterator

import psutil

from dlstudio.document.edits import SetPlan
from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.problems.scene import Scene
from dlstudio.engine.shapes import total
from dlstudio.engine.training_memory import needed_bytes, state_bytes
from dlstudio.i18n import _


def fitting_memory(scene: Scene) -> Iterator[Problem]:
    """More than there is is an error; more than is free now, a warning."""
    plan, cost = scene.project.plan, total(scene.shapes)
    if plan.batch_size < 1:
        return
    ram = psutil.virtual_memory()
    state = state_bytes(plan, cost.params)
    needed = needed_bytes(plan, cost.params, _outputs(scene))
    if state > ram.total:
        yield scene.problem(
            "error",
            "memory-exceeded",
            _(
                "Training needs at least {needed} of memory for {count:,} parameters,"
                " their gradients and the optimizer; this computer has {total}. Make"
                " the layer {layer} smaller: it has {own:,} of the parameters."
            ).format(
                needed=_size(state),
                count=cost.params,
                total=_size(ram.total),
                **_largest(scene),
            ),
            _largest_id(scene),
        )
    elif needed > ram.available:
        yield scene.problem(
            "warning",
            "memory-tight",
            _(
                "Training needs about {needed} of memory with batches of {batch};"
                " {free} of {total} are free now. Use a smaller model or smaller"
                " batches, or close other programs."
            ).format(
                needed=_size(needed),
                batch=plan.batch_size,
                free=_size(ram.available),
                total=_size(ram.total),
            ),
            fixes=[_smaller_batches(scene, state, ram.available)],
        )


def _outputs(scene: Scene) -> int:
    """Bytes of the outputs of all layers for one sample, where known."""
    return sum(shape.cost.memory or 0 for shape in scene.shapes.values())


def _largest(scene: Scene) -> dict[str, object]:
    """The layer with the most parameters, and how many."""
    id = _largest_id(scene)
    return {"layer": scene.called(id), "own": scene.shapes[id].cost.params}


def _largest_id(scene: Scene) -> str:
    return max(scene.shapes, key=lambda id: scene.shapes[id].cost.params)


def _smaller_batches(scene: Scene, state: int, free: int) -> Fix | None:
    """The largest power of two that fits; None where even one sample does not."""
    fitting = (free - state) // max(1, 2 * _outputs(scene))
    if not 1 <= fitting < scene.project.plan.batch_size:
        return None
    size = 1 << (fitting.bit_length() - 1)
    label = _("Set the batch size to {size}").format(size=size)
    return Fix(label, (SetPlan("batch_size", size),))


def _size(count: int) -> str:
    number = count / 1e9
    return f"{number:,.0f} GB" if number >= 100 else f"{number:.1f} GB"


MEMORY = (fitting_memory,)
