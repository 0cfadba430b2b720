"""Backbones: the networks of `keras.applications` and KerasHub, as one kind of layer.

What is known of each network of `keras.applications` is generated from Keras, by
`dlstudio.engine.introspection.applications`; what KerasHub has is asked of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from dlstudio.catalog.categories import CATEGORIES
from dlstudio.catalog.nodes import NAME
from dlstudio.catalog.schema import Description, Param
from dlstudio.i18n import marked as _
from dlstudio.paths import resource

BACKBONE = "dlstudio.layers.Backbone"
NONE, IMAGENET = "none", "imagenet"
"""Weights that are no file of one's own."""
TOKEN = "token"
"""The pooling of vision transformers that takes their class token."""
DEFAULT = "MobileNetV3Small"
PROPOSED = (DEFAULT, "EfficientNetV2B0", "ResNet50V2", "ConvNeXtTiny")
"""Those that are offered for few images, the smallest weights first."""
BYTES_OF_PARAMETER = 4
SUBFOLDER = "models"
"""Of Keras' cache, for weights."""


@dataclass(frozen=True, slots=True)
class PublishedWeights:
    """Weights that Keras publishes for a network without its top.

    Attributes:
        size: Of the square images that they were trained on; 0 for those of any other
            size.
        arguments: Of the network that they fit.
        parameters: How many they are.
        file: Its name in Keras' cache.
        address: Where Keras downloads it from.
        hash: MD5 or SHA-256, hexadecimal; "" if Keras knows none.
        handle: Of the files of a preset of KerasHub, as `kagglehub` takes it; "" for
            the weights of `keras.applications`.
    """

    size: int
    arguments: Mapping[str, object]
    parameters: int
    file: str
    address: str
    hash: str
    handle: str = ""

    @property
    def megabytes(self) -> float:
        """Size of the file in millions of bytes, about."""
        return self.parameters * BYTES_OF_PARAMETER / 1e6


@dataclass(frozen=True, slots=True)
class Network:
    """A network of `keras.applications`.

    Attributes:
        name: Of its function.
        module: That has its `preprocess_input`, below `keras.applications`.
        size: Of the images that it was made for.
        smallest: Least size of images.
        mode: How pixels from 0 to 255 are scaled for it, as in
            `keras.applications.imagenet_utils`; "" where its own layers do it.
        arguments: Further arguments and their defaults.
        includes_preprocessing: Whether its own scaling can be left out.
        weights: Those that Keras publishes.
    """

    name: str
    module: str
    size: int
    smallest: int
    mode: str
    arguments: Mapping[str, object]
    includes_preprocessing: bool
    weights: tuple[PublishedWeights, ...]

    def published(
        self, size: int | None, arguments: Mapping[str, object]
    ) -> PublishedWeights | None:
        """The weights for square images of a size; None if Keras has none.

        Args:
            size: Of the images, or None.
            arguments: Further ones that are set.
        """
        wanted = {**self.arguments, **arguments}
        fitting = [each for each in self.weights if dict(each.arguments) == wanted]
        exact = [each for each in fitting if size and each.size == size]
        return next(iter(exact or fitting), None)


@cache
def networks() -> Mapping[str, Network]:
    """All networks, by name."""
    whole = json.loads(resource("catalog", "backbones.json").read_text("utf-8"))
    found = {
        name: Network(
            name=name,
            **{
                **item,
                "weights": tuple(PublishedWeights(**each) for each in item["weights"]),
            },
        )
        for name, item in whole["networks"].items()
    }
    return MappingProxyType(found)


def backbone_description() -> Description:
    """The layer that is one of the networks."""
    look = CATEGORIES["core"]
    return Description(
        kind=BACKBONE,
        family="layers",
        implementation="dlstudio.engine.model.backbone:Backbone",
        category="core",
        summary=_(
            "A network that has learned from a million images (ImageNet), without its "
            "last layers: turns an image into features."
        ),
        doc=(
            "One of the networks of `keras.applications`, with `include_top=False`.\n"
            "It takes color images with values from 0 to 255 and scales them.\n\n"
            "With pretrained weights, its BatchNormalization layers stay in inference\n"
            "mode and its Dropout layers do nothing, as Keras' guide to transfer\n"
            "learning advises. Freeze it to train only the layers behind it: its\n"
            "outputs are then computed once, and later epochs cost next to nothing.\n\n"
            "`weights` is `imagenet`, `none`, or a file: `.h5`, `.weights.h5` or\n"
            "`.keras`, of which layers with the same name and shape are used.\n"
            "Nothing is downloaded without being asked.\n\n"
            "With `preset`, it is a network of KerasHub instead: the name of a\n"
            "published preset, such as `resnet_18_imagenet`, or a folder that\n"
            "`save_to_preset` wrote. Its preset says how images are scaled and\n"
            "resized, and has its weights. Those of vision transformers give tokens\n"
            "instead of feature maps; the pooling `token` takes the class token."
        ),
        params=(
            Param(
                "architecture",
                "enum",
                default=DEFAULT,
                choices=tuple(networks()),
                summary=_("Which network."),
            ),
            Param(
                "weights",
                "text",
                default=IMAGENET,
                summary=_(
                    "“imagenet” for weights that are published or that the preset "
                    "has, “none” for random ones, or a file."
                ),
            ),
            Param(
                "pooling",
                "enum",
                default="none",
                choices=("none", "avg", "max", TOKEN),
                summary=_(
                    "How the last feature maps become one row of features; “none” "
                    "keeps the maps, “token” takes the class token of a vision "
                    "transformer."
                ),
            ),
            Param(
                "trainable_from",
                "text",
                optional=True,
                advanced=True,  # the inspector lists the blocks
                summary=_(
                    "Layers before this one or this block, such as “block_13”, stay "
                    "frozen; empty to train all."
                ),
            ),
            *_ADVANCED,
        ),
        color=look.color,
        icon="mdi6.layers-triple-outline",
        example_inputs=((None, 64, 64, 3),),
    )


_ADVANCED = (
    Param(
        "preset",
        "text",
        optional=True,
        summary=_(
            "A network of KerasHub instead: the name of a preset, or a folder with one."
        ),
        advanced=True,
    ),
    Param(
        "preset_config",
        "text",
        optional=True,
        summary=_("Configuration of the preset, once it was chosen."),
        advanced=True,
    ),
    Param(
        "preprocess",
        "bool",
        default=True,
        summary=_("Whether it scales values from 0 to 255 as it needs them."),
        advanced=True,
    ),
    Param(
        "alpha",
        "float",
        optional=True,
        minimum=0,
        open_minimum=True,
        summary=_(
            "Width of a MobileNet: the number of filters is multiplied by it; empty "
            "for 1."
        ),
        advanced=True,
    ),
    Param(
        "minimalistic",
        "bool",
        optional=True,
        summary=_(
            "Whether a MobileNetV3 is built without what is slow on some devices."
        ),
        advanced=True,
    ),
    Param(
        "weights_sha256",
        "text",
        optional=True,
        summary=_("SHA-256 of the file with weights, once it was chosen."),
        advanced=True,
    ),
    NAME,
)
