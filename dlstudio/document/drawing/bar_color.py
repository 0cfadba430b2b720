"""The colour of a card's narrow bar on a light or dark background."""

from __future__ import annotations

import colorsys

from dlstudio.theme_colors import ThemeColors

DARK_LIGHTNESS = 0.5  # backgrounds with less lightness are dark
MIN_LIGHTNESS = 0.56  # minimum lightness of a colour on a dark background
SATURATION = 0.8  # saturation on a dark background


def bar_color(colors: ThemeColors, color: str) -> str:
    """A category's colour, lightened on a dark background; a faint one for ""."""
    color = color or colors.text_faint
    if _hls(colors.background)[1] >= DARK_LIGHTNESS:
        return color
    hue, lightness, saturation = _hls(color)
    parts = colorsys.hls_to_rgb(
        hue, max(lightness, MIN_LIGHTNESS), saturation * SATURATION
    )
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _hls(color: str) -> tuple[float, float, float]:
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return colorsys.rgb_to_hls(red, green, blue)
