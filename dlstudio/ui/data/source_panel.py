"""Form for the source of the images and the task."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QScrollArea, QVBoxLayout, QWidget

from dlstudio.catalog.validation import check_value
from dlstudio.document.edits.project import SetData, SetHead
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Params, Spec, Value
from dlstudio.i18n import _
from dlstudio.ui.data.dataset_actions import DatasetActions
from dlstudio.ui.forms.form import Form
from dlstudio.ui.forms.param_labels import label_text
from dlstudio.ui.forms.project_paths import normalize_path
from dlstudio.ui.services.dataset.dataset_text import title_of
from dlstudio.ui.services.dataset.dataset_view import DatasetView
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.labels import heading, label
from dlstudio.ui.widgets.no_wheel_combo_box import NoWheelComboBox


class SourcePanel(QWidget):
    """The source's kind and parameters, and the task.

    Args:
        studio: The window's services, theme and navigation.
        dataset_actions: Edits of the project.
        of_table: Whether the data is a table, whose columns say what the task is.

    Signals:
        source_requested: Emitted with another `Spec`, opened before it is applied.
        read_differently: Emitted with the `Spec` of a table with other parameters.
    """

    source_requested = Signal(object)
    read_differently = Signal(object)

    def __init__(
        self,
        studio: Studio,
        dataset_actions: DatasetActions,
        parent: QWidget | None = None,
        *,
        of_table: bool = False,
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._of_table = of_table
        self._catalog = studio.session.catalog
        self._actions = dataset_actions
        self._source = Spec("")
        self.form: Form | None = None
        self.kind = NoWheelComboBox(self)
        self.kind.setAccessibleName(_("Source type"))
        for each in self._catalog.family("sources"):
            self.kind.addItem(title_of(each), each.kind)
        self.summary = label("", "muted", wrap=True)
        self.task = NoWheelComboBox(self)
        self.task.setAccessibleName(_("Task"))
        for each in self._catalog.family("heads"):
            self.task.addItem(title_of(each), each.kind)
        self.advice = label("", "warning", wrap=True)
        inside = QWidget()
        inside.setProperty("role", "clear")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 8, 8, 0)
        self._column.setSpacing(8)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        theme = studio.theme
        self._column.addWidget(heading(theme, _("Source")))
        self._column.addWidget(self.kind)
        self._column.addWidget(self.summary)
        self._column.addSpacing(8)
        task_heading = heading(theme, _("Task"))
        if of_table:  # shown by hand, they would be windows until they have a parent
            task_heading.hide()
            self.task.hide()
        self._column.addWidget(task_heading)
        self._column.addWidget(self.task)
        self._column.addWidget(self.advice)
        self._column.addStretch(1)
        self.kind.activated.connect(self._kind_chosen)
        self.task.activated.connect(self._task_chosen)

    def show_data(self, project: Project, view: DatasetView | None) -> None:
        """Show the source and the task of a project."""
        source = project.data.source
        if source.kind != self._source.kind or self.form is None:
            self._new_form(source)
        self._source = source
        with QSignalBlocker(self.kind), QSignalBlocker(self.task):
            self.kind.setCurrentIndex(self.kind.findData(source.kind))
            self.task.setCurrentIndex(self.task.findData(project.head))
        found = self._catalog.get(source.kind)
        self.summary.setText(_(found.summary) if found is not None else "")
        if self.form is not None:
            self.form.show_params(source.params)
            self._explain(self.form, source)
        self._advise(project, view)

    def _advise(self, project: Project, view: DatasetView | None) -> None:
        task = self._catalog.get(project.head)
        wants = task.extra.get("labels") if task is not None else ""
        wants_many = wants == "multi"
        text = ""
        if view is not None and not view.classes and wants in ("single", "multi"):
            text = _("These images have no classes, which this task needs.")
        elif view is not None and view.dataset.has_several_labels and wants == "single":
            text = _(
                "Some images have several labels. Choose “Multi-label classification”."
            )
        elif view is not None and wants_many and not view.dataset.has_several_labels:
            text = _(
                "Every image has exactly one label. Choose “Single-label "
                "classification”."
            )
        self.advice.setText(text)
        self.advice.setVisible(bool(text))

    def _new_form(self, source: Spec) -> None:
        if self.form is not None:
            self.form.blockSignals(True)
            self._column.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        found = self._catalog.get(source.kind)
        if found is None or not found.params:
            return
        self.form = Form(found.params, self._catalog, parent=self, description=found)
        self.form.edited.connect(self._edited)
        self.form.reset.connect(self._reset)
        self._column.insertWidget(3, self.form)

    def _explain(self, form: Form, source: Spec) -> None:
        """Set placeholders that explain empty lists and fields."""
        for param in self._catalog[source.kind].params:
            row = form.row(param.name)
            if (
                row is None
                or param.type not in ("list", "text", "pair")
                or source.params.get(param.name)
            ):
                continue
            for line in row.findChildren(QLineEdit):
                line.setPlaceholderText(_(param.summary))

    def _kind_chosen(self) -> None:
        kind = str(self.kind.currentData())
        if kind == self._source.kind:
            return
        found = self._catalog[kind]
        params: Params = FrozenMap()
        path = self._source.params.get("path")
        if found.param("path") is not None and path:
            params = FrozenMap({"path": path})
        elif found.param("path") is not None:
            params = FrozenMap({"path": "."})
        self.source_requested.emit(Spec(kind, params))

    def _task_chosen(self) -> None:
        head = self._catalog[str(self.task.currentData())]
        text = _("Task: {task}").format(task=self.task.currentText())
        self._actions.do(SetHead.of(head), text)

    def _edited(self, name: str, value: Value) -> None:
        found = self._catalog[self._source.kind]
        param = found.param(name)
        assert param is not None and self.form is not None
        if param.type == "path" and isinstance(value, str):
            value = normalize_path(value, self._studio.session.folder)
        mistake = check_value(param, value, self._catalog)
        if mistake:
            self.form.show_mistakes([(name, mistake)])
            return
        self._set(name, self._source.params.set(name, value))

    def _reset(self, name: str) -> None:
        self._set(name, self._source.params.without([name]))

    def _set(self, name: str, params: Params) -> None:
        if self._of_table:  # it may have other columns then
            self.read_differently.emit(Spec(self._source.kind, params))
            return
        text = _("Change data source: {parameter}").format(parameter=label_text(name))
        self._actions.do(SetData("source", Spec(self._source.kind, params)), text)
