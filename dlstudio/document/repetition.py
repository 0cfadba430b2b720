"""How often a nested model is repeated, one copy after the other."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.document.graph import NESTED, Node

REPEAT, SHARED_WEIGHTS = "repeat", "shared_weights"
"""Parameters of a nested model."""
MAX_COUNT = 200


@dataclass(frozen=True, slots=True)
class Repetition:
    """A number of copies, each of which takes what the one before gives.

    A nested model with more inputs than outputs gives the remaining inputs, such as an
    encoder's result, to every copy.

    Attributes:
        shared: Whether all copies have the same weights.
    """

    count: int = 1
    shared: bool = False

    @classmethod
    def of(cls, node: Node) -> Repetition:
        """That of a node; a single copy for any other than a nested model."""
        count = node.params.get(REPEAT, 1)
        if node.kind != NESTED or not isinstance(count, int):
            return cls()
        shared = node.params.get(SHARED_WEIGHTS) is True
        return cls(min(max(int(count), 1), MAX_COUNT), shared)

    @property
    def copies(self) -> int:
        """Number of models with weights of their own."""
        return 1 if self.shared else self.count

    def __bool__(self) -> bool:
        return self.count > 1
