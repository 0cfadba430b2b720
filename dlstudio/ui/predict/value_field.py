"""A field of a prediction form: a feature's name, its value, and what to know of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from dlstudio.catalog.features.tokens import TOKENS
from dlstudio.document.text_explanation import TextExplanation
from dlstudio.i18n import _
from dlstudio.ui.features.explanation_bar import ExplanationBar
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.features.value_edit import ParagraphEdit
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.images import scaled_pixmap
from dlstudio.ui.widgets.labels import ElidedLabel, set_role
from dlstudio.workers.table import TableColumn

ICON_SIZE = QSize(15, 15)
IMAGE_SIZE = QSize(52, 52)


class ValueField(QWidget):
    """The field that the view of the column's feature type gives, with a note below.

    The note is a hint such as the range of the data, or says what is unusual about the
    value: that it is missing, never seen, or invalid. It is cut to the width, and whole
    in its tooltip.

    Args:
        theme: Colours and sizes.
        views: Edit the values of each feature type.
        column: The feature; its statistics say what is usual.

    Signals:
        edited: Emitted when the user changes the value.
    """

    edited = Signal()

    def __init__(
        self,
        theme: Theme,
        views: FeatureViews,
        column: TableColumn,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.column = column
        self._view = views[column.kind]
        self.editor = self._view.editor(theme, column, self)
        self.editor.setAccessibleName(column.name)
        self.note = ElidedLabel("", "faint")
        size = f"font-size: {theme.small_size}px;"  # in all roles
        self.note.setStyleSheet(f"QLabel {{ {size} }}")
        self._hint = self._view.hint(column)
        self._error = ""
        name = ElidedLabel(column.name, "strong")
        symbol = QLabel(self)
        drawn = icon(self._view.icon, views.ink(column.kind, theme).name())
        symbol.setPixmap(drawn.pixmap(ICON_SIZE, self.devicePixelRatioF()))
        symbol.setToolTip(views.title(column.kind))
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(symbol, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(name, 1)
        self.explained: ExplanationBar | None = None
        if isinstance(self.editor, ParagraphEdit):
            self.explained = ExplanationBar(theme, self.editor, column.name, self)
            self.explained.changed.connect(self._show_note)
            top.addWidget(self.explained)
        self.image = QLabel(self)
        self.image.setFixedSize(IMAGE_SIZE)
        self.image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.image.hide()
        beside = QVBoxLayout()
        beside.setSpacing(4)
        beside.addWidget(self.editor)
        beside.addWidget(self.note)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.image)
        row.addLayout(beside, 1)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(4)
        lines.addLayout(top)
        lines.addLayout(row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.editor.edited.connect(self._edited)
        self._show_note()

    def value(self) -> str:
        """The value as the data reads it; "" where it is missing."""
        return self.editor.value()

    def set_value(self, value: str) -> None:
        """Show a value, without emitting `edited`."""
        self.editor.set_value(value)
        self.show_explanation(None)
        self._show_note()

    def text(self) -> str:
        """What is in the field."""
        return self.editor.text()

    def show_error(self, error: str) -> None:
        """Show why the model cannot use the value; "" if it can."""
        if error != self._error:
            self._error = error
            self._show_note()

    def show_explanation(self, found: TextExplanation | None) -> None:
        """Show what the model looked at in the text; None for nothing."""
        if self.explained is not None:
            self.explained.show_explanation(found)

    def show_image(self, image: npt.NDArray[np.uint8] | None) -> None:
        """Show what a file contains; None for nothing.

        Args:
            image: uint8 (h, w, 3).
        """
        self.image.setVisible(image is not None)
        if image is not None:
            scale = self.devicePixelRatioF()
            self.image.setPixmap(scaled_pixmap(image, IMAGE_SIZE, scale))

    def takes_file(self, path: Path) -> bool:
        """Whether a file is a value of this feature, by its name."""
        return self._view.takes_file(path)

    @property
    def reads_files(self) -> bool:
        """Whether the text in a file is a value, and not the file's path."""
        return self._view.reads_files

    @property
    def is_wide(self) -> bool:
        """Whether the field needs the whole width of a form."""
        return isinstance(self.editor, ParagraphEdit) or self.column.kind == TOKENS.kind

    def is_valid(self) -> bool:
        """Whether the text is a value, or missing."""
        return not self.editor.problem()

    def _edited(self) -> None:
        self._error = ""
        self.show_explanation(None)
        self._show_note()
        self.edited.emit()

    def _show_note(self) -> None:
        problem = self.editor.problem()
        remark = problem or self._view.remark(self.editor.value(), self.column)
        if self._error and not problem:
            problem = remark = remark or self._error
        role = "bad" if problem else "warning" if remark else "faint"
        set_role(self.note, role)
        shown = remark or self._explained_text() or self._hint
        self.note.set_text(shown)
        self.editor.setAccessibleDescription(shown)

    def _explained_text(self) -> str:
        said = "" if self.explained is None else self.explained.text()
        return " · ".join((_("Predicts as you type"), said)) if said else ""
