"""What the rooms show for a model that writes texts."""

from __future__ import annotations

from dlstudio.ui.heads.head_view import HeadView

TEXTS = HeadView()
