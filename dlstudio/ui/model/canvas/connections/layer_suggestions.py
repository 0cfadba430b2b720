"""Which layers fit at a place, and how they are ranked. Independent of Qt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.document.analysis import TensorInfo
from dlstudio.document.graph import INPUT
from dlstudio.i18n import ngettext

Rank = Callable[[Description], float]

# The categories that usually follow, by the category of the layer before.
USUAL_NEXT: dict[str, tuple[str, ...]] = {
    "core": ("core", "regularization", "activation", "normalization", "merging"),
    "convolution": (
        "pooling", "convolution", "normalization", "activation", "regularization",
        "merging", "reshaping",
    ),
    "pooling": ("convolution", "core", "reshaping", "regularization"),
    "recurrent": ("core", "recurrent", "regularization", "attention"),
    "attention": ("normalization", "merging", "core", "regularization"),
    "regularization": ("core", "convolution", "recurrent", "reshaping"),
    "normalization": ("activation", "convolution", "core", "attention"),
    "activation": ("convolution", "pooling", "core", "regularization"),
    "reshaping": ("core", "convolution", "regularization", "recurrent"),
    "merging": ("activation", "convolution", "core", "normalization"),
    "preprocessing": ("augmentation", "convolution", "core", "preprocessing"),
    "augmentation": ("augmentation", "convolution", "preprocessing"),
}  # fmt: skip
AFTER_INPUT: dict[int, tuple[str, ...]] = {
    2: ("core", "normalization", "preprocessing"),
    3: ("recurrent", "convolution", "attention", "core"),
    4: ("convolution", "preprocessing", "augmentation", "pooling"),
}
# The most common layers, ranked first within their category.
COMMON_LAYERS = (
    "Dense", "Dropout", "Conv2D", "MaxPooling2D", "Flatten",
    "GlobalAveragePooling2D", "BatchNormalization", "Activation", "ReLU", "LSTM",
    "GRU", "Bidirectional", "Embedding", "MultiHeadAttention", "LayerNormalization",
    "Add", "Concatenate", "Rescaling", "RandomFlip", "RandomRotation", "Conv1D",
    "SeparableConv2D", "Resizing", "InputLayer",
)  # fmt: skip
ANY_RANK = frozenset(
    (
        "activation",
        "regularization",
        "normalization",
        "merging",
        "wrapper",
        "operations",
    )
)


def required_rank(description: Description) -> int | None:
    """Return a layer's required input rank, batch axis included; None for any."""
    name = description.name
    sides = re.search(r"([123])D", name)
    if sides:
        return int(sides[1]) + (3 if name.startswith("ConvLSTM") else 2)
    if description.category in ANY_RANK or not description.example_inputs:
        return None
    rank = len(description.example_inputs[0])
    return rank if rank > 2 and description.category != "reshaping" else None


def fits(description: Description, tensor: TensorInfo | None) -> bool:
    """Return whether a layer accepts a tensor; unknown tensors fit every layer."""
    if description.extra.get("nested_only") or description.inputs.maximum == 0:
        return False
    rank = required_rank(description)
    if tensor is None or rank is None:
        return True
    return rank == len(tensor.shape) + 1


def mismatch_hint(description: Description | None, tensor: TensorInfo | None) -> str:
    """Return a hint if a tensor is unlikely to suit a layer, else ""."""
    rank = required_rank(description) if description is not None else None
    if description is None or tensor is None or fits(description, tensor):
        return ""
    count = (rank or 1) - 1
    return ngettext(
        "May not fit: {layer} expects {count} dimension but gets {shape}.",
        "May not fit: {layer} expects {count} dimensions but gets {shape}.",
        count,
    ).format(shape=tensor, layer=description.name, count=count)


def rank_key(
    before: Description | None, tensor: TensorInfo | None, recent: Iterable[str] = ()
) -> Rank:
    """Return a sort key for suggesting layers after `before`.

    Args:
        before: The preceding layer; None at the start of the graph.
        tensor: The output of that layer, if known.
        recent: Recently used kinds, the latest first.
    """
    order = USUAL_NEXT.get(before.category if before else "core", ())
    if before is not None and before.kind == INPUT and tensor is not None:
        order = AFTER_INPUT.get(len(tensor.shape) + 1, order)
    places = {category: i for i, category in enumerate(order)}
    common = {name: i for i, name in enumerate(COMMON_LAYERS)}
    newest = {kind: i for i, kind in enumerate(recent)}

    def rank(description: Description) -> float:
        place = places.get(description.category, len(order) + 2)
        known = common.get(description.name, len(common)) / len(common)
        fresh = -0.5 if newest.get(description.kind, 9) < 3 else 0.0
        return place * 0.3 + known * 4 + fresh

    return rank


def placeable_layers(catalog: Catalog) -> list[Description]:
    """Return every layer that can be placed on a canvas."""
    return list(catalog.placeable())
