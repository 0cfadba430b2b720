"""Choosing one of the nodes in a folded group for a wire."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from dlstudio.ui.model.canvas.can_connect import Verdict
from dlstudio.ui.model.canvas.doors import Choice
from dlstudio.ui.widgets.buttons import literal

if TYPE_CHECKING:
    from dlstudio.ui.model.canvas.canvas import Canvas


def ask_which(
    canvas: Canvas,
    choices: Sequence[Choice],
    at: QPoint,
    chosen: Callable[[Verdict], object],
) -> None:
    """Open a menu of nodes, the first of them current; Escape draws nothing.

    Args:
        at: Where on the screen.
        chosen: Told what was chosen.
    """
    menu = QMenu(canvas)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    nodes, faces = canvas.board.graph.nodes, canvas.board.scene.nodes
    for choice in choices:
        text = f"{nodes[choice.node].name}  ·  {faces[choice.node].face.title}"
        reason = choice.verdict.reason
        text = f"{text}  ·  {reason}" if reason else text
        action = menu.addAction(literal(text))
        action.setData(choice)
    menu.triggered.connect(lambda action: chosen(action.data().verdict))
    menu.popup(at)
    menu.setActiveAction(menu.actions()[0])
