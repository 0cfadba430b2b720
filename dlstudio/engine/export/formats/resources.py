"""What a SavedModel has to keep besides its functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import tensorflow as tf

from dlstudio.engine.model.saved_model_layer import SavedModelLayer

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel


def kept_resources(model: KerasModel) -> list[object]:
    """What functions of a model refer to: variables, tables of words, SavedModels."""
    variables = [variable.value for variable in model.variables]
    tables = [
        value
        for layer in cast("Any", model)._flatten_layers()
        for value in vars(layer).values()
        if isinstance(value, tf.saved_model.experimental.TrackableResource)
    ]
    return [*variables, *tables, *kept_programs(model)]


def kept_programs(model: KerasModel) -> list[object]:
    """The SavedModels that blocks of a model call."""
    layers = cast("Any", model)._flatten_layers()
    return [each.program.loaded for each in layers if isinstance(each, SavedModelLayer)]
