"""Small widgets shared by the shell and all rooms."""

from dlstudio.ui.widgets.buttons import IconButton, Pill, SegmentedControl, button
from dlstudio.ui.widgets.cards import Card, CardGrid, ClickCard, line
from dlstudio.ui.widgets.empty_state import EmptyState
from dlstudio.ui.widgets.labels import ElidedLabel, heading, label
from dlstudio.ui.widgets.notice_bar import NoticeBar
from dlstudio.ui.widgets.search_field import SearchField

__all__ = [
    "Card",
    "CardGrid",
    "ClickCard",
    "ElidedLabel",
    "EmptyState",
    "IconButton",
    "NoticeBar",
    "Pill",
    "SearchField",
    "SegmentedControl",
    "button",
    "heading",
    "label",
    "line",
]
