"""The sizes and fonts of the studio, with its colours; defined nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, fields

from dlstudio.theme_colors import DARK as DARK
from dlstudio.theme_colors import LIGHT as LIGHT
from dlstudio.theme_colors import ThemeColors as ThemeColors

RUN_COLORS = (
    "#3b82f6",
    "#ea580c",
    "#9333ea",
    "#0d9488",
    "#db2777",
    "#ca8a04",
    "#6366f1",
    "#16a34a",
)
"""Colours of overlaid runs, distinguishable on light and dark backgrounds."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A palette with sizes and fonts, in pixels at 100 %."""

    name: str
    colors: ThemeColors
    unit: int = 8
    radius: int = 8
    radius_small: int = 6
    font: str = (
        '"Inter", "Segoe UI", "SF Pro Text", "Noto Sans CJK SC", '
        '"Microsoft YaHei", "PingFang SC", sans-serif'
    )
    mono: str = '"JetBrains Mono", "Consolas", "SF Mono", "DejaVu Sans Mono", monospace'
    text_size: int = 13
    small_size: int = 12
    tiny_size: int = 11
    title_size: int = 15
    large_size: int = 20

    def run_color(self, number: int) -> str:
        """The colour of a run by its number."""
        return RUN_COLORS[(number - 1) % len(RUN_COLORS)]

    def values(self) -> dict[str, str]:
        """All values by name, for the style sheet template."""
        colors = {f.name: getattr(self.colors, f.name) for f in fields(self.colors)}
        own = {
            f.name: str(getattr(self, f.name))
            for f in fields(self)
            if f.name not in ("colors", "name")
        }
        return {**colors, **own}


LIGHT_THEME = Theme("light", LIGHT)
DARK_THEME = Theme("dark", DARK)
