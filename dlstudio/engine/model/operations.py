"""Functions of `keras.ops` as nodes of a model: called like layers, without weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from dlstudio.catalog.value_checks import is_number
from dlstudio.document.values import Array, Value
from dlstudio.engine.model.item_key import GET_ITEM, item_key
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Operation:
    """One function with its parameters.

    Args:
        kind: Of the catalog.
        function: What is called.
        leading: Parameters that stand before the tensors.
        params: The others, by name.
        name: What the node is called in the model; "" lets Keras choose.
    """

    def __init__(
        self,
        kind: str,
        function: Callable[..., Any],
        leading: tuple[object, ...],
        params: Mapping[str, object],
        name: str = "",
    ) -> None:
        self.kind = kind
        self.name = name
        self.weights: tuple[Any, ...] = ()
        self.trainable_weights: tuple[Any, ...] = ()
        self.trainable = True
        self._function = function
        self._leading = leading
        self._params = dict(params)

    def __call__(self, *args: Any, **named: Any) -> Any:
        """What the function makes of tensors.

        Raises:
            UserError: Nothing but numbers is given.
        """
        import keras  # here, for a script is written without it

        given = keras.tree.flatten([args, named])
        if not any(keras.utils.is_keras_tensor(each) for each in given):
            raise UserError(
                _("All of its inputs are numbers."), _("Connect a layer to it.")
            )
        if self.kind == GET_ITEM:
            outputs = args[0][item_key(str(self._params["key"]))]
        else:
            outputs = self._function(*self._leading, *args, **self._params, **named)
        if self.name:
            _rename(keras.tree.flatten(outputs), given, self.name)
        return outputs


def constant(value: Value) -> float | npt.NDArray[np.generic]:
    """A number, or an array, that stands where a tensor could."""
    import numpy as np

    if is_number(value):
        return value
    if isinstance(value, Array):
        return np.array(value.data, dtype=value.dtype)
    return np.array(value, dtype="float32")


def _rename(outputs: Iterable[object], given: Iterable[object], name: str) -> None:
    """Call the operations that were made now after the node.

    A function may make several; the one that gives the result has the name itself.
    Keras counts names for the whole process, so its own would differ from one build
    to the next.
    """
    known = {id(tensor) for tensor in given}
    seen: list[Any] = []
    import keras

    waiting = [each for each in outputs if keras.utils.is_keras_tensor(each)]
    while waiting:
        tensor = waiting.pop(0)
        history = getattr(tensor, "_keras_history", None)
        if id(tensor) in known or history is None:
            continue
        known.add(id(tensor))
        made = history.operation
        if made in seen or isinstance(made, keras.layers.Layer):
            continue
        seen.append(made)
        for node in made._inbound_nodes:
            waiting += node.input_tensors
    for number, made in enumerate(seen):
        made.name = f"{name}_part_{number}" if number else name
