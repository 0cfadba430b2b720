"""Window placement: pure functions of the screens and the saved placement.

All lengths are in logical pixels: a screen of 1366×768 at 150 % is 910×512.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

DEFAULT_SIZE = (1440, 900)
MIN_SIZE = (960, 600)
# The size of the window frame is known only after the window is shown; this much is
# reserved for it: a title bar above, narrow borders elsewhere.
TITLE, EDGE = 40, 8
MAX_COORDINATE = 100_000


@dataclass(frozen=True, slots=True)
class ScreenRect:
    """A rectangle given by its upper left corner and its size."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column to the right of it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.y + self.height

    def contains(self, other: ScreenRect) -> bool:
        """Whether the other one lies entirely inside."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def overlap_area(self, other: ScreenRect) -> int:
        """The area of the intersection."""
        width = min(self.right, other.right) - max(self.x, other.x)
        height = min(self.bottom, other.bottom) - max(self.y, other.y)
        return max(width, 0) * max(height, 0)


@dataclass(frozen=True, slots=True)
class WindowPlacement:
    """The client area without the frame, and whether the window is maximized."""

    box: ScreenRect
    maximized: bool = False


def inside(screen: ScreenRect) -> ScreenRect:
    """The largest client area of a window whose frame fits on a screen.

    Args:
        screen: The screen's area without task bars.
    """
    return ScreenRect(
        screen.x + EDGE,
        screen.y + TITLE,
        max(screen.width - 2 * EDGE, 1),
        max(screen.height - TITLE - EDGE, 1),
    )


def minimum_size(screen: ScreenRect) -> tuple[int, int]:
    """The window's minimum width and height; never larger than fits on the screen."""
    room = inside(screen)
    return min(MIN_SIZE[0], room.width), min(MIN_SIZE[1], room.height)


def place(
    screens: Sequence[ScreenRect], saved: WindowPlacement | None
) -> tuple[int, WindowPlacement]:
    """The initial placement of the window, with its frame on one screen.

    Args:
        screens: Available area of each screen, the primary one first; at least one.
        saved: The placement when it was last closed, or None.

    Returns:
        The screen's index, and a placement whose box lies inside it. A first window
        whose default size does not fit is maximized.
    """
    if saved is None:
        room = inside(screens[0])
        fits = DEFAULT_SIZE[0] <= room.width and DEFAULT_SIZE[1] <= room.height
        return 0, WindowPlacement(_centered(DEFAULT_SIZE, room), not fits)
    number = max(
        range(len(screens)), key=lambda each: screens[each].overlap_area(saved.box)
    )
    if not screens[number].overlap_area(saved.box):  # its screen is gone
        number = 0
        size = (saved.box.width, saved.box.height)
        box = _centered(size, inside(screens[0]))
    else:
        box = _moved_inside(saved.box, screens[number])
    return number, WindowPlacement(box, saved.maximized)


def placement_text(placement: WindowPlacement) -> str:
    """ "40 60 1440 900 maximized"."""
    box = placement.box
    text = f"{box.x} {box.y} {box.width} {box.height}"
    return f"{text} maximized" if placement.maximized else text


def parse_placement(text: str) -> WindowPlacement | None:
    """Parse a placement; None if the text is invalid."""
    words = text.split()
    maximized = words[4:] == ["maximized"]
    if len(words) != 4 + maximized:
        return None
    try:
        x, y, width, height = map(int, words[:4])
    except ValueError:
        return None
    numbers = (abs(x), abs(y), width, height)
    if min(width, height) < 1 or max(numbers) > MAX_COORDINATE:
        return None
    return WindowPlacement(ScreenRect(x, y, width, height), maximized)


def _centered(size: tuple[int, int], room: ScreenRect) -> ScreenRect:
    width, height = min(size[0], room.width), min(size[1], room.height)
    x = room.x + (room.width - width) // 2
    return ScreenRect(x, room.y + (room.height - height) // 2, width, height)


def _moved_inside(box: ScreenRect, screen: ScreenRect) -> ScreenRect:
    room = inside(screen)
    least = minimum_size(screen)
    width = min(max(box.width, least[0]), room.width)
    height = min(max(box.height, least[1]), room.height)
    x = min(max(box.x, room.x), room.right - width)
    y = min(max(box.y, room.y), room.bottom - height)
    return ScreenRect(x, y, width, height)
