"""The dialog that shows what a Keras model is before a project is made of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.custom_code import CodeNeeded
from dlstudio.document.import_report import ImportPreview, ImportReport
from dlstudio.document.name_lists import list_names
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.dialog_height import fit_height
from dlstudio.ui.widgets.labels import ElidedLabel, label

WIDTH = 560
NAMES_HEIGHT = 120
PIXELS = ("", "0..1", "-1..1")
"""What is chosen: of 0 to 255 nothing is made."""
SHOWN = 4


class ModelImportDialog(QDialog):
    """Shows a model's facts, and asks for what its file does not say.

    Args:
        theme: Colours and sizes.
        name: Of the file.
        parent: The window.

    Signals:
        chosen: The project is to be made, with the classes and the pixel values.
        code_wanted: A file with code is to be added.
        trust_wanted: The code is to be shown, and may be trusted.
    """

    chosen = Signal(tuple, str)
    code_wanted = Signal()
    trust_wanted = Signal()

    def __init__(self, theme: Theme, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("model-import")
        self.setWindowTitle(_("Import a Keras model"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._count = 0
        self._given: tuple[str, ...] = ()
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.state = label("", "muted")
        self.error = label("", "bad", wrap=True)
        self.hint = label("", "", wrap=True)
        self.facts = QWidget()
        self.facts.setProperty("role", "clear")
        self.names_title = label("", "muted", wrap=True)
        self.names = QPlainTextEdit()
        self.names.setAccessibleName(_("Classes"))
        self.names.setFixedHeight(NAMES_HEIGHT)
        self.names.setTabChangesFocus(True)
        self.names.textChanged.connect(self._check_names)
        self.pixels_title = label(
            _(
                "No layer of the model rescales its images. Choose the pixel values "
                "that it was trained with."
            ),
            "muted",
            wrap=True,
        )
        self.pixels = QComboBox()
        self.pixels.setAccessibleName(_("Pixel values"))
        self.pixels.addItems([_("0 to 255"), _("0 to 1"), _("−1 to 1")])
        self.notes = label("", "warning", wrap=True)
        self.create_button = button(theme, _("Create project"), "primary")
        self.create_button.setDefault(True)
        self.create_button.clicked.connect(self._create)
        self.add_button = button(theme, _("Add code…"))
        self.add_button.setAutoDefault(False)
        self.add_button.clicked.connect(self.code_wanted)
        self.trust_button = button(theme, _("Trust code…"))
        self.trust_button.setAutoDefault(False)
        self.trust_button.clicked.connect(self.trust_wanted)
        self.cancel_button = button(theme, _("Cancel"))
        self.cancel_button.clicked.connect(self.reject)
        self._arrange(name)
        self.show_reading()

    def show_reading(self) -> None:
        """Show that the file is being read."""
        self._show_only(self.progress, self.state)
        self.state.setText(_("Reading the model…"))
        self.create_button.show()
        self.create_button.setEnabled(False)
        self.cancel_button.setText(_("Cancel"))

    def show_preview(self, preview: ImportPreview) -> None:
        """Show what the file says, and ask for the rest."""
        report = preview.report
        self._given, self._count = report.classes, len(report.classes)
        self._fill_facts(report)
        shown: list[QWidget] = [self.facts]
        if self._count:
            shown += [self.names_title, self.names]
            self.names.setPlainText("\n".join(report.classes))
            self.names_title.setText(_names_text(report))
        if preview.pixels_unknown and not preview.problem:
            shown += [self.pixels_title, self.pixels]
        about_code = code_notes(report)
        problem = "" if about_code else preview.problem  # code is what it is about
        notes = [*about_code, *report.notes, *((problem,) if problem else ())]
        if report.missing:
            shown.append(self.add_button)
        if any(not each.trusted for each in report.code):
            shown.append(self.trust_button)
        if notes:
            shown.append(self.notes)
            self.notes.setText("\n".join(dict.fromkeys(notes)))
        self._show_only(*shown)
        self.create_button.setEnabled(True)
        self.create_button.setFocus()

    def show_error(self, error: BaseException) -> None:
        """Show why the file cannot be imported."""
        hint = error.hint if isinstance(error, UserError) else ""
        text = error.message if isinstance(error, UserError) else str(error)
        self.error.setText(text)
        self.hint.setText(hint)
        needs_code = isinstance(error, CodeNeeded)
        self._show_only(
            self.error,
            *((self.hint,) if hint else ()),
            *((self.add_button,) if needs_code else ()),
        )
        self.create_button.hide()
        self.cancel_button.setText(_("Close"))
        fit_height(self, WIDTH)

    def _create(self) -> None:
        self.state.setText(_("Creating the project…"))
        names = self._typed_names()
        pixels = PIXELS[max(self.pixels.currentIndex(), 0)]
        if self.pixels.isHidden():
            pixels = ""
        self._show_only(self.facts, self.progress, self.state)
        self.create_button.setEnabled(False)
        # What was not changed is found again, with the file that names it.
        self.chosen.emit(() if names == self._given else names, pixels)

    def _typed_names(self) -> tuple[str, ...]:
        lines = self.names.toPlainText().splitlines()
        return tuple(line.strip() for line in lines if line.strip())

    def _check_names(self) -> None:
        if not self._count:
            return
        names = self._typed_names()
        fits = len(names) == self._count and len(set(names)) == self._count
        self.create_button.setEnabled(fits)
        self.names.setToolTip(
            ""
            if fits
            else ngettext(
                "Write {count} name.", "Write {count} different names.", self._count
            ).format(count=self._count)
        )

    def _fill_facts(self, report: ImportReport) -> None:
        grid = self.facts.layout()
        assert isinstance(grid, QGridLayout)
        while grid.count():
            item = grid.takeAt(0)
            if item is not None and (old := item.widget()) is not None:
                old.deleteLater()
        for row, (title, text) in enumerate(_facts(report)):
            grid.addWidget(label(title, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(text, "", wrap=True), row, 1)

    def _show_only(self, *widgets: QWidget) -> None:
        for each in (
            *(self.progress, self.state, self.error, self.hint, self.facts),
            *(self.names_title, self.names, self.pixels_title, self.pixels),
            *(self.notes, self.add_button, self.trust_button),
        ):
            each.setVisible(each in widgets)
        fit_height(self, WIDTH)

    def _arrange(self, name: str) -> None:
        grid = QGridLayout(self.facts)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.add_button)
        foot.addWidget(self.trust_button)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.create_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addWidget(ElidedLabel(name, "title", Qt.TextElideMode.ElideMiddle))
        for each in (
            *(self.error, self.hint, self.facts, self.names_title, self.names),
            *(self.pixels_title, self.pixels, self.notes, self.progress, self.state),
        ):
            column.addWidget(each)
        column.addSpacing(4)
        column.addLayout(foot)
        self.setFixedWidth(WIDTH)


def _facts(report: ImportReport) -> list[tuple[str, str]]:
    found = [(_("Layers"), f"{report.layers:,}")]
    if report.parameters:
        found.append((_("Parameters"), f"{report.parameters:,}"))
    if report.keras:
        found.insert(0, (_("Written by"), f"Keras {report.keras}"))
    if report.difference is not None:
        found.append((_("Outputs"), _("equal to those of the original")))
    for block in report.blocks[:SHOWN]:
        text = f"{block.name} ({block.class_name})"
        found.append((_("Kept as a block"), text))
    if len(report.blocks) > SHOWN:
        more = len(report.blocks) - SHOWN
        text = ngettext("and {count} more", "and {count} more", more)
        found.append(("", text.format(count=more)))
    return found


def code_notes(report: ImportReport) -> list[str]:
    """What is to be said of the code that layers of a model need.

    Args:
        report: Of the model.
    """
    notes = []
    if report.missing:
        text = _("No code was given for {names}.")
        notes.append(text.format(names=list_names(report.missing)))
    untrusted = [each.name for each in report.code if not each.trusted]
    if untrusted:
        text = _(
            "The Python code of {names} has not been run because you have not "
            "trusted it."
        )
        notes.append(text.format(names=list_names(untrusted)))
    return notes


def _names_text(report: ImportReport) -> str:
    if report.labels:
        text = _("Classes, from {file}. You can change their names.")
        return text.format(file=Path(report.labels).name)
    return _("The names of the classes are unknown. Write one on each line.")
