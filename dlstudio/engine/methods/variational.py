"""Variational learning: latent vectors that are drawn learn to be normally distributed.

The graph says where: at its Sampling layers, which take a mean and the logarithm of a
variance. This method adds their divergence from the standard normal distribution to the
loss of the outputs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, Any

import keras

from dlstudio.engine.methods.built_model import BuiltModel, build_for_training
from dlstudio.engine.model.reparametrization import Sampling
from dlstudio.engine.preprocessing.tensor_graph import calls_before
from dlstudio.engine.training.loss_terms import KullbackLeibler
from dlstudio.engine.training.method import MethodComponents, MethodContext
from dlstudio.engine.training.step_ends import OutputLoss
from dlstudio.engine.training.stepper import Stepper
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, KerasTensor

RECONSTRUCTION, DIVERGENCE = "reconstruction_loss", "kl_loss"


@dataclass(frozen=True, slots=True)
class VariationalMethod:
    """The step of supervised learning with one more term of the loss."""

    def assemble(self, context: MethodContext) -> MethodComponents:
        """Build the model with a step for its outputs and its Sampling layers.

        Raises:
            UserError: The model has no Sampling layer, or does not fit plan and data.
        """
        built = build_for_training(context)
        drawn = sampled(built.trained)
        if not drawn:
            raise UserError(
                _("The model has no Sampling layer, which variational learning needs."),
                _("Add one, or set the training method to supervised."),
            )
        first = len(built.trained.outputs)
        term = KullbackLeibler(
            places=tuple(
                (first + 2 * each, first + 2 * each + 1) for each in range(len(drawn))
            ),
            scale=1 / _values(built),
            weight=_beta(context),
            mean=OutputLoss(DIVERGENCE),
        )
        outputs = built.outputs
        if len(outputs) == 1:
            outputs = (replace(outputs[0], mean=OutputLoss(RECONSTRUCTION)),)
        stepper = Stepper(
            _with_outputs(built.trained, [each for pair in drawn for each in pair]),
            built.optimizer.optimizer,
            built.inputs,
            outputs,
            terms=(term,),
            strategy=context.placement.strategy,
            fuse=built.fuse,
        )
        return built.assembled(stepper)


def sampled(model: KerasModel) -> list[tuple[KerasTensor, KerasTensor]]:
    """The mean and the logarithm of the variance that enter each Sampling layer."""
    return [
        (call.input_tensors[0], call.input_tensors[1])
        for call in calls_before(model.outputs)
        if isinstance(call.operation, Sampling)
    ]


def _with_outputs(model: KerasModel, tensors: list[KerasTensor]) -> KerasModel:
    """The same layers with more outputs."""
    inputs: Any = list(model.inputs)
    outputs = [*model.outputs, *tensors]
    made: KerasModel = keras.Model(
        inputs if inputs[1:] else inputs[0], outputs, name=model.name
    )
    return made


def _beta(context: MethodContext) -> float:
    """The weight of the divergence in the total loss."""
    beta = context.project.plan.method.params.get("beta", 1.0)
    return float(beta) if isinstance(beta, (int, float)) else 1.0


def _values(built: BuiltModel) -> int:
    """Values of the targets of a sample, over which losses are means."""
    return max(prod(built.rows[each.row].shape[1:]) for each in built.outputs)


VARIATIONAL = VariationalMethod()
