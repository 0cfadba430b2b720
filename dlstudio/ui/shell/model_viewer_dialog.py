"""The dialog that shows a converted model: its layers, and weights of one of them."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from dlstudio.byte_size import size_text
from dlstudio.document.viewed_model import ViewedModel, shape_text
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.ui.shell.layer_weights import LayerWeights
from dlstudio.ui.shell.viewed_layers import ViewedLayersTable
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label

WIDTH, HEIGHT = 960, 600
SMALL_WIDTH = 480
MARGIN = 48
LISTED = 4


class ModelViewerDialog(QDialog):
    """The layers of a converted model.

    Args:
        theme: Colours and sizes.
        name: Of the file.
        parent: The window.
    """

    def __init__(self, theme: Theme, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.setObjectName("model-viewer")
        self.setWindowTitle(_("Converted model"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.state = label(_("Reading the model…"), "muted")
        self.error = label("", "bad", wrap=True)
        self.hint = label("", "", wrap=True)
        self.facts = label("", "muted", wrap=True)
        self.table = ViewedLayersTable(theme, self)
        self.layer = LayerWeights(theme, self)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.close_button = button(theme, _("Close"))
        self.close_button.clicked.connect(self.reject)
        self._arrange(name)
        self._show_only(self.progress, self.state)
        self.resize(SMALL_WIDTH, self.sizeHint().height())

    def show_model(self, model: ViewedModel) -> None:
        """Show the layers, the first of them with weights chosen."""
        self.facts.setText(_facts(model))
        self.table.layers.show_layers(model.layers)
        self._show_only(self.facts, self.table, self.layer)
        room = self._window.size() - QSize(MARGIN, MARGIN)
        self.resize(room.boundedTo(QSize(WIDTH, HEIGHT)))
        found = (n for n, layer in enumerate(model.layers) if layer.weights is not None)
        self.table.setCurrentIndex(self.table.layers.index(next(found, 0), 0))
        self.table.setFocus()

    def show_error(self, error: BaseException) -> None:
        """Show why the file cannot be viewed."""
        hint = error.hint if isinstance(error, UserError) else ""
        text = error.message if isinstance(error, UserError) else str(error)
        self.error.setText(text)
        self.hint.setText(hint)
        self._show_only(self.error, *((self.hint,) if hint else ()))

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.layer.show_layer(self.table.layers.layers[index.row()])

    def _show_only(self, *widgets: QWidget) -> None:
        for each in (
            *(self.progress, self.state, self.error, self.hint),
            *(self.facts, self.table, self.layer),
        ):
            each.setVisible(each in widgets)

    def _arrange(self, name: str) -> None:
        sides = QHBoxLayout()
        sides.setSpacing(20)
        sides.addWidget(self.table, 1)
        sides.addWidget(self.layer)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addWidget(label(name, "title"))
        for each in (self.progress, self.state, self.error, self.hint, self.facts):
            column.addWidget(each)
        column.addLayout(sides, 1)
        column.addLayout(foot)


def _facts(model: ViewedModel) -> str:
    count = len(model.layers)
    first = (
        model.format,
        ngettext("{count} layer", "{count} layers", count).format(count=f"{count:,}"),
        ngettext("{count} parameter", "{count} parameters", model.parameters).format(
            count=f"{model.parameters:,}"
        ),
        size_text(model.size),
        _("can be viewed, but not trained"),
    )
    ends = (
        f"{title}: {_named(values)}"
        for title, values in (
            (_("Inputs"), model.inputs),
            (_("Outputs"), model.outputs),
        )
        if values
    )
    return "\n".join((" · ".join(first), *ends))


def _named(values: tuple[tuple[str, tuple[int | None, ...]], ...]) -> str:
    shown = [f"{name} ({shape_text(shape)})" for name, shape in values[:LISTED]]
    return ", ".join([*shown, "…"] if len(values) > LISTED else shown)
