"""The geometry of the grid's cells. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

GAP = 8
MARGIN = 12
TEXT_HEIGHT = 36  # two lines below each image
IMAGE_SIZES = (56, 76, 100, 144, 208)  # side of the images, in pixels at 100 %


@dataclass(frozen=True)
class GalleryLayout:
    """Cells of equal size in as many columns as fit.

    Attributes:
        width: Width of the view in pixels.
        count: Number of cells.
        image_size: Side of the square that holds an image, in pixels.
    """

    width: int
    count: int
    image_size: int

    @cached_property
    def cell(self) -> tuple[int, int]:
        """Width and height of a cell in pixels."""
        return self.image_size + 12, self.image_size + 12 + TEXT_HEIGHT

    @cached_property
    def columns(self) -> int:
        """Number of columns."""
        room = self.width - 2 * MARGIN + GAP
        return max(1, room // (self.cell[0] + GAP))

    @property
    def lines(self) -> int:
        """Number of rows."""
        return -(-self.count // self.columns)

    @cached_property
    def pitch(self) -> tuple[int, int]:
        """Horizontal and vertical cell spacing; leftover width is distributed."""
        room = self.width - 2 * MARGIN + GAP
        step = room // self.columns if self.columns > 1 else self.cell[0] + GAP
        step = min(step, 2 * self.cell[0])
        return step, self.cell[1] + GAP

    @property
    def height(self) -> int:
        """Height of the whole content in pixels."""
        return 2 * MARGIN + self.lines * self.pitch[1] - GAP if self.count else 0

    def corner(self, position: int) -> tuple[int, int]:
        """Top-left corner of a cell in content coordinates."""
        line, column = divmod(position, self.columns)
        return MARGIN + column * self.pitch[0], MARGIN + line * self.pitch[1]

    def at(self, x: int, y: int) -> int:
        """The cell at a point in content coordinates, or -1."""
        column, left = divmod(x - MARGIN, self.pitch[0])
        line, top = divmod(y - MARGIN, self.pitch[1])
        inside = left < self.cell[0] and top < self.cell[1]
        if not inside or not 0 <= column < self.columns or line < 0:
            return -1
        position = line * self.columns + column
        return position if position < self.count else -1

    def visible(self, top: int, height: int) -> range:
        """The cells that intersect a vertical range."""
        first = max(0, (top - MARGIN) // self.pitch[1])
        last = max(0, (top + height - MARGIN) // self.pitch[1] + 1)
        return range(
            min(first * self.columns, self.count), min(last * self.columns, self.count)
        )

    def within(
        self, left: int, top: int, right: int, bottom: int
    ) -> npt.NDArray[np.int64]:
        """The cells that a rectangle touches.

        Args:
            left: Pixels from the left edge of the content.
            top: Pixels from the top of the content, regardless of scrolling.
            right: As `left`.
            bottom: As `top`.

        Returns:
            Cell positions in ascending order, int64.
        """
        across, down = self.pitch
        wide, tall = self.cell
        columns = np.arange(self.columns)
        starts = MARGIN + columns * across
        columns = columns[(starts <= right) & (starts + wide >= left)]
        first = max(0, -(-(top - MARGIN - tall) // down))
        last = min(self.lines - 1, (bottom - MARGIN) // down)
        lines = np.arange(first, last + 1)
        cells = (lines[:, np.newaxis] * self.columns + columns).reshape(-1)
        return cells[cells < self.count].astype(np.int64)
