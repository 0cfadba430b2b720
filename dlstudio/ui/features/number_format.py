"""How numbers of the data are shown: 288,800 · 76.0 · 0.0123."""

from __future__ import annotations

import math
import re

from dlstudio.i18n import _
from dlstudio.value_text import GROUPED_FROM, grouped
from dlstudio.value_text import value_text as short_value

__all__ = ("aligned_number", "cell_number", "range_text", "short_value")

MAX_DECIMALS = 4
_PLAIN = re.compile(r"-?\d+(?:\.(?P<decimals>\d+))?", re.ASCII)


def cell_number(text: str) -> str:
    """A number of a cell: grouped if it is long, with few decimals; else as it is."""
    found = _PLAIN.fullmatch(text)
    if found is None or text.lstrip("-").startswith("00"):
        return text
    decimals = len(found["decimals"] or "")
    value = float(text)
    if decimals > MAX_DECIMALS:
        small = value != 0 and abs(value) < 1
        return f"{value:.4g}" if small else f"{grouped(value, 2)}"
    return grouped(value, decimals) if abs(value) >= GROUPED_FROM else text


def aligned_number(text: str, decimals: int) -> str:
    """A number of a column all of whose numbers have the same decimals.

    Args:
        text: Of the cell; shown as it is if it is no plain number.
        decimals: So many.
    """
    try:
        value = float(text)
    except ValueError:
        return text
    return grouped(value, decimals) if math.isfinite(value) else text


def range_text(least: str, most: str) -> str:
    """ "1 to 12"."""
    return _("{least} to {most}").format(least=least, most=most)
