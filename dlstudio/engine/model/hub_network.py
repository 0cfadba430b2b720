"""A network of KerasHub as one model: its images scaled, its features pooled."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import keras

from dlstudio.catalog.backbones import TOKEN
from dlstudio.document.backbone import BackboneConfig
from dlstudio.document.preset_config import TOKENS_OF, PresetConfig
from dlstudio.engine.model.hdf5_file import opened_hdf5
from dlstudio.engine.model.hub_catalog import image_backbones
from dlstudio.engine.model.preset_files import known_preset
from dlstudio.engine.model.weights_file import MatchedWeights
from dlstudio.engine.runtime.error_text import plain
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, KerasTensor

Shape: TypeAlias = "tuple[int | None, ...]"
RESIZED = (
    *("interpolation", "antialias"),
    *("crop_to_aspect_ratio", "pad_to_aspect_ratio"),
)
MAPS, TOKENS = 4, 3
"""Ranks of features, batch included."""


def make_hub_network(
    config: BackboneConfig, shape: Shape, name: str | None = None
) -> KerasModel:
    """The network of a preset for images of a shape, with random weights.

    Layers of Keras follow those that scale images, as in the networks of Keras.
    KerasHub's own can only be saved within their network, which is one layer then.

    Args:
        config: Which preset.
        shape: Of an image, (height, width, channels).
        name: Of the model.

    Raises:
        UserError: The preset is not at hand, or its network does not take such images.
    """
    preset = known_preset(config)
    images = keras.Input(shape, name="images")
    tensor = converted(images, preset) if config.preprocess else images
    inner = _network(preset, tuple(tensor.shape[1:]), config)
    if has_own_layers(inner):
        names = inner.input.keys() if isinstance(inner.input, dict) else ()
        given: Any = inner(dict.fromkeys(names, tensor) if names else tensor)
    else:
        given = _called_on(inner, tensor)
    output = _pooled(_features(given, config), config, preset, tensor)
    model: KerasModel = keras.Model(images, output, name=name or config.title)
    return model


def _called_on(inner: Any, tensor: KerasTensor) -> Any:
    """What the layers of a network give for a tensor, without the network itself."""
    return inner._run_through_graph(tensor, operation_fn=lambda layer: layer)


def has_own_layers(model: Any) -> bool:
    """Whether a network has layers that KerasHub defines."""
    return any(map(_is_of_hub, model.layers))


def _is_of_hub(layer: Any) -> bool:
    return type(layer).__module__.startswith("keras_hub.")


def network_layers(model: Any) -> list[Any]:
    """The layers of a network, those of one of KerasHub inside of it among them."""
    found: list[Any] = []
    for layer in model.layers:
        inside = isinstance(layer, keras.Model) and _is_of_hub(layer)
        found += layer.layers if inside else [layer]
    return found


def converted(images: KerasTensor, preset: PresetConfig) -> KerasTensor:
    """Images resized and scaled as the image converter of a preset does.

    Args:
        images: (n, height, width, channels), with values from 0 to 255.
        preset: What its files say.
    """
    tensor: Any = images
    options = preset.converter
    size = preset.image_size
    if size is not None and tuple(images.shape[1:3]) != size:
        given = {key: options[key] for key in RESIZED if key in options}
        if "crop_to_aspect_ratio" not in given:
            given["crop_to_aspect_ratio"] = not given.get("pad_to_aspect_ratio")
        tensor = keras.layers.Resizing(*size, name="resize", **given)(tensor)
    scale, offset = options.get("scale"), options.get("offset")
    if scale is not None or offset is not None:
        made = keras.layers.Rescaling(
            1.0 if scale is None else scale,
            0.0 if offset is None else offset,
            name="rescale",
        )
        tensor = made(tensor)
    found: KerasTensor = tensor
    return found


def _network(preset: PresetConfig, shape: Shape, config: BackboneConfig) -> Any:
    """The network as KerasHub makes it; a pretrained one drops nothing."""
    network = image_backbones()[preset.class_name]
    try:
        given = {**preset.network, preset.shape_argument: shape}
        if config.pretrained:
            given |= dict.fromkeys(preset.dropped, 0.0)
        return network(**given)
    except UserError:
        raise
    except Exception as error:  # its checks raise all kinds
        raise UserError(
            _("{network} cannot be built for images of {shape}: {reason}").format(
                network=preset.class_name,
                shape="×".join("?" if each is None else str(each) for each in shape),
                reason=plain(error),
            )
        ) from error


def _features(given: Any, config: BackboneConfig) -> Any:
    """The feature maps or tokens of a network; of several maps, the last ones."""
    found = (
        list(given.values()) if isinstance(given, dict) else keras.tree.flatten(given)
    )
    ranks = {len(each.shape) for each in found}
    if found and (ranks == {MAPS} or (ranks == {TOKENS} and len(found) == 1)):
        return found[-1]
    raise UserError(
        _("{network} gives neither feature maps nor tokens.").format(
            network=config.title
        ),
        _("Choose a network that turns one image into features."),
    )


def _pooled(
    features: Any, config: BackboneConfig, preset: PresetConfig, images: KerasTensor
) -> Any:
    """One row of features, as KerasHub's classifiers make it; or all of them."""
    tokens = len(features.shape) == TOKENS
    if config.pooling == TOKEN:
        if not tokens or not has_class_token(features, preset, tuple(images.shape)):
            raise UserError(
                _("{network} has no class token.").format(network=config.title),
                _("Set pooling to “avg”, “max” or “none”."),
            )
        return features[:, 0]
    name = {"avg": "Average", "max": "Max"}.get(config.pooling)
    if name is None:
        return features
    pool = getattr(keras.layers, f"Global{name}Pooling{1 if tokens else 2}D")
    return pool(name="pool")(features)


