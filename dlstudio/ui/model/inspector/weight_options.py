"""Freezing and sharing of the selected nodes' weights."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QMenu, QPushButton, QVBoxLayout, QWidget

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.nodes import ShareWeights
from dlstudio.document.graph import Graph, Node
from dlstudio.i18n import _
from dlstudio.ui.forms.param_labels import label_text
from dlstudio.ui.model.inspector.multi_selection import (
    edit_text,
    freeze_all,
    possible_owners,
    weight_users,
)
from dlstudio.ui.widgets.buttons import escape_mnemonic
from dlstudio.ui.widgets.labels import label


class WeightOptions(QWidget):
    """Options to freeze and share weights.

    Signals:
        edit_requested: An edit and its translated name.
    """

    edit_requested = Signal(object, str)

    def __init__(self, graph: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._graph = graph
        self._nodes: tuple[Node, ...] = ()
        self._owners: list[Node] = []
        self.frozen = QCheckBox(_("Freeze weights"), self)
        self.frozen.setToolTip(_("Frozen: weights are not updated during training."))
        self.frozen.clicked.connect(self._freeze)
        self._note = label("", "muted", wrap=True)
        self.own = QPushButton(_("Use own weights"), self)
        self.own.clicked.connect(self._use_own)
        self.share = QPushButton(_("Share weights with…"), self)
        self.share.setProperty("role", "link")
        self.share.setCursor(Qt.CursorShape.PointingHandCursor)
        self.share.clicked.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.frozen)
        column.addWidget(self._note)
        for button in (self.own, self.share):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_nodes(
        self, nodes: Sequence[Node], graph: Graph, has_weights: bool
    ) -> None:
        """Show the weight options of nodes.

        Args:
            nodes: The selected nodes.
            graph: The graph they belong to.
            has_weights: Whether any of them has weights.
        """
        self._nodes = tuple(nodes)
        one = nodes[0] if len(nodes) == 1 else None
        sharing = one is not None and one.shares is not None
        self._owners = possible_owners(one, graph) if one and has_weights else []
        self.frozen.setVisible(has_weights and not sharing)
        self._show_state()
        note = self._note_text(one, graph)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self.own.setVisible(sharing)
        self.share.setVisible(bool(self._owners) and not sharing)
        self.setVisible(has_weights or sharing or bool(note))

    def _show_state(self) -> None:
        states = {node.frozen for node in self._nodes}
        self.frozen.setTristate(len(states) > 1)
        if len(states) > 1:
            self.frozen.setCheckState(Qt.CheckState.PartiallyChecked)
        else:
            self.frozen.setChecked(states == {True})

    def _note_text(self, node: Node | None, graph: Graph) -> str:
        if node is None:
            return ""
        if node.shares is not None:
            owner = graph.nodes.get(node.shares)
            return _(
                "This is another use of the layer “{name}” and shares its "
                "parameters and weights."
            ).format(name=owner.name if owner else node.shares)
        users = ", ".join(f"“{each.name}”" for each in weight_users(node, graph))
        return _("Its weights are also used by {names}.").format(names=users) * bool(
            users
        )

    def _freeze(self) -> None:
        frozen = self.frozen.checkState() != Qt.CheckState.Unchecked
        name = edit_text(self._nodes, label_text("frozen"))
        self.edit_requested.emit(freeze_all(self._nodes, frozen, self._graph), name)

    def _use_own(self) -> None:
        edit: Edit = ShareWeights(self._nodes[0].id, None, self._graph)
        self.edit_requested.emit(edit, _("Use own weights"))

    def _choose(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("owners")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for owner in self._owners:
            menu.addAction(escape_mnemonic(owner.name)).setData(owner.id)
        menu.triggered.connect(lambda action: self._share_with(action.data()))
        menu.popup(self.share.mapToGlobal(self.share.rect().bottomLeft()))

    def _share_with(self, owner: str) -> None:
        edit: Edit = ShareWeights(self._nodes[0].id, owner, self._graph)
        self.edit_requested.emit(edit, _("Share weights"))
