"""Where a text that a model predicts enters it, as the numbers of its tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras

from dlstudio.engine.preprocessing.cache_points import cache_points
from dlstudio.engine.preprocessing.tensor_graph import (
    call_of,
    calls_before,
    is_input,
    layer_name,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, KerasTensor


@dataclass(frozen=True, eq=False, slots=True)
class TokenInput:
    """The tokens of a text as they enter a model.

    Attributes:
        tensor: Their numbers, (n, length); 0 behind the end.
        layer: The TextVectorization that gives them.
    """

    tensor: KerasTensor
    layer: Any

    @property
    def length(self) -> int:
        """Tokens of a text at most."""
        return int(self.tensor.shape[1] or 0)

    @property
    def words(self) -> tuple[str, ...]:
        """The token of each number; "" for the end."""
        return tuple(map(str, self.layer.get_vocabulary()))

    @property
    def separator(self) -> str:
        """What stands between two tokens of a text."""
        split: str = self.layer.get_config()["split"]
        return "" if split == "character" else " "


def token_input(model: KerasModel, name: str) -> TokenInput:
    """The tokens of the text that enters an input.

    Args:
        model: The whole model.
        name: Of the input layer.

    Raises:
        UserError: No layer splits the text into tokens and numbers them one by one.
    """
    for point in cache_points(model):
        entered = {layer_name(call.output_tensors[0]) for call in _inputs(point)}
        layer = call_of(point).operation
        if entered == {name} and _numbers_tokens(layer) and len(point.shape) == 2:
            found = TokenInput(point, layer)
            if found.length:
                return found
    raise UserError(
        _("The text that enters “{name}” is not split into numbered tokens.").format(
            name=name
        ),
        _(
            "Connect it to a TextVectorization layer with an output sequence length, "
            "and to nothing else."
        ),
    )


def _inputs(tensor: KerasTensor) -> list[Any]:
    return [call for call in calls_before([tensor]) if is_input(call)]


def _numbers_tokens(layer: Any) -> bool:
    if not isinstance(layer, keras.layers.TextVectorization):
        return False
    config = layer.get_config()
    return config["output_mode"] == "int" and not config["ngrams"] and config["split"]
