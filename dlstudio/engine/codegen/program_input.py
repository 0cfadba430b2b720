"""An input of the model and the feature that enters it, in a script."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.document.project import Project
from dlstudio.engine.model.call_arguments import layer_names
from dlstudio.engine.model.model_bindings import bound_inputs


@dataclass(frozen=True, slots=True)
class ProgramInput:
    """An input of the model and the feature that enters it.

    Attributes:
        layer: Name of the input layer.
        feature: Name of the feature.
        shape: Of the layer, for one sample.
    """

    layer: str
    feature: str
    shape: tuple[int | None, ...]


def program_inputs(project: Project) -> tuple[ProgramInput, ...]:
    """The inputs of the model, in its order.

    Raises:
        UserError: An input has no feature, or a binding leads nowhere.
    """
    names = layer_names(project.model)
    found = []
    bindings = bound_inputs(project)
    for node, binding in zip(project.model.inputs, bindings, strict=True):
        shape = node.params.get("shape")
        sides = shape if isinstance(shape, tuple) else ()
        plain = tuple(side if isinstance(side, int) else None for side in sides)
        found.append(ProgramInput(names[node.id], binding.feature, plain))
    return tuple(found)
