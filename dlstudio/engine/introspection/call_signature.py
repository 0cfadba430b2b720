"""What a layer's call takes beside its usual tensors: masks, and plain values."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlstudio.engine.introspection.overlay import CallOverlay


@dataclass(frozen=True, slots=True)
class CallSignature:
    """What a call takes more.

    Attributes:
        keywords: Tensors that go in by name; one that stands there twice goes in as
            a list of two.
        values: Plain values, in the JSON form of `Param`.
    """

    keywords: tuple[str, ...] = ()
    values: list[dict[str, Any]] = field(default_factory=list)


def call_of(layer: Any, overlay: CallOverlay) -> CallSignature:
    """What the signature of a layer's `call` names and the overlay knows."""
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
