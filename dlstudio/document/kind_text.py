"""The short name of a kind of layer in lists and sentences."""

from __future__ import annotations

from dlstudio.document.graph import NESTED
from dlstudio.i18n import _


def short_kind(kind: str) -> str:
    """The class without its package: "Conv2D"; a graph is a nested model."""
    return _("Nested model") if kind == NESTED else kind.rpartition(".")[2]
