"""Editor for class weights, shown below the plan's choice "custom"."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.document.edits.project import SetPlan
from dlstudio.document.plan import DataRecipe
from dlstudio.document.values import FrozenMap
from dlstudio.i18n import _
from dlstudio.ui.session import ProjectChange
from dlstudio.ui.studio import Studio
from dlstudio.ui.train.steering_tables import WeightTable
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.plan_preview import class_names

MOST_ROWS = 8
"""Maximum number of visible rows; more classes are scrolled."""
CUSTOM = "custom"


class ClassWeightsEditor(QWidget):
    """A table that follows the plan, undo and redo; visible only if applicable."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._requested: DataRecipe | None = None
        self.classes: tuple[str, ...] = ()
        self.note = label("", "muted", wrap=True)
        self.table = WeightTable(studio.notices, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.note)
        column.addWidget(self.table)
        # The change signal arrives while the cell is still being written.
        self._commit_timer = QTimer(self, singleShot=True, interval=0)
        self._commit_timer.timeout.connect(self._commit)
        self.table.itemChanged.connect(self._commit_timer.start)
        studio.session.changed.connect(self._changed)
        self._show()

    def _changed(self, change: ProjectChange) -> None:
        if (change.before.plan, change.before.data) != (
            change.after.plan,
            change.after.data,
        ):
            self._show()

    def _show(self) -> None:
        project = self._studio.session.project
        wanted = project.plan.class_weights == CUSTOM
        self.setVisible(wanted)
        if not wanted:
            return
        if self._requested != project.data:
            self._requested = project.data
            self.note.setText(_("Loading classes…"))
            self._request(project.data)
        self._fill()

    def _request(self, recipe: DataRecipe) -> None:
        session = self._studio.session
        job = self._studio.engine.text_job(
            class_names, recipe, session.folder, session.catalog
        )
        job.on_success(self._found).on_failure(self._failed).start()

    def _found(self, classes: tuple[str, ...]) -> None:
        self.classes = classes
        self.note.setText("")
        self._fill()

    def _failed(self, error: object) -> None:
        self.classes = ()
        self.note.setText(str(error))
        self._fill()

    def _fill(self) -> None:
        weights = self._studio.session.project.plan.class_weight
        self.table.blockSignals(True)
        self.table.show_classes(self.classes, weights)
        self.table.blockSignals(False)
        rows = min(len(self.classes), MOST_ROWS)
        height = self.table.verticalHeader().defaultSectionSize() * rows
        header = self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(header + height + 4)
        self.table.setVisible(bool(self.classes))
        self.note.setVisible(bool(self.note.text()))

    def _commit(self) -> None:
        plan = self._studio.session.project.plan
        weights = FrozenMap(self.table.take())
        if weights != plan.class_weight:
            edit = SetPlan("class_weight", weights)
            self._studio.session.do(edit, _("Class weights"))
