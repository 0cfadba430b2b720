"""An output of class scores, and the form in which it is compared with labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import tensorflow as tf

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor


@dataclass(frozen=True, slots=True)
class OutputHead:
    """An output of class scores, and its labels.

    Attributes:
        classes: Number of classes.
        units: Values per sample; 1 for two classes with a sigmoid.
        multi_label: Whether labels are 0/1 (n, classes); otherwise class numbers (n,).
        from_logits: Whether the outputs are logits.
    """

    classes: int
    units: int
    multi_label: bool = False
    from_logits: bool = False

    @property
    def threshold(self) -> float:
        """The decision threshold of a unit."""
        return 0.0 if self.from_logits else 0.5

    def table(self, labels: Tensor) -> Tensor:
        """Labels as float32 (n, units): one-hot, multi-hot, or one column."""
        result: Tensor
        if self.multi_label:
            result = tf.cast(labels, tf.float32)
        elif self.units == 1:
            result = tf.reshape(tf.cast(labels, tf.float32), (-1, 1))
        else:
            result = tf.one_hot(tf.cast(labels, tf.int32), self.units)
        return result
