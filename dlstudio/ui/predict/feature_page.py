"""The page for models of features: a form for one sample, and tables of many."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QTimer
from PySide6.QtGui import QImage, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.predict.drops import recognize_table
from dlstudio.ui.predict.page import PredictPage
from dlstudio.ui.predict.search_form import SearchForm
from dlstudio.ui.predict.table_page import PredictedTablePage
from dlstudio.ui.predict.value_field import ValueField
from dlstudio.ui.predict.value_form import PredictForm
from dlstudio.ui.runs.run_picker import RunPicker
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import SegmentedControl, button
from dlstudio.ui.widgets.dropped_files import Drop, files_of
from dlstudio.ui.widgets.file_dialogs import FileDialogs, table_filters
from dlstudio.workers.feature_form import FeatureForm
from dlstudio.workers.text_file import read_text

VALUES, TABLE = "values", "table"
GAP, LEAST_TABLE = 12, 220
"""Between a form and the table below, and least height of that, in pixels."""
PASTED = Path("pasted.png")
"""What an image is called that is no file."""


class FeaturePage(PredictPage):
    """The answer follows what is typed; a table comes by drop, paste or dialog.

    Where a model reads only texts, the table is below the form, and pasted lines are
    its rows; else one of both is shown.
    """

    def __init__(
        self, studio: Studio, picker: RunPicker, parent: QWidget | None = None
    ) -> None:
        super().__init__(studio, picker, parent)
        theme = studio.theme
        views = FeatureViews(studio.session.catalog)
        self._values = studio.services.value_predictions
        self._tables = studio.services.table_predictions
        self.choice = FileDialogs(self)
        modes = [(VALUES, _("Values")), (TABLE, _("Table"))]
        self.mode = SegmentedControl(modes, VALUES)
        self.paste = button(theme, _("Paste"), "", "mdi6.content-paste")
        self.paste.setToolTip(_("Several lines become the rows of a table."))
        self.open = button(theme, _("Open table…"), "", "mdi6.table")
        self.search = SearchForm(self)
        self.form = PredictForm(theme, views, self)
        self.table_page = PredictedTablePage(theme, views, self._tables, self)
        self._pages = QSplitter(Qt.Orientation.Vertical, self)
        # Fields have a height once they are shown, which is later than now.
        self._fit_later = QTimer(self, singleShot=True, interval=0)
        self._fit_later.timeout.connect(self._fit_form)
        self._build()
        self._connect()
        self._show_form()
        self._show_mode(TABLE if self._tables.path is not None else VALUES)

    @property
    def is_filled(self) -> bool:
        """Whether there is a table, or a job that predicts one."""
        return self._tables.path is not None

    @property
    def nothing_pasted(self) -> str:
        """See `PredictPage`."""
        if self._takes_lines:
            return _("There is neither a text nor a table on the clipboard.")
        return _("There is no table on the clipboard. Copy a file to paste it.")

    def recognize(self, mime: QMimeData) -> Drop | None:
        """See `PredictPage`."""
        files = files_of(mime)
        path = files[0] if len(files) == 1 else PASTED
        field = self.form.field_for(path)
        if field is not None and (len(files) == 1 or mime.hasImage()):
            text = (
                _("Use “{file}” as {name}") if files else _("Use this image as {name}")
            )
            text = text.format(file=path.name, name=field.column.name)
            return Drop("images", text, files)
        return recognize_table(mime, self._studio.session.catalog)

    def files_in(self, mime: QMimeData) -> list[Path]:
        """See `PredictPage`; an image that is no file is stored if a field takes it."""
        files = list(files_of(mime))
        if not files and mime.hasImage() and self.form.field_for(PASTED) is not None:
            image = mime.imageData()
            images = self._studio.services.predictions
            path = images.store_image(image) if isinstance(image, QImage) else None
            files = [path] if path else []
        return files

    def predict(self, run: str, inputs: Sequence[Path]) -> None:
        """See `PredictPage`; a single table, or a file for a field of the form."""
        field = self.form.field_for(inputs[0])
        if len(inputs) == 1 and field is not None:
            self._show_mode(VALUES)
            self._enter(field, inputs[0])
            return
        if len(inputs) != 1 or inputs[0].is_dir():
            self._studio.notices.error(
                UserError(
                    _("This model predicts the rows of one table at a time."),
                    _("Drop a CSV, Excel, Parquet or JSON Lines file."),
                ),
                topic="predict",
            )
            return
        self._show_mode(TABLE)
        self._tables.start(run, inputs[0], self._values.search)

    def take_text(self, text: str) -> bool:
        """See `PredictPage`; one line is entered, several are rows of a table."""
        if not self._takes_lines:
            return False
        (field,) = self.form.fields.values()
        lines = [each for each in text.splitlines() if each.strip()]
        if len(lines) == 1:
            self._show_mode(VALUES)
            field.editor.enter(lines[0].strip())
        else:
            path = self._tables.store_lines(field.column.name, lines)
            self.predict(self._picker.run, [path])
        return True

    @property
    def _takes_lines(self) -> bool:
        """Whether a line is all that the model needs to predict."""
        return self.form.has_only_texts and len(self.form.fields) == 1

    def _enter(self, field: ValueField, path: Path) -> None:
        """Enter a file, or the text in it."""
        if not field.reads_files:
            field.editor.enter(str(path))
            return
        job = self._studio.engine.text_job(read_text, path)
        job.on_success(field.editor.enter).on_failure(self._refused).start()

    def _refused(self, error: Exception) -> None:
        self._studio.notices.error(error, topic="predict")

    def opened(self) -> None:
        """See `PredictPage`."""
        self._tables.set_project(self._studio.session.folder)
        row = self._picker.row
        if row is None or row.of_images:
            if self._picker.known:
                self._values.open("")
            return
        self._values.open(row.id, (row.has_model, row.checkpoint_epoch))

    def _build(self) -> None:
        top = QHBoxLayout(self.tools)
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(8)
        top.addStretch(1)
        top.addWidget(self.search)
        top.addWidget(self.mode)
        top.addWidget(self.paste)
        top.addWidget(self.open)
        self._pages.setChildrenCollapsible(False)
        self._pages.setHandleWidth(GAP)
        self._pages.setStyleSheet("QSplitter::handle { background: transparent; }")
        for page in (self.form, self.table_page):
            self._pages.addWidget(page)
        self._pages.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)

    def _connect(self) -> None:
        self.mode.chosen.connect(self._show_mode)
        self.open.clicked.connect(self._choose_table)
        self.paste.clicked.connect(self.paste_requested)
        self.form.changed.connect(self._values.ask)
        self.search.changed.connect(self._values.set_search)
        self.table_page.open_requested.connect(self._choose_table)
        self.table_page.result.save_requested.connect(self._choose_place)
        self._values.form_changed.connect(self._show_form)
        self._values.answered.connect(self._show_answer)
        self._values.explained.connect(self._show_explanation)
        self._tables.changed.connect(self.changed)
        self._studio.engine.state_changed.connect(self._show_waiting)

    def showEvent(self, event: QShowEvent) -> None:
        """Put the widgets in the order of the Tab key."""
        super().showEvent(event)
        self._order_focus()
        self._fit_later.start()

    def _order_focus(self) -> None:
        """From the tools to the fields, to the answers, and to the table."""
        result = self.table_page.result
        stops = (
            *(*self.search.fields(), self.paste, self.open, *self.form.stops()),
            *(result.view, result.stop, result.clear, result.save),
        )
        if self.tools.window() is self.window():
            for first, second in pairwise(stops):
                QWidget.setTabOrder(first, second)

    def _show_mode(self, mode: str) -> None:
        self.mode.choose(mode)
        both = self.form.has_only_texts
        self.mode.setVisible(not both)
        self.paste.setVisible(self._takes_lines)
        self.form.setVisible(both or mode == VALUES)
        self.table_page.setVisible(both or mode == TABLE)

    def _fit_form(self) -> None:
        """Make the form as high as its fields, and leave the rest to the table."""
        if self.form.has_only_texts and self.isVisible():
            full = self.form.full_height
            self._pages.setSizes([full, max(self.height() - full, LEAST_TABLE)])

    def _show_form(self) -> None:
        form = self._values.form
        self.form.setEnabled(form is not None)
        self.search.show_settings(self._values.search)
        self.form.show_form(form or FeatureForm("", (), ()), self._values.values)
        self.table_page.show_inputs(
            () if form is None else [each.name for each in form.inputs],
            self._takes_lines,
        )
        self._show_mode(self.mode.current)
        self._fit_later.start()
        self._show_answer()
        self._show_explanation()
        self._order_focus()

    def _show_answer(self) -> None:
        answer = self._values.answer
        if answer is not None:
            self.form.show_answer(answer)
        elif self._values.error:
            self.form.show_note(self._values.error)
        else:
            self._show_waiting()

    def _show_explanation(self) -> None:
        found = self._values.explanation
        if found is not None:
            self.form.show_explanation(found)
        self.form.set_unexplained(self._values.unexplained)
        if self._values.unexplained and self._values.answer is not None:
            self.form.show_answer(self._values.answer)

    def _show_waiting(self) -> None:
        """Say what the first answer waits for."""
        if self._values.answer is None and not self.form.answers.answers:
            loading = self._studio.engine.state in ("idle", "loading")
            text = _("TensorFlow is still loading.") if loading else _("Predicting…")
            self.form.show_note(self._values.error or text)

    def _choose_table(self) -> None:
        kinds = table_filters(self._studio.session.catalog)
        self.choice.files(_("Open table"), self.files_chosen.emit, kinds)

    def _choose_place(self) -> None:
        found = self._tables.found
        if found is None:
            return
        place = found.path.with_name(f"{found.path.stem}-predictions.csv")
        kinds = _("CSV or Parquet (*.csv *.parquet)")
        folder = self._studio.session.folder
        if self._tables.is_pasted and folder is not None:
            place = folder / place.name
        title = _("Save predictions")
        self.choice.place(title, place, self._tables.save, kinds)
