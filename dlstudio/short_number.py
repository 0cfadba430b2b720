"""Human-readable large numbers, in the same format everywhere."""

from __future__ import annotations

from dlstudio.i18n import translator

UNITS = {
    "en": ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")),
    "zh_CN": ((1e12, "万亿"), (1e8, "亿"), (1e4, "万")),
}


def short_number(number: float) -> str:
    """Three digits and a unit of the language: 8_123_456 → "8.12 M", "812 万"."""
    for size, unit in UNITS.get(translator.language, UNITS["en"]):
        if number >= size:
            scaled = number / size
            return f"{scaled:.0f} {unit}" if scaled >= 100 else f"{scaled:.3g} {unit}"
    return f"{number:.0f}"
