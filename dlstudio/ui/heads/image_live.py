"""What the latest checkpoint makes of a handful of images during training."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.heads.live_panel import LivePanel
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.image_rows import ImageRows
from dlstudio.workers.image_jobs import CheckpointImages, live_images
from dlstudio.workers.jobs import Job
from dlstudio.workers.model_cache import RunReference


class LiveImages(LivePanel[CheckpointImages]):
    """Originals over their reconstructions; new images and a walk where there are any.

    The images are always the same ones, so that one sees how they become clearer.
    """

    def __init__(
        self, studio: Studio, output: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(studio, output, parent)
        self.rows = ImageRows(self)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(self.rows)
        area.viewport().setAutoFillBackground(False)
        self.rows.setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.note)
        column.addWidget(area, 1)
        self._clear()

    def _question(self, question: RunReference) -> Job[CheckpointImages]:
        models = self._studio.services.models
        return self._studio.engine.question(live_images, models, question)

    def _show(self, found: CheckpointImages) -> None:
        self.rows.show_rows(
            (
                (_("Originals"), found.originals),
                (_("Reconstructions"), found.reconstructions),
                (_("New images"), found.samples),
                (_("Walk between two images"), found.walk),
            )
        )

    def _show_nothing(self) -> None:
        self.note.setText(_("Reconstructions appear after the first epoch."))
        self.rows.show_rows(())
