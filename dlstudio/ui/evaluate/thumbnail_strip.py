"""The images of a cell of the matrix, or the worst mistakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dlstudio.i18n import _, ngettext
from dlstudio.percent_text import percent
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.images import scaled_pixmap
from dlstudio.ui.widgets.labels import ElidedLabel, heading, label
from dlstudio.workers.evaluation import EvaluatedSample, Evaluation, sample_images
from dlstudio.workers.prediction import RunReference

IMAGE_SIZE = QSize(72, 72)
TILE_WIDTH = 104
Images = Mapping[str, npt.NDArray[np.uint8]]


class ThumbnailStrip(QWidget):
    """Pictures side by side, each with what it is and what it was called."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._run = ""
        self._found: Evaluation | None = None
        self._tiles: dict[str, QLabel] = {}
        self._title = ElidedLabel("", "strong")
        self._count = label("", "muted")
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName(_("Examples"))
        lines = 2 * (self.fontMetrics().height() + 4)
        self._area.setFixedHeight(IMAGE_SIZE.height() + lines + 16)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(heading(studio.theme, _("Examples")))
        line.addWidget(self._title, 1)
        line.addWidget(self._count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self._area)

    def show_worst(self, found: Evaluation) -> None:
        """Show the worst mistakes of an evaluation."""
        self._found, self._run = found, str(found.report["run"])
        title = _("worst mistakes") if found.worst else _("no mistakes")
        samples, right = found.report["samples"], found.report["metrics"]["accuracy"]
        self._show(title, found.worst, round(samples * (1 - right)))

    def show_cell(self, truth: int, answer: int) -> None:
        """Show the images of a cell: of class `truth`, called `answer`."""
        if self._found is None:
            return
        report = self._found.report
        classes = report["classes"]
        count = report["confusion_matrix"][truth][answer]
        title = _("{truth} predicted as {prediction}")
        if truth == answer:
            title = _("{truth} predicted correctly, least confident first")
        self._show(
            title.format(truth=classes[truth], prediction=classes[answer]),
            self._found.cells.get((truth, answer), ()),
            count,
        )

    def title(self) -> str:
        """What is shown, in words."""
        return self._title.full_text()

    def count(self) -> str:
        """How many there are, in words."""
        return self._count.text()

    def shown(self) -> dict[str, QLabel]:
        """The images that are shown, by their names."""
        return dict(self._tiles)

    def _show(self, title: str, found: Sequence[EvaluatedSample], count: int) -> None:
        self._title.set_text(title)
        text = ngettext("{count} image", "{count} images", count)
        words = [text.format(count=count)] if count else []
        if len(found) < count:
            words.append(_("{count} shown").format(count=len(found)))
        self._count.setText(" · ".join(words))
        inside = QWidget()
        inside.setProperty("role", "clear")
        line = QHBoxLayout(inside)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        self._tiles = {}
        for each in found:
            line.addWidget(self._tile(each))
        line.addStretch(1)
        self._area.setWidget(inside)
        self._request_images()

    def _request_images(self) -> None:
        folder = self._studio.session.folder
        if not self._tiles or folder is None:
            return
        question = RunReference(self._studio.session.catalog, folder, self._run)
        models = self._studio.services.models
        names = tuple(self._tiles)
        job = self._studio.engine.question(sample_images, models, question, names)
        job.on_success(self._fill).on_failure(self._studio.notices.error).start()

    def _tile(self, sample: EvaluatedSample) -> QWidget:
        tile = QWidget()
        column = QVBoxLayout(tile)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        image = QLabel(tile)
        image.setFixedSize(IMAGE_SIZE)
        image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        image.setToolTip(sample.id)
        self._tiles[sample.id] = image
        column.addWidget(image)
        predicted = sample.label or _("no label")
        called = f"{percent(sample.score)} {predicted}"
        right = sample.truth == sample.label
        is_ = _("true class: {truth}").format(truth=sample.truth or _("no label"))
        for text, role in ((called, "good" if right else "bad"), (is_, "muted")):
            words = ElidedLabel(text, role)
            words.setFixedWidth(TILE_WIDTH)
            column.addWidget(words)
        tile.setAccessibleName(f"{sample.id}: {called}, {is_}")
        return tile

    def _fill(self, images: Images) -> None:
        scale = self.devicePixelRatioF()
        for name, pixels in images.items():
            tile = self._tiles.get(name)
            if tile is not None:
                tile.setPixmap(scaled_pixmap(pixels, IMAGE_SIZE, scale))
