"""The step of word2vec as the training loop takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from dlstudio.data.pipeline import Indices, Rows, SplitView, Weights
from dlstudio.engine.methods.word_trainer import WordTrainer
from dlstudio.engine.training.device_pool import DevicePool
from dlstudio.engine.training.stepper_protocol import Losses
from dlstudio.json_values import JsonObject

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, Variable

WORDS, CONTEXT = "words", "context_vectors"


class WordStepper:
    """Trains vectors of words; Keras' variables are what checkpoints see of them.

    Gensim has arrays of its own. They are copied where a checkpoint is written or
    restored, not in each step; so this is a `ResumableState` as well.

    Args:
        model: Looks the vectors up; its variable has one row more, of unknown words.
        around: Variable of the vectors of words around others.
        trainer: Has the arrays.
    """

    replicas = 1

    def __init__(
        self, model: KerasModel, around: Variable, trainer: WordTrainer
    ) -> None:
        self.model = model
        self._around = around
        self._trainer = trainer
        self._steps = 0

    @property
    def variables(self) -> Mapping[str, Sequence[Variable]]:
        """The vectors of words around others."""
        return {CONTEXT: [self._around]}

    def to_json(self) -> JsonObject:
        """The number of steps; the variables get the values of the arrays."""
        self.finalize()
        return {"steps": self._steps}

    def restore(self, item: JsonObject) -> None:
        """Set the number of steps; the arrays get the values of the variables."""
        steps = item["steps"]
        assert isinstance(steps, int)
        self._steps = steps
        self._trainer.vectors[:] = self._vectors.numpy()[1:]
        self._trainer.context[:] = self._around.numpy()

    def finalize(self) -> None:
        """Give the variables the values of the arrays."""
        unknown = np.zeros((1, self._trainer.vectors.shape[1]), np.float32)
        self._vectors.assign(np.concatenate([unknown, self._trainer.vectors]))
        self._around.assign(self._trainer.context)

    @property
    def _vectors(self) -> Variable:
        return self.model.trainable_variables[0]

    def pool(self, split_view: SplitView) -> DevicePool:
        """The places of a split's texts."""
        return self.pool_of(*split_view.take(np.arange(len(split_view))))

    def pool_of(self, rows: Rows, weights: Weights) -> DevicePool:
        """The places of some texts."""
        return DevicePool(dict(rows), dict(weights))

    def weighed(self, pool: DevicePool, weights: Weights) -> DevicePool:
        """The same texts: words have no weights."""
        del weights
        return pool

    def weigh(self, weights: Weights) -> None:
        """Words have no weights."""

    def retrace(self) -> None:
        """There are no layers to freeze."""

    def watch_gradients(self, on: bool) -> None:
        """Gensim does not give them."""

    def gradients(self) -> dict[str, float]:
        """None are known."""
        return {}

    def train(
        self, pool: DevicePool, index: Indices, rates: Losses
    ) -> tuple[Losses, dict[str, float]]:
        """One step for each row of `index`.

        Args:
            pool: From `pool` or `pool_of`.
            index: int32 (steps, batch), indices into the pool.
            rates: float32 (steps,), the learning rate of each step.

        Returns:
            The loss of each step, (steps,), and no metrics.
        """
        losses = np.zeros(len(index), np.float32)
        for number, (row, rate) in enumerate(zip(index, rates, strict=True)):
            texts = pool.rows[WORDS][row]
            losses[number] = self._trainer.train(texts, float(rate), self._steps)
            self._steps += 1
        return losses, {}

    def test(self, pool: DevicePool, index: Indices) -> Losses:
        """The loss of each row of `index`."""
        rows = (pool.rows[WORDS][row] for row in index)
        return np.array([self._trainer.test(each) for each in rows], np.float32)

    def results(self) -> dict[str, float]:
        """Nothing but the loss is reported."""
        return {}

    def reset_metrics(self) -> None:
        """There are none."""
