"""What a preset of KerasHub says of its network: JSON that needs no KerasHub."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import parse_json

KEPT, DEEPEST = 64, 16
SIZE = 224
"""Of images, where a preset names no size."""
DROP = "drop"
"""Part of the names of arguments that say which share of values is dropped."""
TOKENS_OF = "patch_size"
"""The argument of networks that give tokens instead of feature maps."""


@dataclass(frozen=True, slots=True)
class PresetConfig:
    """The network of a preset and how it takes images, as its files say.

    Attributes:
        class_name: Of the network in `keras_hub.models`.
        network: Arguments of the class, which are numbers, words and lists of them.
        converter: Options of its image converter; {} if it has none.
    """

    class_name: str
    network: Mapping[str, object] = field(default_factory=dict)
    converter: Mapping[str, object] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Of the square images that it was made for."""
        for value in (self.image_size, self.network.get(self.shape_argument)):
            if isinstance(value, (list, tuple)) and value:
                side = value[0]
                if isinstance(side, int):
                    return side
        return SIZE

    @property
    def image_size(self) -> tuple[int, int] | None:
        """What it resizes images to, (height, width); None if it takes them as are."""
        match self.converter.get("image_size"):
            case [int(height), int(width)]:
                return height, width
        return None

    @property
    def shape_argument(self) -> str:
        """The argument of the class that has the shape of its images."""
        return "input_shape" if "input_shape" in self.network else "image_shape"

    @property
    def gives_tokens(self) -> bool:
        """Whether it gives tokens, (count, channels), instead of feature maps."""
        return TOKENS_OF in self.network

    @property
    def dropped(self) -> tuple[str, ...]:
        """Arguments of the class by which it drops values in training."""
        return tuple(
            name
            for name, value in self.network.items()
            if DROP in name and isinstance(value, (int, float)) and value
        )

    @property
    def drops(self) -> bool:
        """Whether any of its layers may drop values in training."""
        return any(DROP in name for name in self.network)

    def text(self) -> str:
        """It as JSON, the same for the same preset."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))


@lru_cache(KEPT)
def preset_config_of(text: str) -> PresetConfig:
    """The configuration in a node.

    Args:
        text: As `PresetConfig.text` gives it.

    Raises:
        UserError: It is none.
    """
    try:
        config = PresetConfig(**parse_json(text.encode("utf-8"), DEEPEST))
    except (TypeError, UserError) as error:
        raise _damaged() from error
    parts = (config.network, config.converter)
    if not isinstance(config.class_name, str):
        raise _damaged()
    if not all(isinstance(part, dict) for part in parts):
        raise _damaged()
    return config


def _damaged() -> UserError:
    return UserError(
        _("The configuration of the preset is damaged."),
        _("Choose the preset again."),
    )
