"""Samples of one dataset that are also in another."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.json_values import JsonObject


@dataclass(frozen=True)
class Overlap:
    """Samples that are also in another dataset.

    Attributes:
        same: Ids of samples with equal content, each with the other's id.
        near: Ids of near-duplicates, each with the other's id.
        compared: Number of compared samples.
        unreadable: Number of samples of the other dataset that could not be compared.
    """

    same: tuple[tuple[str, str], ...] = ()
    near: tuple[tuple[str, str], ...] = ()
    compared: int = 0
    unreadable: int = 0

    def __len__(self) -> int:
        return len(self.same) + len(self.near)

    def to_json(self) -> JsonObject:
        """The overlap as a JSON object."""
        return {
            "same": [list(pair) for pair in self.same],
            "near": [list(pair) for pair in self.near],
            "compared": self.compared,
            "unreadable": self.unreadable,
        }
