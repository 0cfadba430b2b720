"""Aligns the narrow places of a layered layout. Independent of Qt.

Between two layers of a single cell, such as the merges of residual blocks or Inception
modules, everything can be moved sideways as a whole. Without that, blocks that are not
symmetric shift the layout a little further each time.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from dlstudio.document.canvas.layer_coordinates import Coordinates, LayeredCells

COLUMNS_OF_A_SHORTCUT = 2


def center_segments(cells: LayeredCells, x: Coordinates) -> None:
    """Put all single cells at 0, and centre what is between two of them.

    Args:
        cells: The cells in their layers.
        x: The coordinate of each cell, which is changed.
    """
    single = [
        number
        for number, row in enumerate(cells.layers)
        if len(row) == 1 and row[0] not in cells.dummies
    ]
    if not single:
        return
    borders = [-1, *single, len(cells.layers)]
    for first, last in itertools.pairwise(borders):
        inside = cells.layers[first + 1 : last]
        if not inside:
            continue
        end = cells.layers[last][0] if last < len(cells.layers) else ""
        start = cells.layers[first][0] if first >= 0 else ""
        center = _center(cells, x, inside, end, start)
        for row in inside:
            for id in row:
                x[id] -= center
    for number in single:
        x[cells.layers[number][0]] = 0.0


def _center(
    cells: LayeredCells,
    x: Coordinates,
    inside: Sequence[Sequence[str]],
    end: str,
    start: str,
) -> float:
    """What is at 0: the chain beside a shortcut, else the middle.

    Args:
        cells: The cells in their layers.
        x: The coordinate of each cell.
        inside: The layers between two single cells.
        end: The single cell below them, or "".
        start: The single cell above them, or "".
    """
    columns = max(sum(id not in cells.dummies for id in row) for row in inside)
    for ends in (cells.above.get(end, ()), cells.below.get(start, ())):
        chain = [id for id in ends if id not in cells.dummies]
        if columns <= COLUMNS_OF_A_SHORTCUT and len(chain) == 1:
            return x[chain[0]]
    all_cells = [id for row in inside for id in row]
    left = min(x[id] - cells.width[id] / 2 for id in all_cells)
    right = max(x[id] + cells.width[id] / 2 for id in all_cells)
    return (left + right) / 2
