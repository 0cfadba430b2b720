"""How much each feature matters, as bars."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.document.feature_sections import FeatureImportance, Importance
from dlstudio.i18n import _
from dlstudio.ui.heads.metric_format import (
    metric_title,
    metric_value,
    over_samples,
)
from dlstudio.ui.heads.section import ReportSection, titled_card
from dlstudio.ui.heads.value_bars import ValueBar, ValueBars
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.labels import label

MAX_BARS = 20


class ImportanceSection(ReportSection):
    """The features with the longest bars first, with the deviation of their lengths.

    Args:
        theme: Colours and sizes.
        section: The features.
    """

    def __init__(
        self, theme: Theme, section: Importance, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        title = _("Feature importance")
        metric = metric_title(section.metric)
        note = _("How much “{metric}” worsens if permuted").format(metric=metric)
        if section.samples:
            note = f"{note} · {over_samples(section.samples)}"
        card = titled_card(theme, title, note, self)
        self.bars = importance_bars(theme, section, card)
        card.body.addWidget(self.bars)
        left = len(section.features) - MAX_BARS
        if left > 0:
            text = _("and {count} more").format(count=left)
            card.body.addWidget(label(text, "faint"))
        card.body.addStretch(1)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(card)


def importance_bars(theme: Theme, section: Importance, parent: QWidget) -> ValueBars:
    """The most important features, the first one first.

    Args:
        theme: Colours and sizes.
        section: The features.
        parent: Parent of the widget.
    """
    ranked = sorted(section.features, key=lambda each: -each.loss)[:MAX_BARS]

    def made(each: FeatureImportance) -> ValueBar:
        text = metric_value(section.metric, each.loss).replace("-", "−")
        return ValueBar(each.feature, each.loss, text, each.deviation)

    return ValueBars(theme, [made(each) for each in ranked], parent)
