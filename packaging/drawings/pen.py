"""A small pen for SVG; its colours are readable on white and on dark ground."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 320, 130
INK, BLUE, ORANGE, GREEN, RED = "#718096", "#3b82f6", "#ea7317", "#16a34a", "#dc2626"
SOFT = 0.18
Point = tuple[float, float]
Draw = Callable[["Pen"], None]


class Pen:
    """Collects shapes; coordinates are pixels from the upper left corner."""

    def __init__(self) -> None:
        self._shapes: list[str] = []

    def svg(self) -> str:
        """All of it as a file's text."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}"'
            f' height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
            ' font-family="sans-serif">'
        )
        return "\n".join([head, *self._shapes, "</svg>"]) + "\n"

    def line(
        self, start: Point, end: Point, color: str = INK, width: float = 1.5, dash=""
    ) -> None:
        """A straight line."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._shapes.append(
            f'<line x1="{_n(start[0])}" y1="{_n(start[1])}" x2="{_n(end[0])}"'
            f' y2="{_n(end[1])}" stroke="{color}" stroke-width="{_n(width)}"'
            f' stroke-linecap="round"{dashed}/>'
        )

    def path(
        self, points: Sequence[Point], color: str = BLUE, width: float = 2, dash=""
    ) -> None:
        """A line through points."""
        places = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._shapes.append(
            f'<polyline points="{places}" fill="none" stroke="{color}"'
            f' stroke-width="{_n(width)}" stroke-linejoin="round"'
            f' stroke-linecap="round"{dashed}/>'
        )

    def arrow(self, start: Point, end: Point, color: str = INK) -> None:
        """A line with a head at its end."""
        dx, dy = end[0] - start[0], end[1] - start[1]
        length = (dx * dx + dy * dy) ** 0.5 or 1.0
        dx, dy = dx / length, dy / length
        x, y = end[0] - 7 * dx, end[1] - 7 * dy
        self.line(start, (x, y), color)
        wings = [end, (x - 3.5 * dy, y + 3.5 * dx), (x + 3.5 * dy, y - 3.5 * dx)]
        self.area(wings, color, 1)

    def area(self, points: Sequence[Point], color: str, opacity: float = SOFT) -> None:
        """A filled polygon."""
        places = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        self._shapes.append(
            f'<polygon points="{places}" fill="{color}" fill-opacity="{_n(opacity)}"/>'
        )

    def box(
        self,
        corner: Point,
        size: Point,
        color: str = INK,
        opacity: float = SOFT,
        line: str = "",
        radius: float = 3,
    ) -> None:
        """A filled rectangle; `line` is the colour of its border."""
        border = f' stroke="{line}" stroke-width="1.5"' if line else ""
        self._shapes.append(
            f'<rect x="{_n(corner[0])}" y="{_n(corner[1])}" width="{_n(size[0])}"'
            f' height="{_n(size[1])}" rx="{_n(radius)}" fill="{color}"'
            f' fill-opacity="{_n(opacity)}"{border}/>'
        )

    def dot(
        self, place: Point, radius: float = 4, color: str = INK, opacity: float = 1
    ) -> None:
        """A filled circle."""
        self._shapes.append(
            f'<circle cx="{_n(place[0])}" cy="{_n(place[1])}" r="{_n(radius)}"'
            f' fill="{color}" fill-opacity="{_n(opacity)}"/>'
        )

    def text(
        self, place: Point, text: str, size: float = 12, color: str = INK, anchor=""
    ) -> None:
        """A word or number, its baseline's middle at `place`."""
        self._shapes.append(
            f'<text x="{_n(place[0])}" y="{_n(place[1])}" font-size="{_n(size)}"'
            f' fill="{color}" text-anchor="{anchor or "middle"}">{escape(text)}</text>'
        )

    # What several drawings are made of.

    def cells(
        self,
        corner: Point,
        rows: Sequence[Sequence[float]],
        size: float = 14,
        color: str = INK,
    ) -> None:
        """A grid of squares; a value between 0 and 1 is how dark one is."""
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                place = (corner[0] + x * size, corner[1] + y * size)
                dark = 0.08 + 0.82 * value
                self.box(place, (size - 1.5, size - 1.5), color, dark, radius=1.5)

    def frame(self, corner: Point, size: Point, color: str = ORANGE) -> None:
        """An empty rectangle."""
        self.box(corner, size, color, 0, color, 2)

    def axes(self, corner: Point, size: Point) -> None:
        """Two axes; `corner` is where they meet, at the lower left."""
        self.line(corner, (corner[0] + size[0], corner[1]))
        self.line(corner, (corner[0], corner[1] - size[1]))

    def graph(
        self,
        corner: Point,
        size: Point,
        function: Callable[[float], float],
        color: str = BLUE,
        dash: str = "",
        steps: int = 48,
    ) -> None:
        """`function` over 0 to 1, whose values are between 0 and 1."""
        places = [number / steps for number in range(steps + 1)]
        points = [
            (corner[0] + x * size[0], corner[1] - function(x) * size[1]) for x in places
        ]
        self.path(points, color, dash=dash)

    def bars(
        self,
        corner: Point,
        values: Sequence[float],
        colors: Sequence[str],
        height: float = 80,
        width: float = 22,
    ) -> None:
        """Bars from the lower left corner; a value is between 0 and 1."""
        for number, value in enumerate(values):
            color = colors[number % len(colors)]
            tall = max(value * height, 1.5)
            place = (corner[0] + number * (width + 6), corner[1] - tall)
            self.box(place, (width, tall), color, 0.75, radius=2)


def _n(value: float) -> str:
    """A number as short as can be; rounded, so that every machine writes the same."""
    return f"{round(value, 1) + 0.0:g}"
