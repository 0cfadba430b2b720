"""Fonts of this machine for images of drawings."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from PIL import ImageFont

from dlstudio.document.drawing.shapes import TextStyle

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

# File names in the order of preference; Pillow looks in the system's font folders.
_SANS = (
    "Inter-Regular.ttf", "segoeui.ttf", "SFNS.ttf", "NotoSans-Regular.ttf",
    "NotoSansCJK-Regular.ttc", "Arial.ttf", "LiberationSans-Regular.ttf",
    "DejaVuSans.ttf",
)  # fmt: skip
_BOLD = (
    "Inter-SemiBold.ttf", "seguisb.ttf", "NotoSans-SemiBold.ttf", "NotoSans-Bold.ttf",
    "NotoSansCJK-Bold.ttc", "Arial Bold.ttf", "arialbd.ttf",
    "LiberationSans-Bold.ttf", "DejaVuSans-Bold.ttf",
)  # fmt: skip
_MONO = (
    "JetBrainsMono-Regular.ttf", "consola.ttf", "SFNSMono.ttf", "DejaVuSansMono.ttf",
    "LiberationMono-Regular.ttf", "Menlo.ttc",
)  # fmt: skip
_CHINESE = (
    "NotoSansCJK-Regular.ttc", "NotoSansSC-Regular.otf", "SourceHanSansSC-Regular.otf",
    "msyh.ttc", "PingFang.ttc", "STHeiti Light.ttc", "wqy-microhei.ttc", "simhei.ttf",
)  # fmt: skip


@dataclass(slots=True)
class DrawingFonts:
    """Finds the font of a text, at a scale; each file is opened once.

    Attributes:
        scale: Pixels of the image for each pixel of the drawing.
    """

    scale: float = 1.0
    _found: dict[tuple[tuple[str, ...], float], Font] = field(default_factory=dict)

    def font(self, text: str, style: TextStyle) -> Font:
        """The first font that is installed, else Pillow's own."""
        names: tuple[str, ...] = _SANS
        if any(unicodedata.east_asian_width(char) in "WF" for char in text):
            names = _CHINESE
        elif style.mono:
            names = _MONO
        elif style.weight >= 600:
            names = _BOLD
        key = (names, style.size * self.scale)
        if key not in self._found:
            self._found[key] = _installed(*key)
        return self._found[key]

    def measure(self, text: str, style: TextStyle) -> float:
        """The width of a text in pixels of the drawing."""
        return self.font(text, style).getlength(text) / self.scale


def _installed(names: tuple[str, ...], size: float) -> Font:
    for name in names:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)
