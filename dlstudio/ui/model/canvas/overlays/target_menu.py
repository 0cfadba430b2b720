"""A menu to choose an edge's target node in a collapsed group."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from dlstudio.document.canvas.connection_rules import ConnectionVerdict
from dlstudio.document.canvas.group_ports import ConnectionCandidate
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.widgets.buttons import escape_mnemonic


def open_target_menu(
    context: EditContext,
    parent: QWidget,
    choices: Sequence[ConnectionCandidate],
    at: QPoint,
    chosen: Callable[[ConnectionVerdict], object],
) -> None:
    """Open a menu of target nodes; Escape creates no edge.

    Args:
        context: The graph the nodes belong to.
        parent: Parent of the menu.
        choices: The nodes to choose from; the first is preselected.
        at: Global position.
        chosen: Called with the verdict of the chosen node.
    """
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    nodes, items = context.graph.nodes, context.scene.nodes
    for choice in choices:
        text = f"{nodes[choice.node].name}  ·  {items[choice.node].card.title}"
        reason = choice.verdict.reason
        text = f"{text}  ·  {reason}" if reason else text
        action = menu.addAction(escape_mnemonic(text))
        action.setData(choice)
    menu.triggered.connect(lambda action: chosen(action.data().verdict))
    menu.popup(at)
    menu.setActiveAction(menu.actions()[0])
