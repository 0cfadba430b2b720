"""Python code that the layers of a model need: what it is, and where it is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject

FOLDER = "code"
"""Folder of a project that holds its code."""
_ENTRY = re.compile(r"code/[^\W\d]\w*\.py")
FIRST_LINES = 12


class CodeNeeded(UserError):
    """A model that is a class, whose code was not given or is not trusted."""


@dataclass(frozen=True, slots=True)
class CodeItem:
    """A piece of code that a model needs: a file, or the function of a Lambda layer.

    Attributes:
        kind: "file" for a Python file, "lambda" for a function inside a model.
        name: Of the file, or of the layer.
        digest: SHA-256 of the exact bytes that would be run.
        size: Number of these bytes.
        text: The source of a file; of a function, the names that its bytecode uses.
        trusted: Whether this user trusts it on this computer.
        place: Path of a file within the project, with "/"; "" if it is in none yet.
    """

    kind: Literal["file", "lambda"]
    name: str
    digest: str
    size: int
    text: str = ""
    trusted: bool = False
    place: str = ""

    @property
    def first_lines(self) -> str:
        """The beginning of its text."""
        return "\n".join(self.text.splitlines()[:FIRST_LINES])

    def to_json(self) -> JsonObject:
        """As a JSON object, without the text."""
        return {
            "kind": self.kind,
            "name": self.name,
            "sha256": self.digest,
            "size": self.size,
            "trusted": self.trusted,
        }


def entry_of(name: str) -> str:
    """Where a project keeps a code file.

    Args:
        name: Of the file, such as "layers.py".

    Raises:
        UserError: It is not the name of a Python file.
    """
    entry = f"{FOLDER}/{name}"
    if not _ENTRY.fullmatch(entry):
        raise UserError(
            _("“{name}” is not the name of a Python file.").format(name=name),
            _("Give it a name of letters, digits and “_” that ends in .py."),
        )
    return entry


def code_place(folder: Path, entry: str) -> Path:
    """The path of a code file that a project names.

    Args:
        folder: Of the project.
        entry: As the project has it; from an untrusted file.

    Raises:
        UserError: It is not directly in the project's folder for code.
    """
    if not _ENTRY.fullmatch(entry):
        raise UserError(
            _("{path} is not a code file of this project.").format(path=entry),
            _("Code must be a .py file in the folder “code” of the project."),
        )
    return folder / entry
