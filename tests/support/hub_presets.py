"""Tiny networks of KerasHub, saved as presets are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

SIDE = 32
SCALE, OFFSET = [0.01, 0.02, 0.03], [-1.0, -0.5, 0.5]


def save_preset(kind: str, folder: Path, *, image_size: int | None = SIDE) -> Any:
    """The folder of a preset with weights that no network begins with, and it.

    Args:
        kind: "resnet", "mobilenet" or "vit".
        folder: A new one.
        image_size: What its image converter resizes images to; None for as they are.
    """
    hub = pytest.importorskip("keras_hub")
    network = _MAKERS[kind](hub.models)
    random = np.random.default_rng(1)
    for weight in network.weights:
        value = weight.numpy()
        weight.assign(random.uniform(0.05, 0.3, value.shape))
    network.save_to_preset(str(folder))
    converter = getattr(hub.layers, f"{type(network).__name__[:-8]}ImageConverter")
    size = None if image_size is None else (image_size, image_size)
    converter(image_size=size, scale=SCALE, offset=OFFSET).save_to_preset(str(folder))
    return network


def features_by_hub(folder: Path, images: Any, side: int = SIDE) -> Any:
    """What plain KerasHub gives for images from 0 to 255: maps or tokens."""
    import keras_hub

    convert = keras_hub.layers.ImageConverter.from_preset(str(folder))
    network = keras_hub.models.Backbone.from_preset(
        str(folder), image_shape=(side, side, 3)
    )
    return np.asarray(network(convert(images), training=False))


def _resnet(models: Any) -> Any:
    return models.ResNetBackbone(
        input_conv_filters=[64],
        input_conv_kernel_sizes=[3],
        stackwise_num_filters=[64, 8],
        stackwise_num_blocks=[1, 1],
        stackwise_num_strides=[1, 2],
        block_type="basic_block",
        image_shape=(None, None, 3),
    )


def _mobilenet(models: Any) -> Any:
    return models.MobileNetBackbone(
        stackwise_expansion=[[8, 8]],
        stackwise_num_blocks=[2],
        stackwise_num_filters=[[8, 8]],
        stackwise_kernel_size=[[3, 3]],
        stackwise_num_strides=[[2, 1]],
        stackwise_se_ratio=[[0.25, None]],
        stackwise_activation=[["relu", "relu"]],
        stackwise_padding=[[1, 1]],
        output_num_filters=16,
        depthwise_filters=8,
        depthwise_stride=2,
        depthwise_residual=False,
        last_layer_filter=16,
        squeeze_and_excite=0.5,
        input_num_filters=8,
        image_shape=(None, None, 3),
    )


def _vit(models: Any) -> Any:
    return models.ViTBackbone(
        image_shape=(SIDE, SIDE, 3),
        patch_size=8,
        num_layers=2,
        num_heads=2,
        hidden_dim=8,
        mlp_dim=8,
        dropout_rate=0.5,
    )


_MAKERS = {"resnet": _resnet, "mobilenet": _mobilenet, "vit": _vit}
