"""What a training method is: how the graphs of a project learn from its data."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.data.pipeline import PreparedSamples, Rows
from dlstudio.document.project import Project
from dlstudio.engine.preprocessing.learned_layers import LearnedLayers
from dlstudio.engine.runtime.devices import TrainingPlacement
from dlstudio.engine.training.planned_optimizer import BaseRate
from dlstudio.engine.training.stepper_protocol import StepperProtocol
from dlstudio.json_values import JsonObject

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel


@dataclass(frozen=True, slots=True)
class MethodContext:
    """What a method assembles a training from.

    Attributes:
        project: Its graphs, bindings and plan.
        samples: The prepared data.
        catalog: Describes layers, heads, optimizers and so on.
        placement: The device(s).
        chosen: Indices of the training split, as many for each device.
        folder: The project's folder, with the weights of opaque layers.
        learned: What layers have learned when the run was begun; they learn now if it
            is None.
    """

    project: Project
    samples: PreparedSamples
    catalog: Catalog
    placement: TrainingPlacement
    chosen: npt.NDArray[np.int64]
    folder: Path | None = None
    learned: LearnedLayers | None = None


class ResumableState(Protocol):
    """Something that changes while training and is no variable, such as a generator."""

    def to_json(self) -> JsonObject:
        """Its state, for a checkpoint.

        The variables are read afterwards: if values of theirs are kept elsewhere while
        training, they get them now.
        """

    def restore(self, item: JsonObject) -> None:
        """Set the state that `to_json` returned; the variables are set already."""


@dataclass(frozen=True, slots=True)
class MethodComponents:
    """What a method gives the training loop.

    Attributes:
        models: By role, in the order of their variables in checkpoints; "model" is the
            one that a run keeps. No two of them share a variable.
        stepper: Changes them; see `StepperProtocol`.
        rows: What the stepper takes of each sample, (n, ...), by name.
        rate: The learning rate before any schedule.
        classes: Names of the classes of each target that has some.
        base: Returns the base rate of steps if the optimizer has a Keras schedule.
        learned: What layers have learned from the training split.
        states: What else changes while training, by name.
        lengths: Tokens of each sample, (n,), if a step takes as little padding as its
            batch needs: then batches are of samples of similar length.
    """

    models: Mapping[str, KerasModel]
    stepper: StepperProtocol
    rows: Rows
    rate: float
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    base: BaseRate | None = None
    learned: LearnedLayers = field(default_factory=dict)
    states: Mapping[str, ResumableState] = field(default_factory=dict)
    lengths: npt.NDArray[np.int32] | None = None


class TrainingMethod(Protocol):
    """How the graphs of a project learn: the engine part of a "methods" description."""

    def assemble(self, context: MethodContext) -> MethodComponents:
        """Build models, optimizer(s) and the step.

        It is called with everything random seeded by the plan, and must give the same
        models, layer names and order of variables each time: a run resumes into them.

        Raises:
            UserError: Model, plan and data do not match.
        """


def find_training_method(kind: str, catalog: Catalog) -> TrainingMethod:
    """The engine part of a training method.

    Args:
        kind: Of a description of family "methods".
        catalog: Where it is described.

    Raises:
        UserError: There is no such method.
    """
    found = catalog.find("methods", kind).implementations.engine
    module, _, name = found.partition(":")
    return cast("TrainingMethod", getattr(importlib.import_module(module), name))
