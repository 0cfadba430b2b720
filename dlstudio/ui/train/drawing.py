"""Which runs are drawn, and drawing them, thirty times a second at most."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

from dlstudio.i18n import _
from dlstudio.ui.studio import Studio
from dlstudio.ui.train.bottom import Bottom
from dlstudio.ui.train.charts import Charts, Overlay
from dlstudio.ui.train.progress import Progress
from dlstudio.ui.train.record import Record
from dlstudio.ui.train.series import Series
from dlstudio.ui.train.watching import RunsWatch
from dlstudio.workers.training import IDLE, TrainingController

FRAMES_PER_SECOND = 30
DRAWING = 25
"""What was measured of a drawing may take this part of the time; the rest of the
window, which is painted with it, costs as much again."""
LONGEST = 0.4
"""Seconds between two drawings, at most, however slow they are."""


class Drawing(QObject):
    """Takes the training's events and shows what they add up to.

    Signals:
        told: Events that were taken; they are drawn already.
    """

    told = Signal(object)

    def __init__(
        self,
        studio: Studio,
        trainings: TrainingController,
        record: Record,
        watch: RunsWatch,
        parts: tuple[Progress, Charts, Bottom],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = studio.theme
        self._session = studio.session
        self._trainings = trainings
        self._record = record
        self._watch = watch
        self._progress, self._charts, self._bottom = parts
        self._next = 0.0
        self._none = Series()
        self._frame = QTimer(self, interval=1000 // FRAMES_PER_SECOND)
        self._frame.timeout.connect(self._draw)
        watch.curves_changed.connect(self.redraw)

    def go(self, running: bool) -> None:
        """Look for events from now on, or no more."""
        if running:
            self._frame.start()
        else:
            self._frame.stop()

    def main(self) -> Series:
        """The run whose figures are shown: what trains here, is chosen, or newest."""
        own = self._own()
        if self._trains_here():
            return own
        wanted = self._wanted()
        if not wanted or wanted[0] == own.run:
            return own
        return self._watch.series.get(wanted[0], own)

    def follow(self) -> None:
        """Have the curves read that are drawn and not trained here."""
        own = self._own().run
        self._watch.follow(run for run in self._wanted() if run != own)

    def redraw(self) -> None:
        """Draw at once."""
        self._draw(force=True)

    def _own(self) -> Series:
        """The run that was trained here; an empty one in another project."""
        here = self._record.folder == self._session.folder
        return self._record.series if here else self._none

    def _trains_here(self) -> bool:
        here = self._record.folder == self._session.folder
        return here and self._trainings.state != IDLE

    def _wanted(self) -> tuple[str, ...]:
        """The runs that are drawn, the first of them with its figures."""
        own, selected = self._own().run, self._record.selected
        if self._trains_here():
            return tuple(dict.fromkeys([own, *selected])) if own else selected
        if selected or own:
            return selected or (own,)
        return tuple(entry.id for entry in self._watch.entries[:1])

    def _draw(self, force: bool = False) -> None:
        began = perf_counter()
        if began < self._next and not force:
            return
        events = self._trainings.take()
        self._record.series.see_all(events)
        if not events and not force:
            return
        self._show_all()
        self.told.emit(events)
        # What is drawn is not trained: on few cores it is the same processor.
        cost = perf_counter() - began + self._charts.seconds
        self._next = began + min(DRAWING * cost, LONGEST)

    def _show_all(self) -> None:
        series = self.main()
        self._progress.show_series(series)
        overlays = self._overlays()
        if len(overlays) > 1:
            self._charts.show_runs(overlays)
        else:
            self._charts.show_run(series, self._record.smoothing / 100)
        self._bottom.show_series(series)

    def _overlays(self) -> dict[str, Overlay]:
        found = {}
        for run in self._wanted():
            own = self._own()
            series = own if run == own.run else self._watch.series.get(run)
            if series is not None:
                entry = self._watch.entry(run)
                number = entry.number if entry else series.number or 1
                color = self._theme.run_color(number)
                name = _("run {number}").format(number=number)
                found[run] = Overlay(name, color, series)
        return found
