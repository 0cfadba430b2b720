"""The tab that shows what a layer gives for a real sample."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dlstudio.i18n import _
from dlstudio.ui.model.inspector.picturing import (
    feature_maps,
    histogram,
    largest_text,
    summary_text,
)
from dlstudio.ui.model.inspector.plots import Bars
from dlstudio.ui.session import Change
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.jobs import Job
from dlstudio.workers.peeking import Peek, Wish, peek

REST_MS = 250
WIDTH = 232


class OutputView(QWidget):
    """Feature maps, a histogram and the largest numbers of one layer's output."""

    def __init__(
        self, studio: Studio, graph: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._graph = graph
        self._node = ""
        self._number = 0
        self._job: Job | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._ask)
        self._next = QPushButton(_("Another sample"), self)
        self._next.clicked.connect(self._another)
        self._trained = QCheckBox(_("Trained weights"), self)
        self._trained.setChecked(True)
        self._trained.toggled.connect(self._rest.start)
        self._note = label("", "muted", wrap=True)
        self._sample = QLabel(self)
        self._maps = QLabel(self)
        self._bars = Bars(studio.theme, self)
        self._figures = label("", "muted", wrap=True)
        self._build()
        self._studio.session.changed.connect(self._changed)

    def show_node(self, node: str) -> None:
        """Show the output of a node, now that the tab is seen."""
        if node != self._node:
            self._node = node
            self._clear(_("Computing…"))
        self._rest.start()

    def _build(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._next)
        top.addStretch(1)
        inside = QWidget()
        inside.setProperty("role", "clear")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 12, 8, 12)
        column.setSpacing(8)
        column.addLayout(top)
        for widget in (
            self._trained,
            self._note,
            self._sample,
            self._maps,
            self._bars,
            self._figures,
        ):
            column.addWidget(widget)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def _another(self) -> None:
        self._number += 1
        self._rest.start()

    def _changed(self, change: Change) -> None:
        if self.isVisible() and change.graph(self._graph).structural:
            self._rest.start()

    def _ask(self) -> None:
        session, engine = self._studio.session, self._studio.engine
        if not self.isVisible() or not self._node:
            return
        if engine.state != "ready":
            self._clear(_("TensorFlow is still being loaded."))
            self._rest.start()
            return
        if self._job is not None:
            self._job.cancel()
        wish = Wish(
            session.project,
            self._graph,
            self._node,
            session.folder,
            self._number,
            self._trained.isChecked(),
        )
        job = engine.ask(peek, wish).on_success(self._answer).on_failure(self._failed)
        self._job = job.start()

    def _failed(self, error: BaseException) -> None:
        self._clear(str(error))

    def _clear(self, text: str) -> None:
        self._note.setText(text)
        for widget in (self._sample, self._maps, self._bars, self._figures):
            widget.hide()

    def _answer(self, found: Peek) -> None:
        if found.node != self._node:
            return  # another node was selected meanwhile
        self._note.setText(_describe(found))
        self._show_picture(self._sample, found.picture, 72)
        maps = feature_maps(found.values)
        self._show_picture(self._maps, maps, WIDTH)
        numbers = np.asarray(found.values, np.float64)
        self._bars.show_bars(*histogram(numbers))
        self._bars.show()
        self._figures.setText(summary_text(numbers) + largest_text(numbers))
        self._figures.show()

    def _show_picture(
        self, where: QLabel, pixels: npt.NDArray[np.uint8] | None, width: int
    ) -> None:
        where.setVisible(pixels is not None)
        if pixels is not None:
            scale = self.devicePixelRatioF()
            pixmap = to_pixmap(pixels, int(width * scale))
            pixmap.setDevicePixelRatio(scale)
            where.setPixmap(pixmap)


def _describe(found: Peek) -> str:
    weights = (
        _("weights of run {run}").format(run=found.run)
        if found.run
        else _("untrained weights")
    )
    if not found.sample:
        return _("For random numbers, {weights}").format(weights=weights)
    return _("{sample} ({label}), {weights}").format(
        sample=found.sample, label=found.label, weights=weights
    )


def to_pixmap(pixels: npt.NDArray[Any], width: int) -> QPixmap:
    """uint8 (h, w, 1), (h, w, 3) or (h, w, 4) as a picture of a width, in blocks."""
    height, columns, channels = pixels.shape
    formats = {
        1: QImage.Format.Format_Grayscale8,
        3: QImage.Format.Format_RGB888,
        4: QImage.Format.Format_RGBA8888,
    }
    data = np.ascontiguousarray(pixels).tobytes()
    image = QImage(data, columns, height, columns * channels, formats[channels])
    smooth = columns > width
    return QPixmap.fromImage(image.copy()).scaledToWidth(
        width,
        Qt.TransformationMode.SmoothTransformation
        if smooth
        else Qt.TransformationMode.FastTransformation,
    )
