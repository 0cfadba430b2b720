"""A card for a recent project."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from dlstudio.i18n import _, ngettext
from dlstudio.mixed_scripts import spaced
from dlstudio.ui.run_text import metric_text
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.cards import ClickCard
from dlstudio.ui.widgets.labels import ElidedLabel, label
from dlstudio.workers.project_files import RecentProject


class RecentCard(ClickCard):
    """Name, folder, best result and date; a click opens the project."""

    def __init__(self, theme: Theme, project: RecentProject) -> None:
        super().__init__(theme, _("Open {name}").format(name=project.name))
        self.project = project
        row = QHBoxLayout()
        row.setSpacing(16)
        left = QVBoxLayout()
        left.setSpacing(2)
        left.addWidget(ElidedLabel(project.name, "strong"))
        middle = Qt.TextElideMode.ElideMiddle
        left.addWidget(ElidedLabel(str(project.folder), "faint", middle))
        row.addLayout(left, 1)
        right = QVBoxLayout()
        right.setSpacing(2)
        best, role = best_result(project)
        for text, role_ in ((best, role), (_when(project), "faint")):
            words = label(text, role_)
            words.setAlignment(Qt.AlignmentFlag.AlignRight)
            right.addWidget(words)
        row.addLayout(right)
        self.body.setContentsMargins(16, 10, 16, 10)
        self.body.addLayout(row)
        if project.error:
            self.setToolTip(project.error)


def best_result(project: RecentProject) -> tuple[str, str]:
    """The best result as text, and the role of its label."""
    if project.error:
        return _("cannot be opened"), "bad"
    if math.isfinite(project.best):
        text = metric_text(project.metric, project.best)
        return spaced(_("Best {metric}").format(metric=text)), "strong"
    if project.runs:
        return _("no result yet"), "muted"
    return _("not trained yet"), "muted"


def _when(project: RecentProject) -> str:
    parts = []
    if project.runs:
        text = ngettext("{count} run", "{count} runs", project.runs)
        parts.append(text.format(count=project.runs))
    if project.modified:
        today = time.strftime("%Y%m%d")
        when = time.localtime(project.modified)
        same_day = time.strftime("%Y%m%d", when) == today
        parts.append(time.strftime("%H:%M" if same_day else "%Y-%m-%d", when))
    return " · ".join(parts)
