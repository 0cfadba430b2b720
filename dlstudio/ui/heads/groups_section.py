"""A metric by group: whether the model is as good for all."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.document.feature_sections import GroupMetric, GroupMetrics
from dlstudio.document.metric_text import gap_text
from dlstudio.i18n import _
from dlstudio.ui.heads.metric_format import metric_title, metric_value, signed_value
from dlstudio.ui.heads.row_table import RowTable
from dlstudio.ui.heads.section import ReportSection, titled_card
from dlstudio.ui.theme.tokens import Theme


class GroupsSection(ReportSection):
    """The groups from the worst to the best, and the largest gap.

    Groups with few samples are faint, and said to be uncertain.

    Args:
        theme: Colours and sizes.
        section: The groups.
    """

    def __init__(
        self, theme: Theme, section: GroupMetrics, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        title = _("Results by {feature}").format(feature=section.feature)
        metric = metric_title(section.metric)
        overall = metric_value(section.metric, section.overall)
        note = _("{metric} overall: {value}").format(metric=metric, value=overall)
        note = f"{section.feature} · {note} · {gap_text(section)}"
        # Headings are in capitals, which names of columns are not.
        card = titled_card(theme, _("Results by group"), note, self)
        titles = (section.feature, _("Samples"), _("Value"), _("Difference"), "")
        self.table = RowTable(title, titles, (1, 2, 3), card)
        groups = ordered_groups(section)
        self.table.show_texts([_texts(each, section) for each in groups])
        for row, each in enumerate(groups):
            if each.uncertain:
                for column in range(len(titles)):
                    self.table.color_cell(row, column, theme.colors.text_faint)
            elif each.value is not None and _is_worse(each.value, section):
                self.table.color_cell(row, 3, theme.colors.warning)
        card.body.addWidget(self.table)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(card)


def ordered_groups(section: GroupMetrics) -> list[GroupMetric]:
    """The groups from the worst to the best, undefined ones last."""
    sign = 1 if section.direction == "up" else -1
    return sorted(
        section.groups,
        key=lambda each: (each.value is None, sign * (each.value or 0), each.group),
    )


def _is_worse(value: float, section: GroupMetrics) -> bool:
    if section.direction == "up":
        return value < section.overall
    return value > section.overall


def _texts(group: GroupMetric, section: GroupMetrics) -> list[str]:
    difference = ""
    if group.value is not None:
        difference = signed_value(section.metric, group.value - section.overall)
    value = metric_value(section.metric, group.value)
    certainty = _("uncertain: few samples") if group.uncertain else ""
    name = group.group or _("no value")
    return [name, f"{group.samples:,}", value, difference, certainty]
