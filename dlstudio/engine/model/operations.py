"""Functions of `keras.ops` as nodes of a model: called like layers, no weights."""

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
        kind: Kind in the catalog.
        function: The function to call.
        leading: Positional parameters before the tensors.
        params: The other parameters, by name.
        name: Name of the node in the model; "" lets Keras choose.
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
        """Call the function on tensors.

        Raises:
            UserError: All inputs are constants.
        """
        import keras  # imported here: scripts are written without Keras

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
    """A number or an array in place of a tensor."""
    import numpy as np

    if is_number(value):
        return value
    if isinstance(value, Array):
        return np.array(value.data, dtype=value.dtype)
    return np.array(value, dtype="float32")


def _rename(outputs: Iterable[object], given: Iterable[object], name: str) -> None:
    """Name the newly created operations after the node.

    A function may create several; the one that returns the result gets the exact name.
    Keras numbers names per process, so its own would differ between builds.
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
