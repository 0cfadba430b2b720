"""Where the cells of the grid lie: all of it is arithmetic. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

GAP = 8
MARGIN = 12
TEXT_HEIGHT = 36  # two lines below each image
IMAGE_SIZES = (56, 76, 100, 144, 208)  # of the images, in pixels at 100 %


@dataclass(frozen=True)
class GalleryLayout:
    """Equal cells, as many beside each other as fit.

    Attributes:
        width: Of the view, in pixels.
        count: Of the cells.
        image_size: Side of the square that an image lies in.
    """

    width: int
    count: int
    image_size: int

    @property
    def cell(self) -> tuple[int, int]:
        """Width and height of a cell."""
        return self.image_size + 12, self.image_size + 12 + TEXT_HEIGHT

    @property
    def columns(self) -> int:
        """Cells beside each other."""
        room = self.width - 2 * MARGIN + GAP
        return max(1, room // (self.cell[0] + GAP))

    @property
    def lines(self) -> int:
        """Rows of cells."""
        return -(-self.count // self.columns)

    @property
    def pitch(self) -> tuple[int, int]:
        """From one cell to the next, right and down; what is left over is spread."""
        room = self.width - 2 * MARGIN + GAP
        step = room // self.columns if self.columns > 1 else self.cell[0] + GAP
        step = min(step, 2 * self.cell[0])
        return step, self.cell[1] + GAP

    @property
    def height(self) -> int:
        """Of everything."""
        return 2 * MARGIN + self.lines * self.pitch[1] - GAP if self.count else 0

    def corner(self, position: int) -> tuple[int, int]:
        """The left and upper end of a cell, from the top of everything."""
        line, column = divmod(position, self.columns)
        return MARGIN + column * self.pitch[0], MARGIN + line * self.pitch[1]

    def at(self, x: int, y: int) -> int:
        """The cell at a place, or -1 between them."""
        column, left = divmod(x - MARGIN, self.pitch[0])
        line, top = divmod(y - MARGIN, self.pitch[1])
        inside = left < self.cell[0] and top < self.cell[1]
        if not inside or not 0 <= column < self.columns or line < 0:
            return -1
        position = line * self.columns + column
        return position if position < self.count else -1

    def visible(self, top: int, height: int) -> range:
        """The cells of which something lies between two heights."""
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
            left: Pixels from the left edge of the contents.
            top: Pixels from their upper edge, whatever is scrolled.
            right: As `left`.
            bottom: As `top`.

        Returns:
            Numbers of cells, int64, in their order.
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
