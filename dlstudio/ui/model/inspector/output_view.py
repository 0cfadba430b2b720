"""The tab that shows a layer's output for a real sample."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dlstudio.i18n import _
from dlstudio.ui.model.inspector.activation_summary import (
    feature_maps,
    histogram,
    largest_text,
    maps_text,
    statistics_text,
)
from dlstudio.ui.model.inspector.array_image import ArrayImage, top_left
from dlstudio.ui.session import ProjectChange
from dlstudio.ui.source_watcher import missing_source
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.histogram_chart import HistogramChart
from dlstudio.ui.widgets.labels import label
from dlstudio.ui.widgets.no_wheel_combo_box import NoWheelComboBox
from dlstudio.workers.activation_jobs import (
    Activation,
    ActivationRequest,
    compute_activation,
)
from dlstudio.workers.jobs import Job

REST_MS = 250
SAMPLE_WIDTH = 56


class OutputView(QWidget):
    """Feature maps, a histogram and statistics of one layer's output.

    Requests activations only while visible and shows only the latest result.
    """

    def __init__(
        self, studio: Studio, graph: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._graph = graph
        self._node = ""
        self._number = 0
        self._request: ActivationRequest | None = None  # the latest request
        self._job: Job[Activation] | None = None
        self._pending = 0  # number of unfinished jobs
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._compute)
        self.next_sample = QPushButton(_("Another sample"), self)
        self.next_sample.clicked.connect(self._show_next_sample)
        self.trained = QCheckBox(_("Trained weights"), self)
        self.trained.setToolTip(
            _(
                "Uses the weights of the latest run for layers that have not "
                "changed since."
            )
        )
        self.trained.setChecked(True)
        self.trained.toggled.connect(self._rest.start)
        self.outputs = NoWheelComboBox(self)
        self.outputs.setAccessibleName(_("Output"))
        self.outputs.activated.connect(self._rest.start)
        self.outputs.hide()
        self.note = label("", "muted", wrap=True)
        self.sample = ArrayImage(_("Sample"), SAMPLE_WIDTH, self)
        self.maps = ArrayImage(_("Feature maps"), parent=self)
        self.maps_note = label("", "muted", wrap=True)
        self.histogram_chart = HistogramChart(studio.theme, self)
        self.statistics = label("", "muted", wrap=True)
        self._build()
        self._clear("")
        studio.session.changed.connect(self._changed)
        studio.engine.state_changed.connect(self._state_changed)

    def show_node(self, node: str) -> None:
        """Show the output of a node; computed once the tab is visible."""
        if node != self._node:
            self._node = node
            self._request = None
            self.outputs.clear()
            self._clear(_("Computing…"))
        if self.isVisible():
            self._rest.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Compute changes made while the tab was hidden."""
        super().showEvent(event)
        self._rest.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Compute nothing while hidden."""
        super().hideEvent(event)
        self._rest.stop()

    def _build(self) -> None:
        inside = QWidget()
        inside.setProperty("role", "clear")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 12, 14, 12)
        column.setSpacing(8)
        sample = QHBoxLayout()
        sample.setSpacing(10)
        sample.addWidget(self.sample, 0, top_left())
        sample.addWidget(self.note, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(sample)
        for widget in (
            self.outputs,
            self.maps,
            self.maps_note,
            self.histogram_chart,
            self.statistics,
        ):
            column.addWidget(widget)
        column.addSpacing(8)
        column.addWidget(self.trained)
        column.addWidget(self.next_sample, 0, top_left())
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def _show_next_sample(self) -> None:
        self._number += 1
        self._rest.start()

    def _changed(self, change: ProjectChange) -> None:
        data = change.before.data != change.after.data
        if self.isVisible() and (data or change.graph(self._graph).structural):
            self._rest.start()

    def _state_changed(self, _state: str) -> None:
        if self.isVisible():
            self._rest.start()

    def _compute(self) -> None:
        session, engine = self._studio.session, self._studio.engine
        if not self.isVisible() or not self._node:
            return
        if engine.state == "failed":
            self._clear(
                _("TensorFlow could not be loaded, so the output cannot be computed.")
            )
            return
        if engine.state != "ready":
            self._clear(_("TensorFlow is still loading."))
            return  # requested again once it is ready
        request = ActivationRequest(
            session.project,
            self._graph,
            self._node,
            session.folder,
            self._number,
            self.trained.isChecked(),
            max(0, self.outputs.currentIndex()),
        )
        if request == self._request:
            return
        if self._job is not None:
            self._job.cancel()
        self._request = request
        self._pending += 1
        job = (
            engine.engine_job(compute_activation, request)
            .on_success(self._show_activation)
            .on_failure(self._failed)
        )
        self._job = job.on_end(self._ended).start()

    def _ended(self, _outcome: str) -> None:
        self._pending -= 1

    def _is_newest(self) -> bool:
        """Return whether a result is the latest; results arrive in order of request."""
        return self._pending == 1 and self._request is not None

    def _failed(self, error: BaseException) -> None:
        if self._is_newest():
            gone = missing_source(self._studio.session) is not None
            text = _("The project's data was not found, so there is no image to show.")
            self._clear(text if gone else str(error))

    def _show_activation(self, found: Activation) -> None:
        if not self._is_newest() or found.node != self._node:
            return
        self.note.setText(describe(found))
        self.sample.show_pixels(found.preview)
        self._show_outputs(found.outputs)
        numbers = np.asarray(found.values, np.float64)
        self.maps.show_pixels(feature_maps(found.values))
        self.maps_note.setText(maps_text(numbers))
        self.maps_note.setVisible(
            bool(self.maps_note.text()) and self.maps.isVisibleTo(self)
        )
        self.histogram_chart.show_counts(*histogram(numbers))
        self.histogram_chart.show()
        self.statistics.setText(statistics_text(numbers) + largest_text(numbers))
        self.statistics.show()

    def _show_outputs(self, count: int) -> None:
        if self.outputs.count() != count:
            self.outputs.clear()
            for number in range(1, count + 1):
                text = _("Output {number} of {count}")
                self.outputs.addItem(text.format(number=number, count=count))
        self.outputs.setVisible(count > 1)

    def _clear(self, text: str) -> None:
        self.note.setText(text)
        self.sample.show_pixels(None)
        self.maps.show_pixels(None)
        for widget in (
            self.maps_note,
            self.histogram_chart,
            self.statistics,
            self.outputs,
        ):
            widget.hide()


def describe(found: Activation) -> str:
    """Return the sample's name and which weights were used."""
    weights = (
        _("Weights of run {run}").format(run=found.run)
        if found.run
        else _("Untrained weights")
    )
    if not found.sample:
        return "\n".join((_("Random numbers as input"), weights))
    sample = f"{found.sample} · {found.label}" if found.label else found.sample
    return f"{sample}\n{weights}"
