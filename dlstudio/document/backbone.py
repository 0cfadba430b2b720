"""The parameters of a backbone; needs no Keras."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from dlstudio.catalog.backbones import (
    BACKBONE,
    DEFAULT,
    IMAGENET,
    NONE,
    Network,
    networks,
)
from dlstudio.document.graph import INPUT, Graph, Node
from dlstudio.document.preset_config import SIZE, PresetConfig, preset_config_of
from dlstudio.errors import UserError
from dlstudio.i18n import _

CHANNELS = 3
POOLING = re.compile(r"(keras\.layers\.Global(?:Average|Max)Pooling)[12](D)")
OF_APPLICATIONS = ("architecture", "alpha", "minimalistic")
"""Parameters that only networks of `keras.applications` have."""


@dataclass(frozen=True, slots=True)
class BackboneConfig:
    """The parameters of a Backbone node; see its description."""

    architecture: str = DEFAULT
    weights: str = IMAGENET
    pooling: str = "none"
    trainable_from: str = ""
    preprocess: bool = True
    alpha: float | None = None
    minimalistic: bool | None = None
    weights_sha256: str = ""
    preset: str = ""
    preset_config: str = ""

    @classmethod
    def of(cls, params: Mapping[str, object]) -> BackboneConfig:
        """The configuration in a node's parameters, which are valid or defaults."""
        known = cls.__slots__
        given = {k: v for k, v in params.items() if k in known and v is not None}
        return cls(**given)  # type: ignore[arg-type]

    @property
    def network(self) -> Network:
        """What is known of the network.

        Raises:
            UserError: There is no such network.
        """
        if self.preset:
            return self._preset_network()
        found = networks().get(self.architecture)
        if found is None:
            raise UserError(
                _("There is no network “{name}”.").format(name=self.architecture)
            )
        return found

    def _preset_network(self) -> Network:
        kept = self.kept_preset
        size = kept.size if kept is not None else SIZE
        return Network(self.title, "", size, 1, "", {}, False, ())

    @property
    def kept_preset(self) -> PresetConfig | None:
        """What is known of its preset; None if nothing is, or it is damaged."""
        if not self.preset or not self.preset_config:
            return None
        try:
            return preset_config_of(self.preset_config)
        except UserError:
            return None  # building it says so

    @property
    def title(self) -> str:
        """The network's name: that of a preset, or the last part of its folder's."""
        if not self.preset:
            return self.architecture
        return re.split(r"[\\/]", self.preset.strip().rstrip("\\/"))[-1]

    @property
    def preset_folder(self) -> str:
        """The folder with a preset; "" if it is published, or there is none."""
        plain = self.preset.strip()
        return plain if plain and plain_folder(plain) == plain else ""

    @property
    def pretrained(self) -> bool:
        """Whether it begins with weights that were learned elsewhere."""
        return self.weights.strip().lower() not in ("", NONE)

    @property
    def is_imagenet(self) -> bool:
        """Whether it begins with weights that Keras publishes."""
        return not self.preset and self.weights.strip().lower() == IMAGENET

    @property
    def has_preset_weights(self) -> bool:
        """Whether it begins with the weights of its preset."""
        return bool(self.preset) and self.pretrained and not self.own_file

    @property
    def scales_images(self) -> bool:
        """Whether it scales pixels; a preset that is not known yet may do so."""
        kept = self.kept_preset
        if kept is None:
            return self.preprocess
        converter = kept.converter
        scales = any(converter.get(each) is not None for each in ("scale", "offset"))
        return self.preprocess and scales

    @property
    def own_file(self) -> str:
        """The file with weights; "" if published or of a preset, or there are none."""
        plain = self.weights.strip()
        return "" if plain.lower() in ("", NONE, IMAGENET) else plain

    @property
    def arguments(self) -> dict[str, object]:
        """Further arguments of the network that are set and that it takes.

        Raises:
            UserError: It does not take one that is set.
        """
        given = {"alpha": self.alpha, "minimalistic": self.minimalistic}
        chosen: dict[str, object] = {
            name: value for name, value in given.items() if value is not None
        }
        for name in chosen:
            if name not in self.network.arguments:
                raise UserError(
                    _("{network} has no argument “{name}”.").format(
                        network=self.title, name=name
                    ),
                    _("Clear it, or choose a network that has one."),
                )
        return chosen


def plain_folder(path: str) -> str:
    """A folder as the parameter `preset` has it, apart from names of presets."""
    return path if re.search(r"[\\/]|^[.~]", path) else f"./{path}"


@dataclass(frozen=True, slots=True)
class BackboneBlock:
    """A block of a network, from which on it may be trained.

    Attributes:
        name: That the names of its layers begin with.
        parameters: Those that are trained from there on.
    """

    name: str
    parameters: int


def hidden_params(nodes: Iterable[Node]) -> set[str]:
    """Parameters of backbones that a form leaves out: a preset is chosen elsewhere."""
    preset = any(node.params.get("preset") for node in nodes)
    return {"preset", "preset_config", *(OF_APPLICATIONS if preset else ())}


def pooling_behind(graph: Graph, node: Node, rank: int) -> list[Node]:
    """The pooling layers behind a backbone, as they take what it gives.

    Args:
        graph: Of the node.
        node: The backbone; one that pools itself needs none behind it.
        rank: 1 if it gives tokens, 2 if it gives feature maps.
    """
    if BackboneConfig.of(node.params).pooling != "none":
        return []
    behind = (graph.nodes[edge.target] for edge in graph.out_of(node.id))
    return [
        replace(each, kind=POOLING.sub(rf"\g<1>{rank}\g<2>", each.kind))
        for each in behind
        if POOLING.fullmatch(each.kind)
    ]


def is_pretrained(node: Node) -> bool:
    """Whether a node is a backbone whose weights were learned elsewhere."""
    return node.kind == BACKBONE and BackboneConfig.of(node.params).pretrained


def images_height(graph: Graph, id: str) -> int | None:
    """The height of the images that enter a layer; None if it varies or is unknown.

    Args:
        graph: Of the layer.
        id: Of the layer.
    """
    seen = {id}
    while edges := graph.into(id):
        id = edges[0].source
        if id in seen:
            return None
        seen.add(id)
        node = graph.nodes[id]
        height = node.params.get("height")
        if isinstance(height, int):
            return height
        shape = node.params.get("shape")
        if node.kind == INPUT and isinstance(shape, tuple) and shape:
            return shape[0] if isinstance(shape[0], int) else None
    return None
