"""A small plot of the plan's learning rate schedule."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from dlstudio.document.plan import TrainingPlan
from dlstudio.i18n import _
from dlstudio.ui.session import ProjectChange
from dlstudio.ui.studio import Studio
from dlstudio.workers.plan_preview import LearningRates, rates_of

HEIGHT = 56
DEBOUNCE_MS = 150


class LearningRatePlot(QWidget):
    """Updated when the schedule, the rate or the number of epochs changes."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.rates: LearningRates | None = None
        self.setFixedHeight(HEIGHT)
        self._debounce = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._debounce.timeout.connect(self._request)
        studio.session.changed.connect(self._changed)
        self._debounce.start()

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the curve with its highest and lowest rate."""
        if self.rates is None:
            return
        colors = self._studio.theme.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, y = self.rates.x, self.rates.y
        top = max(float(y.max()), 1e-12)
        box = self.rect().adjusted(2, 6, -64, -6)
        points = QPolygonF(
            [
                QPointF(
                    box.left() + box.width() * a / max(float(x[-1]), 1e-9),
                    box.bottom() - box.height() * b / top,
                )
                for a, b in zip(x.tolist(), y.tolist(), strict=True)
            ]
        )
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.setPen(QPen(QColor(colors.accent), 2))
        painter.drawPolyline(points)
        painter.setPen(QColor(colors.text_muted))
        side = self.rect().adjusted(self.width() - 60, 0, 0, 0)
        flags = Qt.AlignmentFlag.AlignRight
        painter.drawText(side, flags | Qt.AlignmentFlag.AlignTop, f"{y.max():.2g}")
        low = flags | Qt.AlignmentFlag.AlignBottom
        painter.drawText(side, low, f"{y[-1]:.2g}")

    def _changed(self, change: ProjectChange) -> None:
        if change.before.plan != change.after.plan:
            self._debounce.start()

    def _request(self) -> None:
        plan: TrainingPlan = self._studio.session.project.plan
        job = self._studio.engine.text_job(rates_of, plan, self._studio.session.catalog)
        job.on_success(self._show).on_failure(self._nothing).start()

    def _show(self, rates: LearningRates | None) -> None:
        self.rates = rates
        self.setVisible(rates is not None)
        if rates is not None:
            text = _("Learning rate from {first:.3g} to {last:.3g}").format(
                first=float(rates.y[0]), last=float(rates.y[-1])
            )
            self.setAccessibleName(text)
            self.setToolTip(text)
        self.update()

    def _nothing(self, _error: object) -> None:
        self._show(None)
