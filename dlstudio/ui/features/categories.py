"""Several names in one value, such as tags."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from dlstudio.catalog.features.categories import CATEGORIES as DESCRIPTION
from dlstudio.document.column_statistics import ColumnStatistics
from dlstudio.document.output_answer import OutputAnswer
from dlstudio.i18n import _
from dlstudio.ui.features.answer_widgets import names_answer
from dlstudio.ui.features.base import FeatureView, setting
from dlstudio.ui.features.distribution import paint_shares
from dlstudio.ui.features.names_text import known_names, names_summary
from dlstudio.ui.features.value_edit import NameEdit
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.table import TableColumn

USUAL_SEPARATOR = "|"


class NamesEdit(NameEdit):
    """A field for several names; a known one that is chosen is added or removed.

    Args:
        theme: Colours and sizes.
        names: Known names.
        separator: Between the names.
    """

    def __init__(
        self,
        theme: Theme,
        names: Sequence[str],
        separator: str,
        parent: QWidget | None = None,
    ) -> None:
        # To complete the text would replace all names by the chosen one.
        super().__init__(theme, names, parent, complete=False)
        self._separator = separator

    def value(self) -> str:
        """The names, without spaces around them."""
        return self._separator.join(names_in(self.text(), self._separator))

    def choose_name(self, name: str) -> None:
        """Add a name, or remove it if it is there."""
        names = names_in(self.text(), self._separator)
        if name in names:
            names.remove(name)
        else:
            names.append(name)
        self.enter(self._separator.join(names))


class _CategoriesView:
    """The view part of several names."""

    icon = "mdi6.tag-multiple-outline"
    color = "#115e59"
    numeric = False
    reads_files = False

    def text(self, value: str) -> str:
        """The names with commas between them."""
        return ", ".join(names_in(value, USUAL_SEPARATOR))

    def summary(self, statistics: ColumnStatistics) -> str:
        """How many names there are, and the most frequent one."""
        return names_summary(statistics)

    def paint(
        self,
        painter: QPainter,
        area: QRectF,
        statistics: ColumnStatistics,
        theme: Theme,
    ) -> None:
        """Shares of the most frequent names."""
        paint_shares(painter, area, statistics, theme)

    def editor(self, theme: Theme, column: TableColumn, parent: QWidget) -> NamesEdit:
        """A field to which known names can be added."""
        return NamesEdit(theme, known_names(column), separator_of(column), parent)

    def hint(self, column: TableColumn) -> str:
        """What stands between two names."""
        mark = separator_of(column)
        return _("Any number of names, separated by “{mark}”").format(mark=mark)

    def remark(self, value: str, column: TableColumn) -> str:
        """The first name that was never seen."""
        for name in names_in(value, separator_of(column)):
            if column.names and name not in column.names:
                text = _("“{name}” is not in the training data. The model ignores it.")
                return text.format(name=name)
        return ""

    def takes_file(self, path: Path) -> bool:
        """No file is a value."""
        del path
        return False

    def answer_text(self, answer: OutputAnswer, column: TableColumn) -> str:
        """The labels with commas between them."""
        return self.text(answer.value) or _("no label")

    def answer(
        self, theme: Theme, answer: OutputAnswer, column: TableColumn, parent: QWidget
    ) -> QWidget:
        """The labels with the probabilities."""
        return names_answer(theme, self.answer_text(answer, column), answer, parent)


def separator_of(column: TableColumn) -> str:
    """What separates the names of a column."""
    found = str(setting(column, DESCRIPTION, "separator"))
    return USUAL_SEPARATOR if found == "auto" else found


def names_in(text: str, separator: str) -> list[str]:
    """The names in a text, each once."""
    names = (name.strip() for name in text.split(separator))
    return list(dict.fromkeys(name for name in names if name))


CATEGORIES: FeatureView = _CategoriesView()
