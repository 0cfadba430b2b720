"""What a training needs of a computer's memory. No TensorFlow."""

from __future__ import annotations

from dlstudio.document.plan import TrainingPlan

BYTES_PER_WEIGHT = 4
SLOTS = {"SGD": 1, "RMSprop": 2, "Adagrad": 1, "Lion": 1}
"""Numbers that optimizers keep for each weight; the others keep two."""


def state_bytes(plan: TrainingPlan, parameters: int) -> int:
    """Bytes of weights, gradients and the optimizer's own, whatever the batch."""
    slots = SLOTS.get(plan.optimizer.kind.rpartition(".")[2], 2)
    return BYTES_PER_WEIGHT * parameters * (2 + slots)


def needed_bytes(plan: TrainingPlan, parameters: int, memory: int) -> int:
    """Bytes of it all, with the layers' outputs and their gradients.

    Args:
        parameters: Numbers in the model.
        memory: Bytes of all layers' outputs for one sample.
    """
    return state_bytes(plan, parameters) + 2 * memory * plan.batch_size
