"""What a SavedModel has to keep besides its functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import tensorflow as tf

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel


def kept_resources(model: KerasModel) -> list[object]:
    """What functions of a model refer to: its variables and tables of words."""
    variables = [variable.value for variable in model.variables]
    tables = [
        value
        for layer in cast("Any", model)._flatten_layers()
        for value in vars(layer).values()
        if isinstance(value, tf.saved_model.experimental.TrackableResource)
    ]
    return [*variables, *tables]
