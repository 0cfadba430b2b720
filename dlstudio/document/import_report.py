"""What became of a model that was imported; plain data for the window and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dlstudio.document.custom_code import CodeItem
from dlstudio.json_values import JsonObject


@dataclass(frozen=True, slots=True)
class UnopenedBlock:
    """A layer that could not be opened and is kept as one block.

    Attributes:
        name: Of its node.
        class_name: Of the layer.
        reason: Why, one sentence.
    """

    name: str
    class_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a model.

    Attributes:
        file: Name of its file.
        folder: Of the new project.
        keras: Version of the Keras that wrote the file; "" if not said.
        layers: Number of layers, without those inside of nested models.
        parameters: Number of parameters; 0 if the model could not be built.
        run: Id of the run that holds the weights; "" if there is none.
        predicts: Whether the run predicts.
        difference: Largest difference of outputs from those of the original model for
            the same inputs, relative to the largest output; None if not compared.
        classes: Names of the classes of the first output.
        labels: File that names them; "" if they are numbered.
        blocks: Layers that could not be opened.
        notes: What else is to be known, a sentence each.
        unmatched: Layers that the weights of another file do not fit.
        code: Code that its layers need, or that was given for them.
        missing: Classes and functions of layers that no code was given for.
    """

    file: str
    folder: str
    keras: str = ""
    layers: int = 0
    parameters: int = 0
    run: str = ""
    predicts: bool = False
    difference: float | None = None
    classes: tuple[str, ...] = ()
    labels: str = ""
    blocks: tuple[UnopenedBlock, ...] = ()
    notes: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    code: tuple[CodeItem, ...] = ()
    missing: tuple[str, ...] = ()

    def to_json(self) -> JsonObject:
        """As a JSON object."""
        item: dict[str, Any] = {
            name: getattr(self, name)
            for name in (
                *("file", "folder", "keras", "layers", "parameters", "run"),
                *("predicts", "difference", "labels"),
            )
        }
        return {
            **item,
            "classes": list(self.classes),
            "blocks": [
                {"name": each.name, "class": each.class_name, "reason": each.reason}
                for each in self.blocks
            ],
            "notes": list(self.notes),
            "unmatched": list(self.unmatched),
            "code": [each.to_json() for each in self.code],
            "missing": list(self.missing),
        }


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a model is before it is imported, and what can be chosen.

    Attributes:
        report: As it will be; without a run.
        pixels_unknown: Whether images enter, and no layer says of which range.
        any_size: Whether images of any size enter.
        problem: Why it cannot be run, one sentence; "" if it can.
    """

    report: ImportReport
    pixels_unknown: bool = False
    any_size: bool = False
    problem: str = ""
