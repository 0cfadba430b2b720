"""What a person says about a script, which reading alone cannot find out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeGuard

from dlstudio.document.graph import INPUT
from dlstudio.document.project import Project
from dlstudio.document.values import Value

Shape = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class ScriptInputs:
    """Values that a script computes from data or takes from elsewhere.

    Attributes:
        names: Values of names, in place of those the script assigns.
        inputs: Shapes of one sample, for inputs whose shape is not known: the first for
            the first such input of a model; the last one is for all further ones.
        line: Of the model that is wanted; None for the one that is trained.
    """

    names: Mapping[str, Value] = field(default_factory=dict)
    inputs: tuple[Shape, ...] = ()
    line: int | None = None

    def shape(self, number: int) -> Shape | None:
        """The shape of an input.

        Args:
            number: Among those of its model whose shape is not known.
        """
        if not self.inputs:
            return None
        return self.inputs[min(number, len(self.inputs) - 1)]


def of_project(given: ScriptInputs, project: Project) -> ScriptInputs:
    """The values, with the shapes of a project's inputs if none are given.

    Args:
        given: What a person says.
        project: What the script is read into.
    """
    shapes = [
        node.params.get("shape")
        for node in project.model.nodes.values()
        if node.kind == INPUT
    ]
    known = tuple(shape for shape in shapes if is_shape(shape))
    if given.inputs or len(known) < len(shapes):
        return given
    return replace(given, inputs=known)


def is_shape(value: object) -> TypeGuard[Shape]:
    """Whether it is a shape, all of whose sides are known or may be of any length."""
    return isinstance(value, tuple) and all(
        side is None or isinstance(side, int) for side in value
    )
