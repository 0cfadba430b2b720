"""Word vectors that a layer begins with."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.document.values import CHECKED


@dataclass(frozen=True, slots=True)
class VectorsReference:
    """A file of word vectors.

    Attributes:
        path: Relative to the project's folder, or absolute.
        sha256: Of the file when it was chosen, hexadecimal.
    """

    __pydantic_config__ = CHECKED

    path: str
    sha256: str
