"""What the rooms show for a model that predicts classes, one or several."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.i18n import marked
from dlstudio.ui.heads.head_view import HeadView

CLASSES = HeadView(
    live_title=marked("Confusion matrix"),
    live="dlstudio.ui.heads.class_live:LiveClasses",
    page="dlstudio.ui.heads.class_page:ClassPage",
    page_section="confusion_matrix",
)
LABELS = replace(CLASSES, live_title=marked("Labels"))
