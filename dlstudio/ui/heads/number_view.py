"""What the rooms show for a model that predicts numbers."""

from __future__ import annotations

from dlstudio.i18n import marked
from dlstudio.ui.heads.head_view import HeadView

NUMBERS = HeadView(
    live_title=marked("Residuals"),
    live="dlstudio.ui.train.live_residuals:LiveResiduals",
)
