"""The labels' file: one name a line, in the order of the scores."""

from __future__ import annotations

from collections.abc import Sequence


def labels_text(classes: Sequence[str]) -> str:
    """One class a line; a line break inside a name becomes a space."""
    return "".join(" ".join(name.splitlines()) + "\n" for name in classes)
