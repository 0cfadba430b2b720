"""How good outputs that predict numbers are: the sections of their reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from dlstudio.document.evaluation import HeadReport
from dlstudio.ui.heads.report_views import SECTIONS, make_section
from dlstudio.ui.heads.section import Pixels, ReportSection
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.labels import label


class OutputPage(QScrollArea):
    """A section below the other, for each output.

    Args:
        theme: Colours and sizes.
        parent: Parent of the widget.

    Signals:
        row_chosen: Id of the sample whose point or row was chosen.
        row_selected: Id of the sample whose row is selected.
        asked: Request for images; see `ReportSection`.
        threshold_chosen: What an output predicts, and its threshold; None for the
            default.
    """

    row_chosen = Signal(str)
    row_selected = Signal(str)
    asked = Signal(object)
    threshold_chosen = Signal(str, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._sections: list[ReportSection] = []
        self.show_outputs({})

    def show_outputs(self, outputs: Mapping[str, HeadReport]) -> None:
        """Show the reports of outputs, by the names of what they predict."""
        self._sections = []
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(12)
        for name, report in outputs.items():
            if len(outputs) > 1:
                column.addWidget(label(name, "strong"))  # headings are in capitals
            for section in SECTIONS:
                if section in report.sections:
                    self._add(column, section, name, report)
        column.addStretch(1)
        self.setWidget(inside)

    def show_images(self, request: object, images: Sequence[Pixels]) -> None:
        """Show the images that a section has asked for.

        Args:
            request: As it was emitted.
            images: uint8 (height, width, channels) each.
        """
        for each in self._sections:
            each.show_images(request, images)

    def _add(
        self, column: QVBoxLayout, section: str, output: str, report: HeadReport
    ) -> None:
        made = make_section(section, self._theme, report.sections)
        if made is not None:
            made.threshold_chosen.connect(partial(self.threshold_chosen.emit, output))
            made.row_chosen.connect(self.row_chosen)
            made.row_selected.connect(self.row_selected)
            made.asked.connect(self.asked)
            self._sections.append(made)
            column.addWidget(made)
