"""Where the window stands on the screens; pure functions of screens and what was kept.

All lengths are logical pixels: a screen of 1366×768 at 150 % is 910×512.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

USUAL = (1440, 900)
SMALLEST = (960, 600)
# What the system draws around the window is known only once it is shown; this much is
# left for it: a title bar above, narrow edges elsewhere.
TITLE, EDGE = 40, 8
LARGEST_NUMBER = 100_000


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: its upper left corner and its size."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column beside it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.y + self.height

    def contains(self, other: Box) -> bool:
        """Whether the other lies wholly inside."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def shared(self, other: Box) -> int:
        """The area of what lies in both."""
        width = min(self.right, other.right) - max(self.x, other.x)
        height = min(self.bottom, other.bottom) - max(self.y, other.y)
        return max(width, 0) * max(height, 0)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the window stands: its inside without the frame, and whether maximized."""

    box: Box
    maximized: bool = False


def inside(screen: Box) -> Box:
    """The largest inside of a window whose frame still fits on a screen.

    Args:
        screen: What of the screen is free of task bars.
    """
    return Box(
        screen.x + EDGE,
        screen.y + TITLE,
        max(screen.width - 2 * EDGE, 1),
        max(screen.height - TITLE - EDGE, 1),
    )


def smallest_size(screen: Box) -> tuple[int, int]:
    """The least width and height of the window; never more than fits on the screen."""
    room = inside(screen)
    return min(SMALLEST[0], room.width), min(SMALLEST[1], room.height)


def place(screens: Sequence[Box], kept: Placement | None) -> tuple[int, Placement]:
    """Where the window stands when it is opened, with its frame on one screen.

    Args:
        screens: The free area of each screen, the primary one first; at least one.
        kept: Where it stood when it was closed last, or None.

    Returns:
        The screen's index, and a placement whose box lies inside it. A first window
        that does not fit in its usual size is maximized.
    """
    if kept is None:
        room = inside(screens[0])
        fits = USUAL[0] <= room.width and USUAL[1] <= room.height
        return 0, Placement(_centered(USUAL, room), not fits)
    number = max(range(len(screens)), key=lambda each: screens[each].shared(kept.box))
    if not screens[number].shared(kept.box):  # its screen is gone
        number = 0
        size = (kept.box.width, kept.box.height)
        box = _centered(size, inside(screens[0]))
    else:
        box = _moved_inside(kept.box, screens[number])
    return number, Placement(box, kept.maximized)


def placement_text(placement: Placement) -> str:
    """ "40 60 1440 900 maximized"."""
    box = placement.box
    text = f"{box.x} {box.y} {box.width} {box.height}"
    return f"{text} maximized" if placement.maximized else text


def parse_placement(text: str) -> Placement | None:
    """The placement in a text; None where it is none."""
    words = text.split()
    maximized = words[4:] == ["maximized"]
    if len(words) != 4 + maximized:
        return None
    try:
        x, y, width, height = map(int, words[:4])
    except ValueError:
        return None
    numbers = (abs(x), abs(y), width, height)
    if min(width, height) < 1 or max(numbers) > LARGEST_NUMBER:
        return None
    return Placement(Box(x, y, width, height), maximized)


def _centered(size: tuple[int, int], room: Box) -> Box:
    width, height = min(size[0], room.width), min(size[1], room.height)
    x = room.x + (room.width - width) // 2
    return Box(x, room.y + (room.height - height) // 2, width, height)


def _moved_inside(box: Box, screen: Box) -> Box:
    room = inside(screen)
    least = smallest_size(screen)
    width = min(max(box.width, least[0]), room.width)
    height = min(max(box.height, least[1]), room.height)
    x = min(max(box.x, room.x), room.right - width)
    y = min(max(box.y, room.y), room.bottom - height)
    return Box(x, y, width, height)
