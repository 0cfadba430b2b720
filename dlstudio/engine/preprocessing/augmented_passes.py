"""Several draws of random layers before a frozen network, computed once and kept.

What a layer draws is a function of the plan's seed, the pass and the batch, so that
features are the same when they are computed again; its own state does not change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, Variable

Places = npt.NDArray[np.int64]


def _none() -> Places:
    return np.empty(0, np.int64)


@dataclass(frozen=True, eq=False, slots=True)
class AugmentedPasses:
    """How often which samples pass random layers.

    Attributes:
        count: Number of passes; 0 if nothing is drawn.
        places: The samples that are augmented, (n,), in ascending order.
        seed: Of the draws.
    """

    count: int = 0
    places: Places = field(default_factory=_none)
    seed: int = 0

    @property
    def more(self) -> int:
        """Rows of features beside one for each sample."""
        return max(self.count - 1, 0) * len(self.places)

    def row(self, turn: int, chosen: Places, places: Places) -> Places:
        """The rows of samples in a pass.

        The first pass has a row for each sample; each later one has one for each that
        is augmented.

        Args:
            turn: Number of the pass, from 0.
            chosen: All samples that have features, in ascending order.
            places: The samples.
        """
        rows = np.searchsorted(chosen, places)
        if not turn or not len(self.places):
            return rows
        at = np.searchsorted(self.places, places)
        at = np.minimum(at, len(self.places) - 1)
        later = len(chosen) + (turn - 1) * len(self.places) + at
        return np.where(self.places[at] == places, later, rows)

    def draw(self, turn: int, batch: int, layer: int) -> npt.NDArray[np.uint32]:
        """The state of the generator of a layer's draws.

        Args:
            turn: Number of the pass.
            batch: Number of the first sample of the batch.
            layer: Number of the generator.
        """
        text = f"{self.seed}/{turn}/{batch}/{layer}"
        digest = hashlib.sha256(text.encode()).digest()
        return np.frombuffer(digest[:8], np.uint32)


def generators(model: KerasModel) -> list[Variable]:
    """The states of the generators of a model's own random layers.

    Those inside its backbones draw nothing.
    """
    layers: Any = model.layers
    return [
        generator.state
        for layer in layers
        if not isinstance(layer, keras.Model)
        for generator in layer._seed_generators
    ]


@contextmanager
def kept_states(states: list[Variable]) -> Iterator[None]:
    """Give generators their states back afterwards."""
    before = [state.numpy() for state in states]
    try:
        yield
    finally:
        for state, value in zip(states, before, strict=True):
            state.assign(value)
