"""Supervised learning: the outputs of one model learn what the data says."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.engine.methods.built_model import build_for_training
from dlstudio.engine.methods.frozen_backbone import computed_once
from dlstudio.engine.training.method import MethodComponents, MethodContext
from dlstudio.engine.training.stepper import Stepper


@dataclass(frozen=True, slots=True)
class SupervisedMethod:
    """One model; its loss is that of its outputs, as in `keras.Model.fit`."""

    def assemble(self, context: MethodContext) -> MethodComponents:
        """Build the model of the project with a step for its outputs."""
        built = build_for_training(context)
        stepper = Stepper(
            built.trained,
            built.optimizer.optimizer,
            built.inputs,
            built.outputs,
            strategy=context.placement.strategy,
            fuse=built.fuse,
        )
        features = computed_once(context, built, stepper)
        return features or built.assembled(stepper)


SUPERVISED = SupervisedMethod()
