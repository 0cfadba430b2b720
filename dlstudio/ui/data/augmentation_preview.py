"""A row of augmented variants of one image, computed by the engine."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.services.dataset.dataset_controller import DatasetController
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.images import to_image
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.augmentation_preview import AugmentedImages, augment
from dlstudio.workers.jobs import Job

COLUMNS, LINES = 4, 2
COUNT = COLUMNS * LINES - 1
GAP = 6
DEBOUNCE_MS = 200


class AugmentedImageGrid(QWidget):
    """The original image, framed, followed by its augmented variants."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.images: list[QImage] = []
        self.setAccessibleName(_("Augmented images"))
        self.setMinimumHeight(120)

    def show_images(self, augmented: AugmentedImages | None) -> None:
        """Show other images."""
        images = (augmented.plain, *augmented.made) if augmented is not None else ()
        self.images = [to_image(each) for each in images]
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        side = (self.width() - (COLUMNS - 1) * GAP) // COLUMNS
        return QSize(280, max(120, LINES * side + (LINES - 1) * GAP))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        c = self._theme.colors
        side = (self.width() - (COLUMNS - 1) * GAP) // COLUMNS
        side = min(side, (self.height() - (LINES - 1) * GAP) // LINES)
        for number in range(COLUMNS * LINES):
            line, column = divmod(number, COLUMNS)
            box = QRect(column * (side + GAP), line * (side + GAP), side, side)
            if number >= len(self.images):
                painter.fillRect(box, QColor(c.hover))
                continue
            image = self.images[number]
            smooth = image.width() > side
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            size = image.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(box.topLeft(), size)
            place.moveCenter(box.center())
            painter.drawImage(place, image)
            if number == 0:
                painter.setPen(QPen(QColor(c.accent), 2))
                painter.drawRect(place.adjusted(1, 1, -1, -1))


class AugmentationPreview(QWidget):
    """Requests new augmented images whenever the layers or the image change."""

    def __init__(
        self,
        studio: Studio,
        controller: DatasetController,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._controller = controller
        self._line: tuple[str, ...] = ()
        self._number = 0
        self._job: Job[AugmentedImages] | None = None
        self._again = False
        self.images = AugmentedImageGrid(studio.theme, self)
        self.note = label("", "muted", wrap=True)
        again = button(studio.theme, _("Shuffle again"), "link")
        again.clicked.connect(self.refresh)
        other = button(studio.theme, _("Another image"), "link")
        other.clicked.connect(self.show_next)
        row = QHBoxLayout()
        row.addWidget(again)
        row.addWidget(other)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.images)
        column.addWidget(self.note)
        column.addLayout(row)
        self._debounce = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._debounce.timeout.connect(self.refresh)
        studio.engine.state_changed.connect(self._debounce.start)

    def show_chain(self, line: Sequence[str]) -> None:
        """Set the layers applied to the image, the input first."""
        self._line = tuple(line)
        self.setVisible(bool(line))
        self._debounce.start()

    def show_next(self) -> None:
        """Show another image of the dataset."""
        self._number += 1
        self.refresh()

    def refresh(self) -> None:
        """Request the images again."""
        dataset = self._controller.dataset
        engine = self._studio.engine
        if not self.isVisible() or dataset is None or len(self._line) < 1:
            return
        if engine.state != "ready":
            self._show_note(_("Images appear once TensorFlow has loaded."))
            return
        if self._job is not None:
            self._again = True
            return
        row = (self._number * 7919) % len(dataset)
        session = self._studio.session
        graph = session.project.model
        line = tuple(id for id in self._line if id in graph.nodes)
        job = engine.engine_job(
            augment, session.catalog, graph, line, dataset, row, COUNT
        )
        job.on_success(self._show).on_failure(self._failed).on_end(self._ended)
        self._job = job.start()

    def _show(self, augmented: AugmentedImages) -> None:
        self.images.show_images(augmented)
        self._show_note("")

    def _failed(self, error: BaseException) -> None:
        self.images.show_images(None)
        self._show_note(str(error))

    def _show_note(self, text: str) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _ended(self, _outcome: str) -> None:
        self._job = None
        if self._again:
            self._again = False
            self.refresh()
