"""What methods that train the project's model have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.data.pipeline import Rows
from dlstudio.document.project import MODEL
from dlstudio.engine.model.backbone_weights import set_backbone_weights
from dlstudio.engine.model.build import build
from dlstudio.engine.model.class_order import adopt_class_order
from dlstudio.engine.model.initial_weights import KEPT, set_initial_weights
from dlstudio.engine.preprocessing.adaptation import Adaptation, check_nested
from dlstudio.engine.preprocessing.cache_points import trainable_model
from dlstudio.engine.preprocessing.learned_layers import LearnedLayers
from dlstudio.engine.preprocessing.variable_length import without_padding
from dlstudio.engine.training.method import MethodComponents, MethodContext
from dlstudio.engine.training.planned_optimizer import (
    PlannedOptimizer,
    planned_optimizer,
)
from dlstudio.engine.training.steering import every_weight
from dlstudio.engine.training.step_ends import StepInput, StepOutput
from dlstudio.engine.training.step_setup import (
    fed_rows,
    step_inputs,
    step_outputs,
    token_outputs,
)
from dlstudio.engine.training.stepper_protocol import StepperProtocol
from dlstudio.engine.words.initial_vectors import set_word_vectors

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel


@dataclass(frozen=True, slots=True)
class BuiltModel:
    """The project's model, built, with its optimizer, inputs and outputs.

    Attributes:
        whole: The model that a run keeps.
        trained: The part of it behind what is computed once; it shares all layers.
        optimizer: Built for all weights, so that layers can be unfrozen later.
        inputs: What enters `trained`.
        outputs: What its outputs learn.
        rows: What a step takes of each sample, by name.
        classes: Names of the classes of each target that has some.
        learned: What layers have learned from the training split.
        fuse: Whether to use fused operations for CPUs.
        lengths: Tokens of each sample, (n,), if steps take rows without padding.
    """

    whole: KerasModel
    trained: KerasModel
    optimizer: PlannedOptimizer
    inputs: tuple[StepInput, ...]
    outputs: tuple[StepOutput, ...]
    rows: Rows
    classes: Mapping[str, tuple[str, ...]]
    learned: LearnedLayers
    fuse: bool
    lengths: npt.NDArray[np.int32] | None = None

    def assembled(self, stepper: StepperProtocol) -> MethodComponents:
        """What the loop is given: this one model with a step."""
        return MethodComponents(
            models={MODEL: self.whole},
            stepper=stepper,
            rows=self.rows,
            rate=self.optimizer.rate,
            classes=self.classes,
            base=self.optimizer.base,
            learned=self.learned,
            lengths=self.lengths,
        )


def build_for_training(context: MethodContext) -> BuiltModel:
    """Build the project's model with what a step needs; layers learn from the data.

    Raises:
        UserError: Model, plan and data do not match.
    """
    project, samples, catalog = context.project, context.samples, context.catalog
    fed = fed_rows(project, samples, catalog)
    adaptation = Adaptation(fed, context.chosen, context.learned)
    model = build(project, catalog, folder=context.folder, before_call=adaptation)
    check_nested(model)
    place = context.folder or Path()
    begun = set_initial_weights(project, model, place, context.learned)
    begun |= set_word_vectors(project, model, place, context.learned)
    begun |= set_backbone_weights(project, model, place, context.learned)
    outputs, classes = step_outputs(project, model, samples, catalog)
    if context.learned is None and KEPT in begun:
        random = [*begun[KEPT]["changed"], *begun[KEPT]["missing"]]
        begun[KEPT] |= adopt_class_order(project, model, classes, random).to_json()
    trainable = trainable_model(model, fed)
    if project.plan.bucket_by_length:
        trainable = without_padding(trainable)
    outputs = token_outputs(project, outputs, trainable, catalog)
    known = {**samples.rows, **trainable.rows}
    targets = {each.row: known[each.row] for each in outputs}
    inputs, rows = step_inputs(trainable, fed, targets)
    optimizer = planned_optimizer(project.plan, catalog)
    optimizer.optimizer.build(every_weight(model))
    return BuiltModel(
        whole=model,
        trained=trainable.model,
        optimizer=optimizer,
        inputs=inputs,
        outputs=outputs,
        rows=rows,
        classes=classes,
        learned={**adaptation.learned, **begun},
        fuse=context.placement.devices == ("CPU:0",),
        lengths=_together(list(trainable.lengths.values())),
    )


def _together(
    lengths: list[npt.NDArray[np.int32]],
) -> npt.NDArray[np.int32] | None:
    """Tokens of all texts of each sample; None if there are no lengths."""
    return np.sum(lengths, axis=0, dtype=np.int32) if lengths else None
