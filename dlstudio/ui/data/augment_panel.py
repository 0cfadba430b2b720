"""Augmentation layers of the model: add, order and tune them, with a preview."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dlstudio.catalog.schema import Description
from dlstudio.catalog.validation import check_params
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.project import SetGraph
from dlstudio.document.graph import Graph
from dlstudio.document.values import Value
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.data.augmentation_preview import AugmentationPreview
from dlstudio.ui.data.dataset_actions import DatasetActions
from dlstudio.ui.data.preprocessing_chain import (
    AUGMENTATION,
    PreprocessingChain,
    find_chain,
    swap_layers,
    with_layer,
    without_layer,
)
from dlstudio.ui.forms.form import Form
from dlstudio.ui.forms.param_labels import label_text
from dlstudio.ui.model.inspector.multi_selection import (
    edit_text,
    reset_in_all,
    set_in_all,
)
from dlstudio.ui.services.dataset.dataset_controller import DatasetController
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import IconButton, button
from dlstudio.ui.widgets.labels import label

MODEL = "model"
USUAL = (
    *("RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation"),
    *("RandomContrast", "RandomBrightness", "RandomErasing"),
)
HIDDEN = ("name", "dtype", "trainable", "activity_regularizer", "data_format")
ROW = 25


class LayerList(QListWidget):
    """The augmentation layers in order; Delete removes and Alt+arrow moves one."""

    def __init__(self, panel: AugmentPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self.setAccessibleName(_("Augmentation layers"))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._panel.remove()
        elif alt and step is not None:
            self._panel.move_layer(step)
        else:
            super().keyPressEvent(event)


class AugmentPanel(QWidget):
    """Edits the augmentation layers of the session's model.

    Args:
        studio: The window's services, theme and navigation.
        controller: State of the open dataset.
        dataset_actions: Edits of samples.
    """

    def __init__(
        self,
        studio: Studio,
        controller: DatasetController,
        dataset_actions: DatasetActions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._catalog = studio.session.catalog
        self._actions = dataset_actions
        self._chain = PreprocessingChain((), ())
        self._shown_id = ""
        self.form_kind = ""
        self.form: Form | None = None
        self.preview = AugmentationPreview(studio, controller, self)
        self.list = LayerList(self)
        self.empty_label = label(
            _(
                "Augmentation gives the model a slightly different version of "
                "each image every time: rotated, flipped or shifted. It "
                "applies during training only."
            ),
            "muted",
            wrap=True,
        )
        self.add = button(studio.theme, _("Add"), "", "mdi6.plus")
        self.add.setMenu(self._add_menu())
        self.up = IconButton(studio.theme, "mdi6.arrow-up", _("Move up"))
        self.down = IconButton(studio.theme, "mdi6.arrow-down", _("Move down"))
        self.delete = IconButton(studio.theme, "mdi6.trash-can-outline", _("Remove"))
        self.up.clicked.connect(partial(self.move_layer, -1))
        self.down.clicked.connect(partial(self.move_layer, 1))
        self.delete.clicked.connect(self.remove)
        self.list.currentItemChanged.connect(self._select)
        self._lay_out()

    def show_graph(self, graph: Graph) -> None:
        """Show the augmentation layers of a model."""
        chain = find_chain(graph, self._catalog)
        self._chain = chain
        with QSignalBlocker(self.list):
            self._fill(graph)
        self.empty_label.setVisible(not chain.augmentation)
        self.list.setVisible(bool(chain.augmentation))
        self.list.setFixedHeight(ROW * min(6, max(1, len(chain.augmentation))) + 4)
        for each in (self.up, self.down, self.delete):
            each.setVisible(bool(chain.augmentation))
        self._show_form(graph)
        self.preview.show_chain(chain.line)

    def add_layer(self, description: Description) -> None:
        """Append a layer."""
        graph = self._graph()
        try:
            made = with_layer(graph, self._catalog, description)
        except UserError as error:
            self._studio.notices.error(error)
            return
        (new,) = set(made.nodes) - set(graph.nodes)
        self._shown_id = new
        self._do(made, _("Add {layer}").format(layer=description.name))

    def remove(self) -> None:
        """Remove the selected layer."""
        id = self._current()
        if id:
            text = _("Remove {layer}").format(layer=self._graph().nodes[id].name)
            self._do(without_layer(self._graph(), id), text)

    def move_layer(self, step: int) -> None:
        """Move the selected layer one place up or down."""
        id = self._current()
        line = self._chain.line
        if not id:
            return
        at = line.index(id) + step
        if not 0 < at < len(line):
            return
        first, second = (line[at], id) if step < 0 else (id, line[at])
        text = _("Move {layer}").format(layer=self._graph().nodes[id].name)
        self._do(swap_layers(self._graph(), first, second), text)

    def showEvent(self, event: QShowEvent) -> None:
        """Create the preview on first display."""
        super().showEvent(event)
        self.preview.refresh()

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(4)
        tools.addWidget(self.add)
        tools.addStretch(1)
        for each in (self.up, self.down, self.delete):
            tools.addWidget(each)
        inside = QWidget()
        inside.setProperty("role", "clear")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 8, 8, 8)
        self._column.setSpacing(10)
        self._column.addWidget(self.preview)
        self._column.addWidget(self.empty_label)
        self._column.addWidget(self.list)
        self._column.addLayout(tools)
        self._column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)

    def _add_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        layers = [
            each
            for each in self._catalog.family("layers")
            if each.category == AUGMENTATION and each.inputs.maximum == 1
        ]
        usual = [each for name in USUAL for each in layers if each.name == name]
        more = QMenu(_("More"), menu)
        more.setToolTipsVisible(True)
        rest = [each for each in layers if each not in usual]
        for each in [*usual, *rest]:
            target = menu if each in usual else more
            action = target.addAction(each.name)
            action.setToolTip(_(each.summary))
            action.triggered.connect(partial(self._add_chosen, each))
        if not more.isEmpty():
            menu.addMenu(more)
        return menu

    def _add_chosen(self, description: Description, _checked: bool = False) -> None:
        self.add_layer(description)

    def _fill(self, graph: Graph) -> None:
        names = [(id, graph.nodes[id]) for id in self._chain.augmentation]
        self.list.clear()
        for number, (id, node) in enumerate(names, 1):
            kind = node.kind.rpartition(".")[2]
            item = QListWidgetItem(f"{number}  {kind} · {node.name}", self.list)
            item.setData(Qt.ItemDataRole.UserRole, id)
            found = self._catalog.get(node.kind)
            item.setToolTip(_(found.summary) if found is not None else "")
        ids = [id for id, _node in names]
        if ids:
            at = ids.index(self._shown_id) if self._shown_id in ids else 0
            self.list.setCurrentRow(at)

    def _select(self) -> None:
        self._show_form(self._graph())

    def _show_form(self, graph: Graph) -> None:
        id = self._current()
        node = graph.nodes.get(id) if id else None
        kind = node.kind if node is not None else ""
        if self.form is not None and (self._shown_id != id or self.form_kind != kind):
            self.form.blockSignals(True)
            self._column.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        self._shown_id, self.form_kind = id, kind
        if node is None:
            return
        description = self._catalog[kind]
        if self.form is None:
            self.form = Form(
                description.params, self._catalog, HIDDEN, self, description
            )
            self.form.edited.connect(self._edited)
            self.form.reset.connect(self._reset)
            self._column.insertWidget(self._column.count() - 1, self.form)
        self.form.show_params(node.params)
        self.form.show_mistakes(check_params(description, node.params, self._catalog))

    def _edited(self, name: str, value: Value) -> None:
        node = self._graph().nodes[self._shown_id]
        param = self._catalog[node.kind].param(name)
        assert param is not None
        edit = set_in_all([node], param, value, MODEL)
        self._apply(edit, edit_text([node], label_text(name)))

    def _reset(self, name: str) -> None:
        node = self._graph().nodes[self._shown_id]
        edit = reset_in_all([node], name, MODEL)
        self._apply(edit, edit_text([node], label_text(name)))

    def _apply(self, edit: Edit | None, name: str) -> None:
        if edit is not None:
            self._actions.do(edit, name)

    def _do(self, graph: Graph, name: str) -> None:
        self._actions.do(SetGraph(graph, MODEL), name)

    def _current(self) -> str:
        item = self.list.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""

    def _graph(self) -> Graph:
        return self._studio.session.project.model