def has_class_token(features: Any, preset: PresetConfig, shape: Shape) -> bool:
    """Whether tokens begin with one for the whole image: there are more than patches.

    Args:
        features: Tokens, (n, count, channels).
        preset: What the files of the network say.
        shape: Of its images, (n, height, width, channels).
    """
    side = preset.network.get(TOKENS_OF)
    sides = side if isinstance(side, (list, tuple)) else (side, side)
    if not all(isinstance(each, int) and each for each in (*sides, *shape[1:3])):
        return False
    patches = math.prod(
        int(whole or 0) // int(one)
        for whole, one in zip(shape[1:3], sides, strict=True)
    )
    return bool(features.shape[1] and features.shape[1] > patches)


def load_preset(
    model: KerasModel, config: BackboneConfig, path: Path
) -> MatchedWeights:
    """Give a network the weights of its preset, all of them.

    Args:
        model: As `make_hub_network` makes it.
        config: Which preset.
        path: `model.weights.h5` of it.

    Raises:
        UserError: The file cannot be read, or is of another network.
    """
    with opened_hdf5(path, path.name):
        pass  # refers to no other file, and is not too large
    preset = known_preset(config)
    shape: Shape = tuple(cast("Any", model).input_shape[1:])
    if config.preprocess and preset.image_size is not None:
        shape = (*preset.image_size, shape[2])
    inner = _network(preset, shape, config)
    try:
        inner.load_weights(path)
    except Exception as error:  # h5py and Keras raise all kinds
        raise UserError(
            _("{path} does not fit {network}: {reason}").format(
                path=path, network=config.title, reason=plain(error)
            ),
            _("Put the file of the same preset there, or use images of its size."),
        ) from error
    own = [layer for layer in network_layers(model) if layer.weights]
    found = [layer for layer in inner.layers if layer.weights]
    named = {layer.name: layer for layer in own}
    # Keras numbers those without a name of their own by how many it has made.
    pairs: Iterable[tuple[Any, Any]] = zip(own, found, strict=True)
    if all(layer.name in named for layer in found):
        pairs = ((named[layer.name], layer) for layer in found)
    for layer, source in pairs:
        layer.set_weights(source.get_weights())
    return MatchedWeights(tuple(layer.name for layer in found), (), ())
