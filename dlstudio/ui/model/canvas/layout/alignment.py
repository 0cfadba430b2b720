"""Align and distribute nodes. Independent of Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dlstudio.document.canvas.boxes import NodeBox, bounding_box

Positions = dict[str, tuple[float, float]]

_SIDES: dict[str, Callable[[NodeBox, NodeBox], tuple[float, float]]] = {
    "left": lambda box, whole: (whole.left + box.width / 2, box.y),
    "center": lambda box, whole: (whole.x, box.y),
    "right": lambda box, whole: (whole.right - box.width / 2, box.y),
    "top": lambda box, whole: (box.x, whole.top + box.height / 2),
    "middle": lambda box, whole: (box.x, whole.y),
    "bottom": lambda box, whole: (box.x, whole.bottom - box.height / 2),
}


def aligned_positions(boxes: Mapping[str, NodeBox], side: str) -> Positions:
    """Return node centres with one side aligned.

    Args:
        side: "left", "center", "right", "top", "middle" or "bottom".
    """
    if not boxes:
        return {}
    whole = bounding_box(boxes.values())
    return {id: _SIDES[side](box, whole) for id, box in boxes.items()}


def distributed_positions(boxes: Mapping[str, NodeBox], across: bool) -> Positions:
    """Return node centres with equal gaps between the first and the last node.

    Args:
        across: Distribute from left to right, else from top to bottom.
    """

    def start(box: NodeBox) -> float:
        return box.left if across else box.top

    def length(box: NodeBox) -> float:
        return box.width if across else box.height

    if len(boxes) < 3:
        return {id: (box.x, box.y) for id, box in boxes.items()}
    ordered = sorted(boxes, key=lambda id: start(boxes[id]))
    first, last = boxes[ordered[0]], boxes[ordered[-1]]
    span = start(last) + length(last) - start(first)
    gap = (span - sum(length(box) for box in boxes.values())) / (len(boxes) - 1)
    places: Positions = {}
    at = start(first)
    for id in ordered:
        box = boxes[id]
        middle = at + length(box) / 2
        places[id] = (middle, box.y) if across else (box.x, middle)
        at += length(box) + gap
    return places
