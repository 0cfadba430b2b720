"""What a script says before a project is made of it; plain data for the window."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScriptQuestion:
    """Which model of a script is wanted, and what its data would say.

    Attributes:
        names: "NAME=VALUE" for each, as typed.
        shapes: Of the inputs, as typed: "28x28x1".
        line: Where the model is built; None for the one that is trained.
    """

    names: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ScriptPreview:
    """A script's model, or why there is none.

    Attributes:
        layers: How many the model has.
        inputs: Shapes of its inputs, without the batch.
        line: Where it is built; 0 if it is not understood.
        lines: Where models are built that can be read.
        notes: What was left out, a sentence each.
        problems: What is not understood, a sentence each.
    """

    layers: int = 0
    inputs: tuple[str, ...] = ()
    line: int = 0
    lines: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
