"""Numbers: histograms, and fields that accept a point or a comma."""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from dlstudio.catalog.features.number import NUMBER as DESCRIPTION
from dlstudio.document.column_statistics import ColumnStatistics
from dlstudio.document.output_answer import OutputAnswer
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.number_text import number_text, read_number
from dlstudio.ui.features.answer_widgets import text_answer
from dlstudio.ui.features.base import FeatureView, setting
from dlstudio.ui.features.distribution import paint_histogram
from dlstudio.ui.features.number_format import cell_number, range_text, short_value
from dlstudio.ui.features.value_edit import ValueEdit
from dlstudio.ui.theme.category_colors import category_color
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.table import TableColumn


class DecimalEdit(ValueEdit):
    """A field for a number.

    Args:
        comma: Whether the column has its decimals behind a comma.
        unit: What its numbers have behind or before them; may be typed.
    """

    def __init__(
        self, comma: bool = False, unit: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._comma = comma
        self._unit = unit

    def problem(self) -> str:
        """Why the text is no number."""
        try:
            self._number()
        except UserError as error:
            return error.message
        return ""

    def value(self) -> str:
        """The number as the cells of its column are written."""
        try:
            number = self._number()
        except UserError:
            return ""
        text = "" if number is None else number_text(number)
        return text.replace(".", ",") if self._comma else text

    def _number(self) -> float | None:
        text = self.text().strip()
        if self._unit:
            text = text.removeprefix(self._unit).removesuffix(self._unit).strip()
        if not text:
            return None
        if self._comma and "," not in text and text.count(".") == 1:
            # As in the column: 1.234 are thousands where decimals follow a comma.
            whole, _point, rest = text.partition(".")
            text = whole + rest if len(rest) == 3 and whole.strip("+-") else text
        return read_number(text)


class _NumberView:
    """The view part of numbers."""

    icon = "mdi6.numeric"
    color = "#1d4ed8"
    numeric = True
    reads_files = False

    def text(self, value: str) -> str:
        """Long numbers grouped, with few decimals."""
        return cell_number(value)

    def summary(self, statistics: ColumnStatistics) -> str:
        """Range and median."""
        least, median, most = statistics.least, statistics.median, statistics.most
        if least is None or most is None:
            return ""
        if median is None:
            return range_text(short_value(least), short_value(most))
        return _("{least} to {most}, median {median}").format(
            least=short_value(least), most=short_value(most), median=short_value(median)
        )

    def paint(
        self,
        painter: QPainter,
        area: QRectF,
        statistics: ColumnStatistics,
        theme: Theme,
    ) -> None:
        """A histogram."""
        color = category_color(theme, theme.colors.accent)
        paint_histogram(painter, area, statistics.histogram, color)

    def editor(self, theme: Theme, column: TableColumn, parent: QWidget) -> DecimalEdit:
        """A field that accepts what the column contains."""
        comma = setting(column, DESCRIPTION, "decimal") == "comma"
        unit = str(setting(column, DESCRIPTION, "unit"))
        return DecimalEdit(comma, unit, parent)

    def hint(self, column: TableColumn) -> str:
        """Range and median of the data."""
        return self.summary(column.statistics)

    def remark(self, value: str, column: TableColumn) -> str:
        """Whether a number is missing, or outside what the model has seen."""
        if not value:
            return self._missing_remark(column)
        statistics = column.statistics
        if statistics.least is None or statistics.most is None:
            return ""
        try:
            number = read_number(value)
        except UserError:
            return ""
        if number < statistics.least:
            text = _("Lower than in the data (at least {value}).")
            return text.format(value=short_value(statistics.least))
        if number > statistics.most:
            text = _("Higher than in the data (at most {value}).")
            return text.format(value=short_value(statistics.most))
        return ""

    def takes_file(self, path: Path) -> bool:
        """No file is a value."""
        del path
        return False

    def answer_text(self, answer: OutputAnswer, column: TableColumn) -> str:
        """The number with its unit."""
        number = short_value(math.nan if answer.number is None else answer.number)
        unit = str(setting(column, DESCRIPTION, "unit"))
        return f"{number} {unit}" if unit else number

    def answer(
        self, theme: Theme, answer: OutputAnswer, column: TableColumn, parent: QWidget
    ) -> QWidget:
        """The number, and the range of the data."""
        exact = "" if answer.number is None else repr(answer.number)
        below, known = "", self.summary(column.statistics)
        if known:
            below = _("In the data: {range}").format(range=known)
        return text_answer(self.answer_text(answer, column), exact, below, parent)

    def _missing_remark(self, column: TableColumn) -> str:
        how, statistics = setting(column, DESCRIPTION, "missing"), column.statistics
        if how == "drop":
            return _("Enter a number: rows without one are excluded.")
        if column.fill:
            return _("Missing: {value} is used.").format(value=column.fill)
        fill = {"median": statistics.median, "mean": statistics.mean}.get(str(how))
        if how == "value":
            fill = float(str(setting(column, DESCRIPTION, "fill_value")))
        if fill is None:
            return _("Missing.")
        return _("Missing: {value} is used.").format(value=short_value(fill))


NUMBER: FeatureView = _NumberView()
