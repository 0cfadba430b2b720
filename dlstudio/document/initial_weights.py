"""The weights that all layers of a model begin with."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.document.values import CHECKED


@dataclass(frozen=True, slots=True)
class InitialWeights:
    """A file of weights by node, such as those of an imported model.

    Attributes:
        path: Relative to the project's folder.
        sha256: Of the file when it was written, hexadecimal.
    """

    __pydantic_config__ = CHECKED

    path: str
    sha256: str
