"""What the rooms show for a model that predicts numbers."""

from __future__ import annotations

from dlstudio.ui.heads.head_view import HeadView

NUMBERS = HeadView()
