"""What a person says about a script, which reading alone cannot find out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeGuard

from dlstudio.document.graph import INPUT
from dlstudio.document.project import Project
from dlstudio.document.values import Value, freeze
from dlstudio.errors import UserError
from dlstudio.i18n import _

ANY = ("?", "none")
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


def script_inputs(
    names: Iterable[str], shapes: Iterable[str], line: int | None = None
) -> ScriptInputs:
    """What a person types about a script.

    Args:
        names: "NAME=VALUE" for each.
        shapes: Such as "28x28x1", one for each input.
        line: Of the wanted model, if it was chosen.

    Raises:
        UserError: One of them is not written so.
    """
    return ScriptInputs(
        dict(_pair(text) for text in names),
        tuple(_shape(each) for each in shapes),
        line,
    )


def _pair(text: str) -> tuple[str, Value]:
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not value or not name.isidentifier():
        raise UserError(
            _("“{text}” is not in the form NAME=VALUE.").format(text=text.strip()),
            _("Write a variable and its value, such as num_classes=10."),
        )
    try:
        return name, freeze(json.loads(value))
    except (ValueError, RecursionError):
        return name, value


def _shape(text: str) -> Shape:
    """The shape of one sample; "?" for a side of any length."""
    sides = re.split("[x×,]", text.strip().lower().strip("()[]"))
    sides = [side.strip() for side in sides if side.strip()]
    if not sides or not all(_is_side(side) for side in sides):
        raise UserError(
            _("“{text}” is not the shape of an input.").format(text=text.strip()),
            _("Give the sides of one sample, such as 28x28x1; ? for any length."),
        )
    return tuple(None if side in ANY else int(side) for side in sides)


def _is_side(side: str) -> bool:
    return side in ANY or re.fullmatch("[1-9][0-9]{0,8}", side) is not None


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
