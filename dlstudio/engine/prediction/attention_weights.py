"""What the attention layers of a model look at, from its own weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import numpy.typing as npt

from dlstudio.engine.prediction.text_entries import TextEntry
from dlstudio.engine.preprocessing.tensor_graph import calls_before

if TYPE_CHECKING:
    from dlstudio.data.typing import Tensor
    from dlstudio.engine.typing import KerasLayer, KerasModel, KerasTensor

LAYERS = (
    keras.layers.Attention,  # and AdditiveAttention, which is one
    keras.layers.GroupQueryAttention,
    keras.layers.MultiHeadAttention,
)
Weights = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class AttentionCall:
    """A call of an attention layer on a text.

    Attributes:
        layer: The layer.
        entry: The text that it looks at.
        args, kwargs: What it is called with; places where tensors enter are
            KerasTensors.
    """

    layer: KerasLayer
    entry: TextEntry
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    @property
    def tensors(self) -> list[KerasTensor]:
        """The tensors among the arguments."""
        flat = keras.tree.flatten((self.args, self.kwargs))
        return [each for each in flat if isinstance(each, keras.KerasTensor)]

    def weights(self, tensors: Sequence[Tensor]) -> Weights:
        """The softmax of each head, float32 (heads, queries, positions).

        Args:
            tensors: Values of `tensors` for one text, with their masks.
        """
        values = iter(tensors)

        def filled(value: Any) -> Any:
            return next(values) if isinstance(value, keras.KerasTensor) else value

        args, kwargs = keras.tree.map_structure(filled, (self.args, self.kwargs))
        kwargs["return_attention_scores"] = True
        layer: Any = self.layer
        _output, scores = layer(*args, **kwargs, training=False)
        found: Weights = np.asarray(keras.ops.convert_to_numpy(scores), np.float32)[0]
        return found if found.ndim == 3 else found[None]


class AttentionReader:
    """Reads attention layers of a model.

    Args:
        model: The whole model.
        entries: Where its texts enter.

    Attributes:
        calls: Those that look at the tokens of one text, in the model's order.
    """

    def __init__(self, model: KerasModel, entries: Sequence[TextEntry]) -> None:
        self.calls = attention_calls(model, entries)
        tensors = [tensor for call in self.calls for tensor in call.tensors]
        self._model: Any = keras.Model(model.inputs, tensors) if tensors else None

    def read(self, tensors: Sequence[Tensor]) -> list[Weights]:
        """The weights of each call for one sample.

        Args:
            tensors: What enters the model, (1, ...) each.
        """
        if self._model is None:
            return []
        found = keras.tree.flatten(self._model(list(tensors), training=False))
        weights = []
        for call in self.calls:
            count = len(call.tensors)
            weights.append(call.weights(found[:count]))
            found = found[count:]
        return weights


def attention_calls(
    model: KerasModel, entries: Sequence[TextEntry]
) -> list[AttentionCall]:
    """The attention layers that look at all positions of one text.

    Args:
        model: The whole model.
        entries: Where its texts enter.
    """
    found = []
    for call in calls_before(model.outputs):
        if not isinstance(call.operation, LAYERS):
            continue
        calls = calls_before(call.input_tensors)
        before = {id(tensor) for each in calls for tensor in each.output_tensors}
        mine = [each for each in entries if id(each.numbers) in before]
        args, kwargs = tuple(call.arguments.args), dict(call.arguments.kwargs)
        if len(mine) != 1 or not mine[0].is_numbered:
            continue
        flat = keras.tree.flatten(args)
        looked_at = flat[min(1, len(flat) - 1)]
        if looked_at.shape[1] == mine[0].numbers.shape[1]:
            found.append(AttentionCall(call.operation, mine[0], args, kwargs))
    return found
