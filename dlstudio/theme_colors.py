"""The colours of both themes, for window and drawings; defined nowhere else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ThemeColors:
    """Named colours as "#rrggbb" (or "#aarrggbb")."""

    background: str  # behind the cards and the canvas
    surface: str  # cards, bars, panels
    raised: str  # menus, tooltips, floating panels
    hover: str
    line: str  # borders, separators
    line_strong: str  # borders of fields under the pointer
    grid: str  # dots of the canvas
    text: str
    text_muted: str
    text_faint: str
    accent: str
    accent_hover: str
    accent_soft: str  # background of chips, checked buttons, and the current room
    selected: str  # background of selected rows and entries
    on_accent: str
    edge: str
    good: str
    good_soft: str
    warning: str
    warning_soft: str
    bad: str
    bad_soft: str
    bad_line: str
    shadow: str
    training: str  # training curves
    validation: str


LIGHT = ThemeColors(
    background="#f5f6f8",
    surface="#ffffff",
    raised="#ffffff",
    hover="#f1f3f6",
    line="#e1e5eb",
    line_strong="#c5ccd6",
    grid="#d5dae2",
    text="#172033",
    text_muted="#5b677a",
    text_faint="#7a8698",
    accent="#2563eb",
    accent_hover="#1d4fd0",
    accent_soft="#e8f0fe",
    selected="#dbe8fe",
    on_accent="#ffffff",
    edge="#93a1b8",
    good="#15803d",
    good_soft="#e9f7ee",
    warning="#a16207",
    warning_soft="#fef7e0",
    bad="#b91c1c",
    bad_soft="#fef2f2",
    bad_line="#f3bcbc",
    shadow="#1a0f172a",
    training="#2563eb",
    validation="#ea580c",
)

DARK = ThemeColors(
    background="#12151b",
    surface="#1a1e26",
    raised="#222732",
    hover="#262c38",
    line="#2d3442",
    line_strong="#475063",
    grid="#2b3240",
    text="#e6eaf2",
    text_muted="#a3aec0",
    text_faint="#8490a4",
    accent="#5b8def",
    accent_hover="#75a0f4",
    accent_soft="#1a2642",
    selected="#243a68",
    on_accent="#0b1220",
    edge="#64718a",
    good="#4ade80",
    good_soft="#14291d",
    warning="#facc15",
    warning_soft="#2c2713",
    bad="#f87171",
    bad_soft="#331b1e",
    bad_line="#6b2f33",
    shadow="#66000000",
    training="#6ea0f8",
    validation="#fb923c",
)
