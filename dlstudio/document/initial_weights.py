"""The weights that all layers of a model begin with."""

from __future__ import annotations

from dataclasses import dataclass, field

from dlstudio.document.values import CHECKED, FrozenMap


@dataclass(frozen=True, slots=True)
class InitialWeights:
    """A file of weights by node, such as those of an imported model.

    Attributes:
        path: Relative to the project's folder.
        sha256: Of the file when it was written, hexadecimal.
        classes: Names of the classes that they are for, in their order, by the node
            of each output.
    """

    __pydantic_config__ = CHECKED

    path: str
    sha256: str
    classes: FrozenMap[str, tuple[str, ...]] = field(default_factory=FrozenMap)
