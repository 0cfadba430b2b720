"""What the catalog says of a metric beside its parameters: which way is better."""

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

    Keras keeps it on the metric itself, for its own callbacks; the overlay speaks
    for the few metrics of which Keras says nothing.

    Args:
        metric: The class.
        example: Parameters that build it.
        own: The overlay's entry.

    Raises:
        UserError: Neither of them says.
    """
    given = getattr(metric(**example), "_direction", None) or own.get("direction")
    if given not in DIRECTIONS:
        raise UserError(f"overlay.json must give {name} a direction: up or down.")
    return str(given)
