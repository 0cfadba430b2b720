"""Helper queries on nodes and values."""

from __future__ import annotations

from dlstudio.document.graph import Node
from dlstudio.document.values import FrozenMap, Spec, Value, freeze_map
from dlstudio.engine.heads.base import short
from dlstudio.engine.model.kinds import RANDOM_TOKENS, SUBWORDS

LAYERS = "keras.layers."
TOKENS = (f"{LAYERS}TextVectorization", RANDOM_TOKENS, *SUBWORDS)
"""Layers that give the numbers of words, 0 for padding."""


def is_kind(node: Node, *names: str) -> bool:
    """Whether a node is one of these Keras layers."""
    return node.kind.startswith(LAYERS) and short(node.kind) in names


def whole(value: Value) -> int | None:
    """A whole number, or None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def number(value: Value) -> float | None:
    """A number, or None for anything else."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return None


def spec(kind: str, **params: object) -> Spec:
    """A catalog object with parameters from plain values."""
    return Spec(kind, freeze_map(params) if params else FrozenMap())
