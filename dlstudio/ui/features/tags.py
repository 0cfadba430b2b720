"""Tags of tokens: how often each type of entity occurs, and the entities of a value."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.document.column_statistics import ColumnStatistics
from dlstudio.document.entity_spans import entity_spans, is_tag
from dlstudio.document.entity_text import cut_text
from dlstudio.document.output_answer import OutputAnswer
from dlstudio.i18n import _, ngettext
from dlstudio.ui.features.base import FeatureView
from dlstudio.ui.features.distribution import paint_shares
from dlstudio.ui.features.span_text import SpanText, spans_text
from dlstudio.ui.features.value_edit import ValueEdit
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.table import TableColumn


class _TagsView:
    """The view part of tags."""

    icon = "mdi6.tag-text-outline"
    color = "#115e59"
    numeric = False
    reads_files = False

    def text(self, value: str) -> str:
        """The types of the entities, each as often as it occurs."""
        tags = value.split()
        if not all(map(is_tag, tags)):
            return " ".join(tags)
        return ", ".join(span.type for span in entity_spans(tags))

    def summary(self, statistics: ColumnStatistics) -> str:
        """How many types there are, and the most frequent one."""
        if not statistics.frequent:
            return _("no entities")
        count = len(statistics.frequent)
        name, number = statistics.frequent[0]
        return ngettext(
            "{count} type, {name}: {number}",
            "{count} types, most often {name}: {number}",
            count,
        ).format(count=count, name=name, number=f"{number:,}")

    def paint(
        self,
        painter: QPainter,
        area: QRectF,
        statistics: ColumnStatistics,
        theme: Theme,
    ) -> None:
        """Shares of the most frequent types."""
        paint_shares(painter, area, statistics, theme)

    def editor(self, theme: Theme, column: TableColumn, parent: QWidget) -> ValueEdit:
        """A field for tags."""
        del theme, column
        return ValueEdit(parent)

    def hint(self, column: TableColumn) -> str:
        """How tags are written."""
        del column
        return _("A tag for each token, such as “B-person I-person O”.")

    def remark(self, value: str, column: TableColumn) -> str:
        """Nothing."""
        del value, column
        return ""

    def takes_file(self, path: Path) -> bool:
        """No file is a value."""
        del path
        return False

    def answer_text(self, answer: OutputAnswer, column: TableColumn) -> str:
        """The entities, each with its type."""
        del column
        return spans_text(answer.tokens, answer.value.split())

    def answer(
        self, theme: Theme, answer: OutputAnswer, column: TableColumn, parent: QWidget
    ) -> QWidget:
        """The sentence with its entities, and how much of it has no tags."""
        tags = answer.value.split()
        types = sorted(name for name, _count in column.statistics.frequent)
        text = SpanText(theme, types, parent)
        text.show_sentence(answer.tokens, tags)
        missing = len(answer.tokens) - len(tags)
        if missing <= 0:
            return text
        made = QWidget(parent)
        lines = QVBoxLayout(made)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(text)
        lines.addWidget(label(cut_text(missing), "warning", wrap=True))
        return made


TAGS: FeatureView = _TagsView()
