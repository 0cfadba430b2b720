"""The Export room: export a model and verify the result."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.export.export_steps import ExportSteps
from dlstudio.ui.export.result_cards import (
    certificate_card,
    signature_card,
    snippet_card,
)
from dlstudio.ui.export.submodel_selector import SubmodelSelector
from dlstudio.ui.heads.head_view import method_view
from dlstudio.ui.runs.no_model_state import NoModelState
from dlstudio.ui.runs.run_picker import RunPicker
from dlstudio.ui.runs.words_state import NothingPredictedState
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import SegmentedControl, button
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.column_page import ColumnPage
from dlstudio.ui.widgets.file_dialogs import FileDialogs
from dlstudio.ui.widgets.focus import transfer_focus
from dlstudio.ui.widgets.labels import heading, label, set_role
from dlstudio.workers.model_export import WHOLE
from dlstudio.workers.progress import Progress

MAX_WIDTH = 960


def make(studio: Studio) -> QWidget:
    """Create the room for the shell."""
    return ExportRoom(studio)


class ExportRoom(QWidget):
    """Select a run, a format and a destination; exports are verified."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._export_job = studio.services.export_job
        self.picker = RunPicker(studio, include_running=False, parent=self)
        formats = studio.session.catalog.family("formats")
        self._summaries = {each.name: _(each.summary) for each in formats}
        self._of_rows = {
            each.name: _(str(each.extra["rows"]))
            for each in formats
            if "rows" in each.extra
        }
        names = {"savedmodel": "SavedModel", "keras": ".keras"}
        choices = [(each.name, names.get(each.name, each.name)) for each in formats]
        self.format = SegmentedControl(choices, choices[0][0])
        self._format = choices[0][0]
        self._about = label("", "muted", wrap=True)
        self.part = SubmodelSelector(studio, self)
        self.place = QLineEdit(self)
        self.place.setAccessibleName(_("Destination"))
        self._user_place = False
        self._folder = studio.session.folder
        theme = studio.theme
        self.choice = FileDialogs(self)
        self.browse = button(theme, _("Browse…"), "", "mdi6.folder-outline")
        self.replace = QCheckBox(_("Replace existing export"), self)
        self.start = button(
            theme, _("Export and verify"), "primary", "mdi6.tray-arrow-up"
        )
        self.stop = button(theme, _("Stop"), "danger", "mdi6.stop")
        self.bar = QProgressBar(self)
        self.note = label("", "muted", wrap=True)
        self.steps = ExportSteps(theme, self)
        self._results = QVBoxLayout()
        self._results.setSpacing(12)
        self._build()
        self._connect()
        self.part.chosen.connect(self._order_focus)
        self._order_focus()
        self._export_job.set_project(studio.session.folder)
        self._suggest()
        self._show_running()
        self._show()

    def export(self) -> None:
        """Export the selected run's model and verify the result."""
        if self._studio.session.folder is None or not self.picker.run:
            self._studio.notices.error(
                UserError(
                    _("There is no trained model yet."),
                    _("Train the model first."),
                ),
                topic="export",
            )
            return
        place = self.place.text().strip()
        if not place:
            self._studio.notices.error(
                UserError(
                    _("No destination is set."),
                    _("Enter a file or folder, or choose “Browse…”."),
                ),
                topic="export",
            )
            return
        out = Path(place).expanduser()
        replace = self.replace.isChecked()
        part = self.part.part
        self._export_job.start(self.picker.run, self._format, out, replace, part)

    def showEvent(self, event: QShowEvent) -> None:
        """Another project may have been opened in the meantime."""
        super().showEvent(event)
        self.picker.refresh()
        self._opened()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees the runs."""
        super().hideEvent(event)
        self.picker.rest()

    def _build(self) -> None:
        card = Card(self)
        card.body.setSpacing(12)
        card.body.addWidget(heading(self._studio.theme, _("Export")))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.place, 1)
        where.addWidget(self.browse)
        grid.addWidget(self.picker.caption, 0, 0)
        grid.addWidget(self.picker, 0, 1)
        grid.addWidget(label(_("Format"), "muted"), 1, 0)
        grid.addWidget(self.format, 1, 1, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self._about, 2, 1)
        grid.addWidget(self.part.caption, 3, 0)
        grid.addWidget(self.part, 3, 1, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(label(_("Destination"), "muted"), 4, 0)
        grid.addLayout(where, 4, 1)
        grid.addWidget(self.replace, 5, 1)
        grid.setColumnStretch(1, 1)
        card.body.addLayout(grid)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.start)
        buttons.addWidget(self.stop)
        buttons.addStretch(1)
        card.body.addLayout(buttons)
        card.body.addWidget(self.bar)
        card.body.addWidget(self.note)
        self._untrained = NoModelState(self._studio, _("Train the model to export it."))
        self._pages = QStackedWidget(self)
        self._unpredicting: dict[str, NothingPredictedState] = {}
        self._page = page = ColumnPage(MAX_WIDTH, self)
        page.column.addWidget(card)
        page.column.addWidget(self.steps)
        page.column.addLayout(self._results)
        page.column.addStretch(1)
        self._pages.addWidget(page)
        self._pages.addWidget(self._untrained)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)

    def _order_focus(self) -> None:
        """From the top to the bottom."""
        stops = (
            *(self.picker.combo, *self.format.buttons, *self.part.stops()),
            *(self.place, self.browse, self.replace, self.start, self.stop),
        )
        for first, second in pairwise(stops):
            QWidget.setTabOrder(first, second)

    def _connect(self) -> None:
        self.format.chosen.connect(self._format_chosen)
        self.part.chosen.connect(self._suggest)
        self.place.textEdited.connect(self._place_edited)
        self.browse.clicked.connect(self._browse)
        self.start.clicked.connect(self.export)
        self.stop.clicked.connect(self._export_job.stop)
        self.picker.chosen.connect(self._suggest)
        self.picker.filled.connect(self._show_page)
        self.picker.filled.connect(self._show_about)
        self._export_job.found_changed.connect(self._show)
        self._export_job.changed.connect(self._show_running)
        self._export_job.progressed.connect(self._progress)
        self._studio.session.saved_changed.connect(self._opened)
        self._format_chosen(self._format)

    def _format_chosen(self, name: str) -> None:
        self._format = name
        self._show_about()
        self._suggest()

    def _show_about(self) -> None:
        """Say what the format is for, and what it takes if that is no image."""
        text = self._summaries.get(self._format, "")
        if not self.picker.of_images:
            text = f"{text}\n{self._of_rows.get(self._format, '')}".strip()
        self._about.setText(text)

    def _place_edited(self, _text: str) -> None:
        self._user_place = True

    def _suggest(self, _run: str = "") -> None:
        """Suggest a path in the project's exports, unless the user entered one."""
        folder = self._studio.session.folder
        self.start.setEnabled(bool(self.picker.run) and not self._export_job.running)
        if self._user_place:
            return
        if folder is None:
            self.place.clear()
            return
        run = self._studio.services.run_names.name(self.picker.run)
        run = f"run-{run}" if run else "model"
        suffix = ".keras" if self._format == "keras" else ""
        part = f"-{self.part.part}" if self.part.part != WHOLE else ""
        name = f"{folder.name}-{run}{part}{suffix}"
        self.place.setText(str(folder / "exports" / name))

    def _browse(self) -> None:
        suggested = Path(self.place.text() or Path.home() / "model").expanduser()
        self.choice.place(_("Destination"), suggested, self._placed)

    def _placed(self, path: Path) -> None:
        self.place.setText(str(path))
        self._user_place = True

    def _opened(self) -> None:
        folder = self._studio.session.folder
        if folder != self._folder:
            self._folder, self._user_place = folder, False
        self._export_job.set_project(folder)
        self._suggest()
        self._show_page()

    def _show_page(self) -> None:
        self.part.show_head(self.picker.head)
        kept = self._export_job.running or self._export_job.found is not None
        untrained = self.picker.untrained and not kept
        shown = self._untrained if untrained else self._page
        self._pages.setCurrentWidget(self._without_model() or shown)
        if self.isVisible():  # the picker is hidden while there is no model
            self.picker.poll()

    def _without_model(self) -> NothingPredictedState | None:
        """What is shown of a run that has no model; None of others."""
        catalog = self._studio.session.catalog
        text = method_view(self.picker.method, catalog).without_model
        if text and text not in self._unpredicting:
            self._unpredicting[text] = NothingPredictedState(self._studio, _(text))
            self._pages.addWidget(self._unpredicting[text])
        return self._unpredicting.get(text)

    def _progress(self, progress: Progress) -> None:
        # The duration of the export itself, which follows the data, is unknown.
        self.bar.setRange(0, progress.total if progress.done < progress.total else 0)
        self.bar.setValue(progress.done)

    def _show_running(self) -> None:
        running = self._export_job.running
        if running:
            self.stop.show()
            transfer_focus(self.start, self.stop)
        self.start.setEnabled(not running and bool(self.picker.run))
        if self.start.isEnabled():
            transfer_focus(self.stop, self.start)
        self.stop.setVisible(running)
        self.bar.setVisible(running)
        self.bar.setRange(0, 0)
        self.steps.show_step(self._export_job.step, failed=not running)
        self.note.setText(self._export_job.note)
        self.note.setVisible(bool(self._export_job.note))
        set_role(self.note, self._export_job.tone)

    def _clear_results(self) -> None:
        while (item := self._results.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _show(self) -> None:
        self._clear_results()
        found = self._export_job.found
        if found is None:
            return
        theme = self._studio.theme
        self._results.addWidget(certificate_card(theme, found))
        if found.signature is not None:
            self._results.addWidget(signature_card(theme, found.signature))
        for snippet in found.snippets:
            self._results.addWidget(
                snippet_card(theme, snippet, found.path, self._copy)
            )

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._studio.notices.info(_("Copied."))
