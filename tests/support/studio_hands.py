"""A user of the studio's window: with a mouse, or with the keyboard alone."""

from __future__ import annotations

from canvas_world import Hand
from PySide6.QtCore import (
    QEvent,
    QMimeData,
    QModelIndex,
    QPoint,
    QPointF,
    Qt,
    qVersion,
)
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QWidget,
)
from pytestqt.qtbot import QtBot
from rooms import until

from dlstudio.document.graph import Graph, Node
from dlstudio.ui.model.canvas.editor import CanvasEditor
from dlstudio.ui.model.palette.palette_model import KIND
from dlstudio.ui.model.panels.problem_row import ProblemRow
from dlstudio.ui.model.room import ModelRoom
from dlstudio.ui.shell.window import Window

LEFT, COPY = Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key
MOST_TABS = 60
# Since 6.12 the events of a drag take exact places.
POINT = QPointF if tuple(map(int, qVersion().split("."))) >= (6, 12) else QPoint


class Sight:
    """What both kinds of users see in the window."""

    def __init__(self, window: Window, qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot
        self.session = window.core.session

    @property
    def room(self) -> ModelRoom:
        """The Model room."""
        found = self.window.shell.room()
        assert isinstance(found, ModelRoom)
        return found

    @property
    def canvas(self) -> CanvasEditor:
        """The canvas of the Model room."""
        return self.room.workspace.canvas

    @property
    def graph(self) -> Graph:
        """The current model."""
        return self.session.project.model

    def node(self) -> Node:
        """The selected node."""
        (id,) = self.canvas.context.selection.ids
        return self.graph.nodes[id]

    def look(self) -> None:
        """Wait until the current model's shapes and problems are shown."""
        core = self.window.core
        until(
            lambda: (
                core.engine.last is not None
                and core.engine.last.revision == self.session.revision
            )
        )

    def shapes(self) -> list[str]:
        """The shapes shown on the edges."""
        edges = self.canvas.context.scene.edge_layer.items.values()
        return [edge.text for edge in edges if edge.text]

    def errors(self) -> list[str]:
        """The errors that prevent training."""
        last = self.window.core.engine.last
        assert last is not None
        return [
            each.code
            for each in last.problems
            if each.severity == "error" and each.node
        ]

    def problem_row(self, node: str) -> ProblemRow:
        """The row of a node's problem below the canvas."""
        name = self.graph.nodes[node].name
        rows = self.room.workspace.panels.problems.rows
        found = [
            each
            for each in rows
            if isinstance(each, ProblemRow) and name in _texts(each)
        ]
        assert found, [each.accessibleName() for each in rows]
        return found[0]


class Mouse(Sight):
    """Only clicks, drags and drops; typing goes into the field clicked last."""

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click something that is visible and enabled."""
        assert widget.isVisible() and widget.isEnabled(), widget.accessibleName()
        spot = widget.rect().center() if at is None else at
        QTest.mouseMove(widget, spot)
        QTest.mouseClick(widget, LEFT, NONE, spot)

    def double_click_layer(self, kind: str) -> Node:
        """Add a layer by a double click in the palette."""
        tree, index = self._in_palette(kind)
        spot = tree.visualRect(index).center()
        QTest.mouseClick(tree.viewport(), LEFT, NONE, spot)
        QTest.mouseDClick(tree.viewport(), LEFT, NONE, spot)
        QTest.mouseRelease(tree.viewport(), LEFT, NONE, spot)
        assert self.node().kind == kind
        return self.node()

    def drag_layer(self, kind: str, x: float, y: float) -> Node:
        """Drag a layer from the palette and drop it at a position of the scene."""
        tree, index = self._in_palette(kind)
        spot = tree.visualRect(index).center()
        QTest.mousePress(tree.viewport(), LEFT, NONE, spot)
        data: QMimeData = self.room.palette_panel.model.mimeData([index])
        hand = Hand(self.canvas)
        viewport = hand.viewport
        at = hand.at(x, y)
        assert viewport.rect().contains(at), "dropped outside of what is seen"
        enter = QDragEnterEvent(POINT(at), COPY, data, LEFT, NONE)
        QApplication.sendEvent(viewport, enter)
        assert enter.isAccepted()
        over = QDragMoveEvent(POINT(at), COPY, data, LEFT, NONE)
        QApplication.sendEvent(viewport, over)
        assert over.isAccepted()
        drop = QDropEvent(QPointF(at), COPY, data, LEFT, NONE, QEvent.Type.Drop)
        QApplication.sendEvent(viewport, drop)
        QTest.mouseRelease(tree.viewport(), LEFT, NONE, spot)
        assert self.node().kind == kind
        return self.node()

    def middle(self, source: str, target: str) -> tuple[float, float]:
        """The middle of a vertical edge."""
        (x, top), (_x, bottom) = (
            self.graph.nodes[id].position for id in (source, target)
        )
        return x, (top + bottom) / 2

    def draw_edge(self, source: str, target: str, port: int = 0) -> None:
        """Draw an edge between two visible nodes."""
        hand = Hand(self.canvas)
        hand.drag(hand.out_of(source), hand.into(target, port))

    def pull_layer(self, source: str, x: float, y: float, kind: str) -> Node:
        """Draw an edge into empty space and choose the layer to add there."""
        hand = Hand(self.canvas)
        hand.drag(hand.out_of(source), (x, y))
        popup = self.canvas.layer_chooser.popup
        assert popup is not None and popup.isVisible()
        self._click_row(popup.list, kind.rpartition(".")[2])
        assert self.node().kind == kind
        return self.node()

    def type_into(self, name: str, text: str) -> None:
        """Select a field's text by a triple click and type over it."""
        field = self._field(name)
        assert isinstance(field, QLineEdit)
        spot = QPoint(8, field.height() // 2)
        QTest.mouseClick(field, LEFT, NONE, spot)
        QTest.mouseDClick(field, LEFT, NONE, spot)
        QTest.mouseRelease(field, LEFT, NONE, spot)
        QTest.mouseClick(field, LEFT, NONE, spot)
        QTest.keyClicks(field, text)

    def choose(self, name: str, text: str) -> None:
        """Open a combo box in the inspector and click one of its entries."""
        combo = self._field(name)
        assert isinstance(combo, QComboBox)
        self.click(combo)
        self._click_row(combo.view(), text)
        until(lambda: combo.currentText() == text)

    def click_node(self, id: str) -> None:
        """Select a node."""
        hand = Hand(self.canvas)
        item = self.canvas.context.scene.nodes[id]
        hand.click(item.x_at, item.y_at)
        assert self.node().id == id

    def click_menu(self, title: str, entry: str) -> None:
        """Open a menu of the menu bar and click an entry."""
        bar = self.window.shell.menus
        action = next(
            each for each in bar.actions() if each.text().replace("&", "") == title
        )
        QTest.mouseClick(bar, LEFT, NONE, bar.actionGeometry(action).center())
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        chosen = next(each for each in menu.actions() if each.text() == entry)
        spot = menu.actionGeometry(chosen).center()
        QTest.mouseMove(menu, spot)
        QTest.mouseClick(menu, LEFT, NONE, spot)

    def _field(self, name: str) -> QWidget:
        """The field of a parameter, by its accessible name."""
        found: list[QWidget] = []

        def there() -> bool:
            form = self.room.workspace.inspector.parameters.form
            found[:] = [
                each
                for each in (form.findChildren(QWidget) if form else ())
                if isinstance(each, (QLineEdit, QComboBox))
                and each.accessibleName() == name
                and each.isVisible()
            ]
            return bool(found)

        until(there)
        return found[0]

    def _in_palette(self, kind: str) -> tuple[QAbstractItemView, QModelIndex]:
        tree = self.room.palette_panel.tree
        model = self.room.palette_panel.model
        for row in range(model.rowCount()):
            heading = model.index(row, 0)
            for inner in range(model.rowCount(heading)):
                index = model.index(inner, 0, heading)
                if index.data(KIND) == kind:
                    tree.scrollTo(index)  # as the wheel does
                    return tree, index
        raise AssertionError(f"{kind} is not among what the palette shows")

    def _click_row(self, view: QAbstractItemView, text: str) -> None:
        model = view.model()
        rows = (model.index(row, 0) for row in range(model.rowCount()))
        index = next(each for each in rows if each.data() == text)
        view.scrollTo(index)
        spot = view.visualRect(index).center()
        QTest.mouseMove(view.viewport(), spot - QPoint(20, 0))
        QTest.mouseMove(view.viewport(), spot)
        QTest.mouseClick(view.viewport(), LEFT, NONE, spot)


class Keyboard(Sight):
    """Only keys; they go to the focused widget, as those of a real keyboard do."""

    def focused(self) -> QWidget:
        """The focused widget."""
        popup = QApplication.activePopupWidget()
        found = (popup.focusWidget() or popup) if popup else QApplication.focusWidget()
        assert found is not None, "the keys lead nowhere"
        return found

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key, after the effects of the previous one are processed."""
        QApplication.processEvents()
        QTest.keyClick(self.focused(), key, modifiers)

    def type(self, text: str) -> None:
        """Type a text."""
        QTest.keyClicks(self.focused(), text)

    def tab_to(self, name: str) -> QWidget:
        """Press Tab until the widget with the accessible name `name` has the focus."""
        seen = []
        for _step in range(MOST_TABS):
            seen.append(self.focused().accessibleName())
            if seen[-1] == name:
                return self.focused()
            self.press(Key.Key_Tab)
        raise AssertionError(f"Tab does not lead to {name}: {seen}")

    def add(self, words: str) -> Node:
        """Add the layer found first by these words after the selected one."""
        assert self.canvas.view.hasFocus(), self.focused()
        self.press(Key.Key_A)
        self.type(words)
        self.press(Key.Key_Return)
        assert self.canvas.view.hasFocus()
        return self.node()

    def fill(self, **values: str) -> None:
        """Type or choose parameters of the selected layer; return to the canvas."""
        self.press(Key.Key_Return)
        for name, text in values.items():
            self.tab_to(name)
            self.type(text)
            if isinstance(self.focused(), QLineEdit):
                self.press(Key.Key_Return)
        self.press(Key.Key_Escape)
        assert self.canvas.view.hasFocus(), self.focused()

    def go_to(self, id: str) -> None:
        """Move to a node with the arrow keys: down from the top, then sideways."""
        for key in (*[Key.Key_Up] * len(self.graph.nodes), *self._way(id)):
            self.press(key)
        assert self.node().id == id

    def _way(self, id: str) -> list[Qt.Key]:
        nodes = self.graph.nodes
        rows = sorted({node.position[1] for node in nodes.values()})
        return [Key.Key_Down] * rows.index(nodes[id].position[1])


def _texts(row: ProblemRow) -> str:
    texts = [str(each.property("text")) for each in row.findChildren(QWidget)]
    return " ".join([row.accessibleName(), *texts])
