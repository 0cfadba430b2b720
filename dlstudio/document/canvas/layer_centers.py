"""Aligns the narrow places of a layered layout. Independent of Qt.

Between two layers of a single cell, such as the merges of residual blocks or of the
modules of Inception and NASNet, everything can be moved sideways as a whole. Without
that, blocks that are not symmetric shift the layout a little further each time.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from dlstudio.document.canvas.layer_coordinates import Coordinates, LayeredCells

COLUMNS_OF_A_SHORTCUT = 2


Ports = Mapping[tuple[str, str], int]


def center_segments(cells: LayeredCells, x: Coordinates, ports: Ports) -> None:
    """Put all single cells at 0, and centre what is between two of them.

    What is between is mirrored if its edges cross less before the lower one then.

    Args:
        cells: The cells in their layers.
        x: The coordinate of each cell, which is changed.
        ports: The input port of a cell that each cell right above it is for.
    """
    narrow = _bottlenecks(cells)
    if not narrow:
        return
    borders = [-1, *narrow, len(cells.layers)]
    for first, last in itertools.pairwise(borders):
        inside = cells.layers[first + 1 : last]
        if not inside:
            continue
        end, start = narrow.get(last, ""), narrow.get(first, "")
        center = _center(cells, x, inside, end, start)
        alone = all(len(cells.layers[n]) == 1 for n in (first, last) if n in narrow)
        sign = -1.0 if alone and _crosses(cells, x, ports, end) else 1.0
        for row in inside:
            for id in row:
                x[id] = sign * (x[id] - center)
    for id in narrow.values():
        x[id] = 0.0


def _crosses(cells: LayeredCells, x: Coordinates, ports: Ports, end: str) -> bool:
    """Whether more edges into a cell cross each other than do not."""
    ends = [
        (ports.get((above, end), 0), x[above]) for above in cells.above.get(end, ())
    ]
    order = 0
    for (port, at), (other, other_at) in itertools.combinations(ends, 2):
        before, left = port < other, at < other_at
        if port != other and at != other_at:
            order += 1 if before == left else -1
    return order < 0


def _bottlenecks(cells: LayeredCells) -> dict[int, str]:
    """The single cell of each layer where the graph is narrow, by number of the layer.

    Long edges may pass a merge or fork of at least as many tensors as those.
    """
    found: dict[int, str] = {}
    source: dict[str, str] = {}  # of each dummy
    for number, row in enumerate(cells.layers):
        for id in row:
            if id in cells.dummies:
                (above,) = cells.above[id]
                source[id] = source.get(above, above)
        real = [id for id in row if id not in cells.dummies]
        if len(real) != 1:
            continue
        (id,) = real
        ends = max(len(cells.above.get(id, ())), len(cells.below.get(id, ())))
        passing = {source[each] for each in row if each != id}
        if not passing or (ends > 1 and ends >= len(passing)):
            found[number] = id
    return found


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
