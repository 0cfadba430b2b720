"""A network of `keras.applications` or KerasHub as one layer of a graph.

Its weights are random: `dlstudio.engine.model.backbone_weights` sets pretrained ones
before a training, so that a graph is built without any file.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import keras

from dlstudio.catalog.backbones import TOKEN
from dlstudio.document.backbone import CHANNELS, BackboneConfig
from dlstudio.engine.model.hub_network import make_hub_network, network_layers
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasLayer, KerasModel, KerasTensor, Variable

Shape: TypeAlias = "tuple[int | None, ...]"
IN_COLOUR = ("torch", "caffe")
"""Ways of scaling that differ by color."""
SCALED_AGAIN = ("efficientnet",)
"""Modules of networks that get a layer more if Keras creates them with the weights of
ImageNet: these have a deviation where their layer Normalization needs a variance."""
DEVIATIONS = (0.229, 0.224, 0.225)
"""Of the colors of ImageNet's images."""
DROPPED = ("rate", "drop_path_rate", "drop_prob")
"""What layers that drop values at random call the share of these."""


class Backbone:
    """A network that is created for the first images it is called on.

    Args:
        name: Name of the layer; None lets Keras choose one.
        **params: Parameters of a Backbone node.
    """

    def __init__(self, name: str | None = None, **params: object) -> None:
        self.config = BackboneConfig.of(params)
        self._name = name
        self._trainable = True
        self._model: KerasModel | None = None

    @property
    def weights(self) -> list[Variable]:
        """Its variables."""
        return list(self._model.weights) if self._model is not None else []

    @property
    def trainable_weights(self) -> list[Variable]:
        """Its trainable variables."""
        return list(self._model.trainable_weights) if self._model is not None else []

    @property
    def model(self) -> KerasModel:
        """The network; it was called before."""
        assert self._model is not None
        return self._model

    @property
    def trainable(self) -> bool:
        """Whether training changes any of its weights."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = value
        if self._model is not None:
            self._model.trainable = value

    def layer_calls(self) -> Iterator[tuple[KerasLayer, list[Shape], list[Shape]]]:
        """Its layers, with the shapes of their inputs and outputs, batch first."""
        for layer in network_layers(self.model):
            call = layer._inbound_nodes[0]
            if call.input_tensors:
                yield (
                    layer,
                    [tuple(each.shape) for each in call.input_tensors],
                    [tuple(each.shape) for each in call.output_tensors],
                )

    def get_config(self) -> dict[str, object]:
        """The parameters, defaults included, as Keras' layers give theirs."""
        return asdict(self.config)

    def __call__(self, images: KerasTensor) -> KerasTensor:
        """The features of images, (n, height, width, channels).

        Raises:
            UserError: The network does not take such images.
        """
        if self._model is None:
            shape = tuple(images.shape[1:])
            self._model = make_network(self.config, shape, self._name)
            if not self._trainable:
                self._model.trainable = False
        features: Any = self._model(images)
        return cast("KerasTensor", features)


def make_network(
    config: BackboneConfig, shape: Shape, name: str | None = None
) -> KerasModel:
    """The network for images of a shape, with random weights.

    Args:
        config: Which network.
        shape: Of an image, (height, width, channels).
        name: Of the model.

    Raises:
        UserError: The network does not take such images.
    """
    check_images(config, shape)
    if config.preset:
        model = make_hub_network(config, shape, name)
    else:
        model = _make_application(config, shape, name)
    _freeze_before(model, config)
    if config.pretrained:
        _keep_inference(model)
    return model


def _make_application(
    config: BackboneConfig, shape: Shape, name: str | None
) -> KerasModel:
    """A network of `keras.applications`."""
    network, arguments = config.network, config.arguments
    if config.pooling == TOKEN:
        raise UserError(
            _("{network} has no class token.").format(network=network.name),
            _("Set pooling to “avg”, “max” or “none”."),
        )
    images = keras.Input(shape, name="images")
    tensor = images
    if config.preprocess and network.mode:
        module = getattr(keras.applications, network.module)
        tensor = module.preprocess_input(images)
    options: dict[str, Any] = dict(arguments)
    if network.includes_preprocessing:
        options["include_preprocessing"] = config.preprocess
    make = getattr(keras.applications, network.name)
    made = make(
        include_top=False,
        weights=None,
        input_tensor=tensor,
        input_shape=shape,
        pooling=None if config.pooling == "none" else config.pooling,
        **options,
    )
    if config.is_imagenet and network.module in SCALED_AGAIN:
        made = _scaled_again(made)
        (images,) = made.inputs
    model: KerasModel = keras.Model(images, made.output, name=name or network.name)
    return model


def _scaled_again(model: KerasModel) -> KerasModel:
    """The same network, whose normalized images are divided by the deviation again."""
    scale = [1 / math.sqrt(each) for each in DEVIATIONS]

    def call(layer: KerasLayer, *args: Any, **kwargs: Any) -> Any:
        found = layer(*args, **kwargs)
        if isinstance(layer, keras.layers.Normalization):
            return keras.layers.Rescaling(scale)(found)
        return found

    made: KerasModel = keras.models.clone_model(model, call_function=call)
    return made


def check_images(config: BackboneConfig, shape: Shape) -> None:
    """Check that a network takes images of a shape.

    Raises:
        UserError: It does not.
    """
    network = config.network
    if len(shape) != CHANNELS:
        raise UserError(
            _("{network} takes images with height, width and channels.").format(
                network=network.name
            )
        )
    color = config.pretrained or (config.preprocess and network.mode in IN_COLOUR)
    if color and shape[2] != CHANNELS:
        raise UserError(
            _("{network} takes color images with 3 channels, not {count}.").format(
                network=network.name, count=shape[2]
            ),
            _("Let the images enter the project in color."),
        )
    least = network.smallest
    if any(side is not None and side < least for side in shape[:2]):
        raise UserError(
            _(
                "{network} takes images of at least {least}×{least} pixels, not "
                "{height}×{width}."
            ).format(
                network=network.name, least=least, height=shape[0], width=shape[1]
            ),
            _("Enlarge the images with a Resizing layer before it."),
        )


def _freeze_before(model: KerasModel, config: BackboneConfig) -> None:
    """Freeze the layers before the first that is to be trained."""
    if not config.trainable_from:
        return
    first = config.trainable_from.strip()
    layers = network_layers(model)
    names = [layer.name for layer in layers]
    place = next((i for i, name in enumerate(names) if name == first), None)
    if place is None:
        place = next(
            (i for i, name in enumerate(names) if name.startswith(first)), None
        )
    if place is None:
        raise UserError(
            _("{network} has no layer or block “{name}”.").format(
                network=config.title, name=first
            ),
            _("Some of its layers are: {names}.").format(
                names=", ".join(names[2 :: max(1, len(names) // 8)])
            ),
        )
    for layer in layers[:place]:
        layer.trainable = False


def _keep_inference(model: KerasModel) -> None:
    """Let layers that behave otherwise in training do as in inference.

    Calling the network with `training=False`, as Keras' guide does, is not enough: a
    functional model gives its own `training` to the models inside it.
    """
    layers: list[Any] = cast("Any", model)._flatten_layers(include_self=False)
    for layer in layers:  # those inside of others, too
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
        for name in DROPPED:
            if hasattr(layer, name):
                setattr(layer, name, 0.0)
