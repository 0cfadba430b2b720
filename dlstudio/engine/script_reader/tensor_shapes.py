"""Shapes of tensors, which scripts ask for to choose what to build."""

from __future__ import annotations

import re

from dlstudio.document.graph import INPUT
from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.script_values import (
    ScriptTensor,
    ShapeOf,
    Unknown,
)
from dlstudio.i18n import _

KEEPING = re.compile(
    "BatchNormalization|LayerNormalization|GroupNormalization|UnitNormalization"
    "|Activation|ReLU|LeakyReLU|PReLU|ELU|Softmax|(Spatial|Gaussian)?Dropout([123]D)?"
    "|GaussianNoise|(Global)?(Max|Average)Pooling[123]D|ZeroPadding[123]D"
    "|Cropping[123]D|UpSampling[123]D|Rescaling|Identity|Add|Subtract|Multiply|Average"
    "|Maximum|Minimum|DepthwiseConv[12]D"
)
"""Layers that give as many channels as they take."""
UNITS = ("filters", "units", "output_dim")
"""Parameters that are the channels of what a layer gives."""


def plain_shape(
    shape: ShapeOf, context: ReadingContext, index: object = None
) -> object:
    """A shape as a tuple of numbers and None.

    Args:
        shape: Of a tensor.
        context: Of the reading.
        index: Which number is needed; None for all. Of the last one alone, the others
            may be None.

    Returns:
        A tuple, or `Unknown`.
    """
    tensor = shape.tensor
    layer = tensor.call.layer
    if layer.kind == INPUT and isinstance(layer.params.get("shape"), tuple):
        given = layer.params["shape"]
        assert isinstance(given, tuple)
        return (layer.params.get("batch_size"), *given)[shape.start :]
    if index == -1:
        channels = _channels(tensor)
        if channels is not None:
            return (None, channels)
    from dlstudio.engine.script_reader.inferred_shapes import inferred_shape

    found = inferred_shape(tensor, context)
    if found is None:
        text = _("The shape of this tensor could not be found out.")
        return Unknown(text, context.line)
    return found[shape.start :]


def _channels(tensor: ScriptTensor) -> int | None:
    """The last number of a shape, where layers say it; else None."""
    for _step in range(1000):
        layer = tensor.call.layer
        if layer.params.get("data_format") == "channels_first":
            return None
        if layer.kind == INPUT:
            shape = layer.params.get("shape")
            last = shape[-1] if isinstance(shape, tuple) and shape else None
            return last if isinstance(last, int) else None
        name = layer.kind.rpartition(".")[2]
        for param in UNITS:
            value = layer.params.get(param)
            if isinstance(value, int) and layer.kind.startswith("keras.layers."):
                return value
        if name == "Concatenate" and layer.params.get("axis", -1) == -1:
            counts = [_channels(each) for _port, each in tensor.call.given]
            known = [each for each in counts if each is not None]
            return sum(known) if len(known) == len(counts) else None
        doubled = layer.params.get("depth_multiplier", 1) != 1
        if not KEEPING.fullmatch(name) or not tensor.call.given or doubled:
            return None
        tensor = tensor.call.given[0][1]
    return None
