"""The size and form of images that a model expects, read from its graph."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dlstudio.catalog.value_checks import is_int
from dlstudio.data.images.value_range import ValueRange, value_range_of
from dlstudio.document.graph import Graph, Node
from dlstudio.document.values import Spec, Value
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject

RESIZING = "keras.layers.Resizing"
LARGEST_SIDE = 8192


@dataclass(frozen=True, slots=True)
class ImageSpec:
    """Image size in pixels and resizing options, as of `keras.layers.Resizing`.

    Attributes:
        channels: 1 (grey), 3 (RGB) or 4 (RGBA).
        value_range: Values of images with more than 8 bits that become 0 and 255;
            None for the full range of their format.
    """

    height: int
    width: int
    channels: int = 3
    interpolation: str = "bilinear"
    antialias: bool = True
    crop_to_aspect_ratio: bool = False
    pad_to_aspect_ratio: bool = False
    fill_mode: str = "constant"
    fill_value: float = 0.0
    value_range: ValueRange | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        """(height, width, channels)."""
        return self.height, self.width, self.channels

    def to_json(self) -> JsonObject:
        """All fields as a JSON object; the value range only if set."""
        fields = dataclasses.asdict(self)
        if self.value_range is None:
            del fields["value_range"]
        return fields

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> ImageSpec:
        """The spec of a `to_json` object."""
        ends = item.get("value_range")
        return cls(**{**item, "value_range": tuple(ends) if ends else None})


def image_spec(graph: Graph, source: Spec | None = None) -> ImageSpec:
    """The form in which images are prepared for a model.

    An input of fixed size determines it (bilinear, antialiased). Otherwise a Resizing
    layer fed by the input does: preparation applies exactly the same resizing, so that
    the layer then has no effect.

    Args:
        source: Data source, which may set the values that become black and white.

    Raises:
        UserError: There is not exactly one input of shape (H, W, C), or no size; or the
            value range is invalid.
    """
    if len(graph.inputs) != 1:
        raise UserError(
            _(
                "A model for images needs exactly one input; this one has {count}."
            ).format(count=len(graph.inputs)),
            _("Keep a single Input layer with the shape height, width, channels."),
        )
    return input_spec(graph, graph.inputs[0].id, source)


def input_spec(graph: Graph, input: str, source: Spec | None = None) -> ImageSpec:
    """As `image_spec`, for one of several inputs.

    Args:
        graph: Has the input.
        input: Id of the input's node.
        source: The data's, which may say which values become black and white.

    Raises:
        UserError: There is no such input, it has not the shape (H, W, C), or no size;
            or the value range is none.
    """
    node = graph.nodes.get(input)
    if node is None:
        raise UserError(_("The model has no input called “{name}”.").format(name=input))
    ends = value_range_of(source) if source is not None else None
    return dataclasses.replace(_spec_of(graph, node), value_range=ends)


def _spec_of(graph: Graph, node: Node) -> ImageSpec:
    height, width, channels = _input_shape(node)
    if height is not None and width is not None:
        return ImageSpec(height, width, channels)
    resizings = {_resizing(each, channels) for each in _fed_resizings(graph, node)}
    if not resizings:
        raise UserError(
            _(
                "“{node}” accepts images of any size, so the size to use is not "
                "defined."
            ).format(node=node.id),
            _("Set a height and a width, or add a Resizing layer after it."),
        )
    if len(resizings) > 1:
        raise UserError(
            _("The Resizing layers after “{node}” have different sizes.").format(
                node=node.id
            ),
            _("Give them the same settings, or set a fixed size for the input."),
        )
    return resizings.pop()


def _fed_resizings(graph: Graph, node: Node) -> list[Node]:
    targets = [graph.nodes.get(edge.target) for edge in graph.out_of(node.id)]
    return [each for each in targets if each is not None and each.kind == RESIZING]


def _resizing(node: Node, channels: int) -> ImageSpec:
    """The settings of a Resizing layer, with Keras' defaults."""
    params = node.params
    height = _side(params.get("height"), node)
    width = _side(params.get("width"), node)
    if height is None or width is None:
        raise UserError(
            _("“{node}” has no height or no width.").format(node=node.id),
            _("Set both, in pixels."),
        )
    fill = params.get("fill_value", 0.0)
    return ImageSpec(
        height,
        width,
        channels,
        interpolation=str(params.get("interpolation", "bilinear")),
        antialias=bool(params.get("antialias", False)),
        crop_to_aspect_ratio=bool(params.get("crop_to_aspect_ratio", False)),
        pad_to_aspect_ratio=bool(params.get("pad_to_aspect_ratio", False)),
        fill_mode=str(params.get("fill_mode", "constant")),
        fill_value=float(fill) if isinstance(fill, (int, float)) else 0.0,
    )


def _input_shape(node: Node) -> tuple[int | None, int | None, int]:
    shape = node.params.get("shape")
    if shape is None:
        batch = node.params.get("batch_shape")
        shape = batch[1:] if isinstance(batch, tuple) else ()
    if not isinstance(shape, tuple) or len(shape) != 3:
        raise UserError(
            _("“{node}” does not accept images: its shape is {shape}.").format(
                node=node.id, shape=shape
            ),
            _("The shape of images is height, width, channels, such as 32, 32, 3."),
        )
    height, width, channels = shape
    if channels not in (1, 3, 4) or isinstance(channels, bool):
        raise UserError(
            _(
                "“{node}” expects {channels} channels, but images have 1, 3 or 4."
            ).format(node=node.id, channels=channels),
            _("Set the last dimension of its shape to 3 for color or 1 for grayscale."),
        )
    return _side(height, node), _side(width, node), int(channels)


def _side(value: Value, node: Node) -> int | None:
    """A valid height or width, or None."""
    if value is None:
        return None
    if is_int(value) and 1 <= value <= LARGEST_SIDE:
        return int(value)
    raise UserError(
        _(
            "“{node}” has a side of {value} pixels; it must be 1 to {largest} pixels."
        ).format(node=node.id, value=value, largest=LARGEST_SIDE)
    )
