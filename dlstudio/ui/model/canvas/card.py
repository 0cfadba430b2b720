"""Painting a card: ground, bar, texts, marks and ports."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from dlstudio.ui.model.canvas.face import Face
from dlstudio.ui.model.canvas.grounds import BAR
from dlstudio.ui.model.canvas.look import NEAR, Look, Runs, draw, runs

PAD = 14.0  # from the card's edge to the texts
MARK = 12.0
GAP = 5.0
PORT = 4.0
LEAST_SHARE = 0.005

# Severity: icon and colour of the badge.
BADGES = {
    "error": ("mdi6.alert-circle", "bad"),
    "warning": ("mdi6.alert", "warning"),
    "hint": ("mdi6.lightbulb-on-outline", "accent"),
}


class CardPainter:
    """Paints one face; its texts are shaped when they are first drawn."""

    def __init__(self, face: Face, look: Look) -> None:
        self.face = face
        self.look = look
        self._shaped: dict[str, Runs] = {}
        self._marks = marks(face)
        self._bar = look.bar(face.color).name()
        self._count_width = look.count_metrics.horizontalAdvance(face.count)

    def wanted_width(self) -> float:
        """The width at which no text is cut, in pixels at 100 %."""
        look, face = self.look, self.face
        right = self._count_width + len(self._marks) * (MARK + GAP)
        first = look.name_metrics.horizontalAdvance(face.name) + right + 12
        second = look.sub_metrics.horizontalAdvance(face.title)
        return float(max(first, second) + PAD * 2)

    def paint_ground(
        self, painter: QPainter, width: float, height: float, edge: str
    ) -> None:
        """The white card with its bar; from near with a shadow."""
        look, face = self.look, self.face
        look.grounds.paint(
            painter,
            (width, height),
            look.scale,
            look.ratio,
            (self._bar, edge, face.nested),
        )
        if face.share >= LEAST_SHARE and look.scale >= NEAR:
            self._paint_share(painter, width, height)

    def _paint_share(self, painter: QPainter, width: float, height: float) -> None:
        """A thin line as long as the layer's part of the model's work."""
        full = width - BAR - 3
        line = QRectF(BAR + 1 - width / 2, height / 2 - 2.5, full, 2)
        line.setWidth(max(2.0, full * self.face.share))
        painter.fillRect(line, self.look.color("line_strong"))

    def paint_texts(self, painter: QPainter, width: float, height: float) -> None:
        """Name, kind with parameters, number of weights, marks."""
        look, face = self.look, self.face
        left, top = PAD - width / 2, -height / 2
        right = width / 2 - PAD + 3
        for icon, color in self._marks:
            right -= MARK
            picture = look.picture(icon, getattr(look.colors, color), int(MARK))
            painter.drawPixmap(QPointF(right, top + 9), picture)
            right -= GAP
        if face.count:
            right -= self._count_width
            painter.setPen(look.faint)
            draw(painter, QPointF(right, top + 8), self._line("count", right, width))
            right -= GAP
        painter.setPen(look.text)
        draw(painter, QPointF(left, top + 6.5), self._line("name", left, right))
        painter.setPen(look.muted)
        end = width / 2 - PAD + 4
        draw(painter, QPointF(left, top + 25.5), self._line("title", left, end))

    def paint_name(self, painter: QPainter, width: float) -> None:
        """The name alone, larger, to be read from farther away."""
        painter.setPen(self.look.text)
        left, right = PAD - width / 2, width / 2 - 6
        draw(painter, QPointF(left, -15), self._line("big", left, right))

    def paint_ports(self, painter: QPainter, ends: Iterable[QPointF]) -> None:
        """Small rings where wires begin and end."""
        painter.setPen(QPen(self.look.accent, 1.6))
        painter.setBrush(self.look.surface)
        for end in ends:
            painter.drawEllipse(end, PORT, PORT)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _line(self, part: str, left: float, right: float) -> Runs:
        """A line of text, cut with "…" where there is no room for it."""
        found = self._shaped.get(part)
        if found is None:
            look, face = self.look, self.face
            text, font = {
                "name": (face.name, look.name_font),
                "title": (face.title, look.sub_font),
                "count": (face.count, look.count_font),
                "big": (face.name, look.big_font),
            }[part]
            cut = QFontMetricsF(font).elidedText(
                text, Qt.TextElideMode.ElideRight, right - left + 1
            )
            found = runs(cut, font)
            self._shaped[part] = found
        return found


def marks(face: Face) -> list[tuple[str, str]]:
    """Icons at the right of the name, from the right, with their colours."""
    found = [BADGES[face.severity]] if face.severity else []
    if face.frozen:
        found.append(("mdi6.snowflake", "accent"))
    if face.shares:
        found.append(("mdi6.link-variant", "text_faint"))
    return found
