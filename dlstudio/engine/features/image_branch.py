"""The layers that templates put behind an input of images beside other columns."""

from __future__ import annotations

from dlstudio.data.features.base import InputForm
from dlstudio.data.images.columns import Files
from dlstudio.document.values import FrozenMap
from dlstudio.engine.features.image_size import ImageSize
from dlstudio.engine.features.input_branch import (
    BranchInput,
    BranchLayer,
    InputBranch,
)

FIRST, MOST = 16, 64  # filters
SMALLEST = 8  # pixels: a shorter side is not halved again
# A moving average over few steps: small data sets have few steps per epoch, and with
# Keras' 0.99 validation in the first epochs would be meaningless.
MOMENTUM = 0.9


def image_branch(given: BranchInput) -> InputBranch:
    """The branch of images: convolutions, until few pixels are left."""
    size = _size(given)
    layers = [] if not size.resized else [_resizing(size)]
    layers.append(BranchLayer("scale", "Rescaling", FrozenMap({"scale": 1 / 255})))
    if size.mirrored:
        mode = FrozenMap({"mode": "horizontal"})
        layers.append(BranchLayer("mirror", "RandomFlip", mode))
    side, filters = min(size.height, size.width), FIRST
    while side >= SMALLEST:
        layers += _block(filters)
        layers.append(BranchLayer("pool", "MaxPooling2D"))
        side, filters = side // 2, min(2 * filters, MOST)
    layers += _block(filters)
    layers.append(BranchLayer("mean", "GlobalAveragePooling2D"))
    return InputBranch(
        InputForm(size.input_shape),
        tuple(layers),
        deep=True,
        template="dlstudio.templates.image-and-table",
    )


def _size(given: BranchInput) -> ImageSize:
    # What reads the headers of files takes a moment to import.
    from dlstudio.data.features.image_sizes import image_forms

    forms = image_forms(given.column) if isinstance(given.column, Files) else ()
    return ImageSize.of(forms, given.classes)


def _resizing(size: ImageSize) -> BranchLayer:
    sides = {"height": size.height, "width": size.width, "antialias": True}
    return BranchLayer("resize", "Resizing", FrozenMap(sides))


def _block(filters: int) -> tuple[BranchLayer, ...]:
    convolution = {
        "filters": filters,
        "kernel_size": (3, 3),
        "padding": "same",
        "use_bias": False,
    }
    return (
        BranchLayer("conv", "Conv2D", FrozenMap(convolution)),
        BranchLayer("norm", "BatchNormalization", FrozenMap({"momentum": MOMENTUM})),
        BranchLayer("relu", "ReLU"),
    )
