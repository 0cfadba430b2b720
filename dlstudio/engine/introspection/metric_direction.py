"""The direction of a metric: whether larger or smaller values are better."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from dlstudio.errors import UserError

if TYPE_CHECKING:
    from dlstudio.engine.introspection.overlay import KindOverlay


DIRECTIONS = ("up", "down")


def direction_of(
    name: str,
    metric: Callable[..., object],
    example: Mapping[str, object],
    own: KindOverlay,
) -> str:
    """ "up" where larger values are better, "down" where smaller ones are.

    Keras stores it on the metric, for its callbacks; the overlay has the few metrics
    without one.

    Args:
        metric: The class.
        example: Parameters that build it.
        own: The overlay's entry.

    Raises:
        UserError: Neither Keras nor the overlay has a direction.
    """
    given = getattr(metric(**example), "_direction", None) or own.get("direction")
    if given not in DIRECTIONS:
        raise UserError(f"overlay.json must give {name} a direction: up or down.")
    return str(given)
