"""What the window shows of language models beside their reports."""

from __future__ import annotations

from dlstudio.i18n import marked
from dlstudio.ui.heads.head_view import HeadView

LANGUAGE = HeadView(
    live_title=marked("Sample text"),
    live="dlstudio.ui.heads.language_live:LiveText",
    predict="dlstudio.ui.predict.text_page:TextPage",
)
