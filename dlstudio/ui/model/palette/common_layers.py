"""The commonly used layers, in display order. Independent of Qt."""

from __future__ import annotations

from collections.abc import Iterable

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.catalog.schema import Description

MIN_HIDDEN = 2  # up to this many further layers are shown, not hidden

_NAMES = [
    "InputLayer",
    "Dense",
    "Embedding",
    "Conv2D",
    "SeparableConv2D",
    "DepthwiseConv2D",
    "Conv2DTranspose",
    "Conv1D",
    "MaxPooling2D",
    "AveragePooling2D",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling2D",
    "MaxPooling1D",
    "LSTM",
    "GRU",
    "Bidirectional",
    "TimeDistributed",
    "MultiHeadAttention",
    "Dropout",
    "SpatialDropout2D",
    "GaussianNoise",
    "BatchNormalization",
    "LayerNormalization",
    "GroupNormalization",
    "Activation",
    "ReLU",
    "LeakyReLU",
    "Softmax",
    "Flatten",
    "Reshape",
    "UpSampling2D",
    "ZeroPadding2D",
    "Cropping2D",
    "Permute",
    "Add",
    "Concatenate",
    "Multiply",
    "Rescaling",
    "Resizing",
    "Normalization",
    "TextVectorization",
    "RandomFlip",
    "RandomRotation",
    "RandomZoom",
    "RandomTranslation",
    "RandomContrast",
    "RandomBrightness",
]
_OPERATIONS = [
    "add",
    "subtract",
    "multiply",
    "divide",
    "matmul",
    "mean",
    "sum",
    "max",
    "concatenate",
    "stack",
    "reshape",
    "transpose",
    "expand_dims",
    "squeeze",
    "get_item",
    "softmax",
    "relu",
    "where",
    "clip",
    "cast",
]
_KINDS = [
    *(f"keras.layers.{name}" for name in _NAMES),
    *(f"keras.ops.{name}" for name in _OPERATIONS),
]
_KINDS.insert(_NAMES.index("Embedding") + 1, BACKBONE)
COMMON_LAYERS = {kind: place for place, kind in enumerate(_KINDS)}


def common_first(
    descriptions: Iterable[Description],
) -> tuple[list[Description], list[Description]]:
    """Split layers into the common ones in display order and the others by name."""
    there = sorted(descriptions, key=lambda d: (COMMON_LAYERS.get(d.kind, 999), d.name))
    usual = [each for each in there if each.kind in COMMON_LAYERS]
    others = [each for each in there if each.kind not in COMMON_LAYERS]
    if not usual or len(others) <= MIN_HIDDEN:
        return there, []
    return usual, others
