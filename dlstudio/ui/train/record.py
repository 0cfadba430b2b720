"""What the Train room remembers while it is made anew."""

from __future__ import annotations

from PySide6.QtCore import QObject

from dlstudio.ui.train.series import Series


class Record(QObject):
    """The series of the run that was trained here, and how it is looked at.

    Attributes:
        selected: Ids of the runs that are selected, the last clicked first.
        dismissed: Interrupted runs that nobody wants to hear of.
    """

    def __init__(self) -> None:
        super().__init__()
        self.series = Series()
        self.selected: tuple[str, ...] = ()
        self.dismissed: set[str] = set()
        self.smoothing = 60
        self.logarithmic = False
        self.tab = "runs"

    def clear(self, series: Series | None = None) -> None:
        """Begin with an empty one, or with that of a run that goes on."""
        self.series = series or Series()
        self.selected = ()
