"""Lists of names for messages, shortened where there are many."""

from __future__ import annotations

from collections.abc import Iterable

from dlstudio.i18n import ngettext

MOST = 6


def list_names(names: Iterable[str], most: int = MOST) -> str:
    """ "a, b, c", or "a, b and 62 more" where there are more than `most`."""
    every = list(names)
    if len(every) <= most:
        return ", ".join(every)
    left = len(every) - most
    return ngettext(
        "{names} and {count} more", "{names} and {count} more", left
    ).format(names=", ".join(every[:most]), count=left)
