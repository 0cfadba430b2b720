"""Learning rate, gradients of layers, and the confusion of the newest checkpoint."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dlstudio.i18n import _
from dlstudio.ui.evaluate.matrix import Matrix
from dlstudio.ui.evaluate.strip import Strip
from dlstudio.ui.studio import Studio
from dlstudio.ui.train.plot import Look, Plot
from dlstudio.ui.train.series import Series
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.asking import Models, Question
from dlstudio.workers.jobs import Job
from dlstudio.workers.measuring import Evaluation, evaluate_run
from dlstudio.workers.training import Trainings

MOST_LAYERS = 8
REST = 2.0
"""Seconds between two measurements, so that short epochs are not slowed down."""


class Layers(QWidget):
    """The learning rate, and the norm of each layer's gradient if that is wished."""

    def __init__(
        self, studio: Studio, trainings: Trainings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = studio.theme
        self.rate = Plot(studio.theme, _("Learning rate"), self)
        self.norms = Plot(studio.theme, _("Gradient norm of each layer"), self)
        self.norms.set_logarithmic(True)
        self.watch = QCheckBox(_("Measure gradients (a little slower)"), self)
        self.watch.setChecked(trainings.gradients)
        self.watch.toggled.connect(trainings.watch_gradients)
        for plot in (self.rate, self.norms):
            plot.setProperty("role", "clear")
            plot.body.setContentsMargins(0, 0, 0, 0)
        self.plots = (self.rate, self.norms)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.norms, 1)
        right.addWidget(self.watch)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(16)
        line.addWidget(self.rate, 1)
        line.addLayout(right, 1)

    def show_series(self, series: Series) -> None:
        """Draw a run as it is now."""
        accent = self._theme.colors.accent
        self.rate.line(_("learning rate"), series.rates, Look(accent))
        shown = dict(list(series.gradients.items())[-MOST_LAYERS:])
        self.norms.keep_lines(set(shown))
        for number, (name, curve) in enumerate(shown.items(), 1):
            self.norms.line(name, curve, Look(self._theme.run_color(number)))


class Confusion(QWidget):
    """Measured on the validation part from the newest checkpoint, while it is seen."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._job: Job | None = None
        self._asked = ("", -1)
        self._rested = 0.0
        self.matrix = Matrix(studio.theme, self)
        self.strip = Strip(studio, self)
        self.note = label("", "muted", wrap=True)
        self.matrix.chosen.connect(self.strip.show_cell)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.note)
        right.addWidget(self.strip)
        right.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(16)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.matrix)
        area.viewport().setAutoFillBackground(False)
        self.matrix.setAutoFillBackground(False)
        line.addWidget(area, 2)
        line.addLayout(right, 3)
        self._show(None)

    def show_series(self, series: Series) -> None:
        """Measure a run once for each of its checkpoints, if somebody looks."""
        place = (series.run, series.checkpoint)
        folder = self._studio.session.folder
        wanted = series.run and series.checkpoint > 0 and place != self._asked
        busy = self._job is not None or time.monotonic() < self._rested
        if not wanted or busy or folder is None or self.isHidden():
            return
        self._asked = place
        question = Question(self._studio.session.catalog, folder, series.run)
        models = self._studio.kept.get("models", Models)
        engine = self._studio.engine
        job = engine.question(evaluate_run, models, question, "validation")
        job.on_success(self._show).on_failure(self._failed).on_end(self._ended)
        self._job = job.start()
        if self.matrix.isHidden():
            self.note.setText(_("Measuring…"))

    def _show(self, found: Evaluation | None) -> None:
        if found is None:
            self.note.setText(_("There is a confusion matrix after the first epoch."))
            self.matrix.hide()
            self.strip.hide()
            return
        counts = found.report.get("confusion_matrix")
        self.matrix.setVisible(bool(counts))
        if counts:
            self.matrix.show_counts(tuple(found.report["classes"]), counts)
        self.strip.show()
        self.strip.show_worst(found)
        text = _("Validation part, after epoch {epoch}")
        self.note.setText(text.format(epoch=self._asked[1]))

    def _failed(self, error: BaseException) -> None:
        self.note.setText(str(error))

    def _ended(self, _outcome: str) -> None:
        self._job = None
        self._rested = time.monotonic() + REST


__all__ = ("Confusion", "Layers")
