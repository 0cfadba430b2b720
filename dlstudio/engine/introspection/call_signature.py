"""Further arguments of a layer's call: masks and plain values."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlstudio.engine.introspection.overlay import CallOverlay


@dataclass(frozen=True, slots=True)
class CallSignature:
    """The further arguments of a call.

    Attributes:
        keywords: Tensors passed by keyword; a name that occurs twice takes a list of
            two.
        values: Plain values, in the JSON form of `Param`.
    """

    keywords: tuple[str, ...] = ()
    values: list[dict[str, Any]] = field(default_factory=list)


def call_of(layer: Any, overlay: CallOverlay) -> CallSignature:
    """The arguments of a layer's `call` that the overlay describes."""
    signature = inspect.signature(layer.call).parameters
    counts = overlay["pairs"].get(layer.__name__, {})
    keywords = [
        name
        for name in signature
        if name in overlay["tensors"]
        for _time in range(counts.get(name, 1))
    ]
    known = overlay["values"]
    values = [{"name": n, **known[n]} for n in signature if n in known]
    return CallSignature(tuple(keywords), values)
