"""The names of a column in a few words."""

from __future__ import annotations

from dlstudio.document.column_statistics import ColumnStatistics
from dlstudio.i18n import _, ngettext
from dlstudio.percent_text import percent
from dlstudio.workers.table import TableColumn


def known_names(column: TableColumn) -> tuple[str, ...]:
    """The names of a column, as far as they are known."""
    return column.names or tuple(name for name, _count in column.statistics.frequent)


def names_summary(statistics: ColumnStatistics) -> str:
    """ "5 values, most often “West” (31.2 %)"."""
    count = statistics.distinct
    text = ngettext("{count} value", "{count} values", count).format(count=f"{count:,}")
    present = statistics.count - statistics.missing
    if not statistics.frequent or not present:
        return text
    name, times = statistics.frequent[0]
    return _("{values}, most often “{name}” ({share})").format(
        values=text, name=name, share=percent(times / present, 0)
    )
