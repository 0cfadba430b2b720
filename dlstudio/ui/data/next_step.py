"""The bar that leads from the Data room to training."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from dlstudio.document.project import reconstructs_images
from dlstudio.i18n import _, ngettext
from dlstudio.ui.services.dataset.dataset_text import rows_text
from dlstudio.ui.services.dataset.dataset_view import DatasetView
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import ElidedLabel, label
from dlstudio.workers.run_verdict import has_runs
from dlstudio.workers.table_dataset import TableSnapshot


class NextStep(QFrame):
    """Visible while the project has data and a model, but no run yet.

    Signals:
        train_requested: Emitted when its button is clicked.
    """

    train_requested = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._untrained = False
        self._ready = False
        self.setProperty("role", "card")
        self.what = label("", "strong")
        self.hint = ElidedLabel("", "muted")
        self.train = button(studio.theme, _("Train"), "primary", "mdi6.arrow-right")
        self.train.clicked.connect(self.train_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(12)
        row.addWidget(self.what)
        row.addWidget(self.hint, 1)
        row.addWidget(self.train)
        self.hide()
        studio.session.saved_changed.connect(self.refresh)

    def show_data(self, view: DatasetView | None) -> None:
        """Show the amount of training data."""
        dataset = view.dataset if view is not None else None
        project = self._studio.session.project
        has_model = bool(project.model.nodes)
        self._ready = dataset is not None and dataset.complete and has_model
        if view is not None and not view.classes and not reconstructs_images(project):
            self._ready = False  # there is nothing to predict
        if dataset is not None and view is not None:
            used = len(dataset) - int(view.excluded.sum())
            self.what.setText(amount_text(used, len(view.classes)))
            text = _("The model is ready. Look through the images, then train it.")
            self.hint.set_text(text)
        self._show()

    def show_table(self, snapshot: TableSnapshot | None) -> None:
        """Show the number of rows that are used."""
        project = self._studio.session.project
        self._ready = snapshot is not None and bool(project.model.nodes)
        if snapshot is not None:
            self.what.setText(rows_text(int(snapshot.split.counts.sum())))
            text = _("The model is ready. Look through the rows, then train it.")
            self.hint.set_text(text)
        self._show()

    def refresh(self) -> None:
        """Check whether the project has a run by now."""
        folder = self._studio.session.folder
        if folder is None:
            self._set_trained(False)
            return
        job = self._studio.engine.text_job(has_runs, folder)
        job.on_success(self._set_trained).start()

    def _set_trained(self, trained: bool) -> None:
        self._untrained = not trained
        self._show()

    def _show(self) -> None:
        self.setVisible(self._ready and self._untrained)


def amount_text(images: int, classes: int) -> str:
    """ "200 images, 5 classes"; "200 images" without classes."""
    text = ngettext("{count} image", "{count} images", images)
    parts = [text.format(count=f"{images:,}")]
    if classes:
        text = ngettext("{count} class", "{count} classes", classes)
        parts.append(text.format(count=classes))
    return ", ".join(parts)
