"""Memory that training needs. No TensorFlow."""

from __future__ import annotations

from dlstudio.document.plan import TrainingPlan

BYTES_PER_WEIGHT = 4
SLOTS = {"SGD": 1, "RMSprop": 2, "Adagrad": 1, "Lion": 1}
"""Number of slot variables per weight by optimizer; two for all others."""


def state_bytes(plan: TrainingPlan, parameters: int) -> int:
    """Bytes of weights, gradients and optimizer state, for any batch size."""
    slots = SLOTS.get(plan.optimizer.kind.rpartition(".")[2], 2)
    return BYTES_PER_WEIGHT * parameters * (2 + slots)


def needed_bytes(plan: TrainingPlan, parameters: int, memory: int) -> int:
    """Bytes in total, including the layers' outputs and their gradients.

    Args:
        parameters: Number of parameters of the model.
        memory: Bytes of all layers' outputs for one sample.
    """
    return state_bytes(plan, parameters) + 2 * memory * plan.batch_size
