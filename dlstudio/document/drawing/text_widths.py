"""Widths of texts where no font can be asked: close to Inter and Helvetica."""

from __future__ import annotations

import unicodedata

from dlstudio.document.drawing.shapes import TextStyle

# Thousandths of the font's size; of all other characters, an average.
_GROUPS = {
    "ijl|'": 240, " .,:;!": 280, "fItr()[]/\\-": 340, "\"*^·": 400, "Jcksvxyz": 520,
    "abdeghnopqu0123456789LFTZ_?$#": 590, "<>=+~×≥≤": 620, "ABEKPSVXY&": 680,
    "CDHNRUw": 740, "GOQM%m": 850, "W@": 960, "…—": 1000,
}  # fmt: skip
_WIDTHS = {char: width for chars, width in _GROUPS.items() for char in chars}
_AVERAGE, _WIDE, _MONO = 600, 1000, 602
_BOLD = 1.05
_RESERVE = 1.06  # for whoever opens a drawing and has only a wider font


def estimated_width(text: str, style: TextStyle) -> float:
    """The width of a text in pixels, correct to some per cent."""
    total = sum(_width(char, style.mono) for char in text)
    bold = _BOLD if style.weight >= 600 else 1.0
    return total * bold * _RESERVE * style.size / 1000


def _width(char: str, mono: bool) -> int:
    if unicodedata.combining(char):
        return 0
    if unicodedata.east_asian_width(char) in "WF":
        return _WIDE
    return _MONO if mono else _WIDTHS.get(char, _AVERAGE)
