"""The Predict room: a frame with the page that fits the inputs of the run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.actions import CommandHandler
from dlstudio.ui.heads.head_view import head_view, implementation, method_view
from dlstudio.ui.predict.feature_page import FeaturePage
from dlstudio.ui.predict.image_page import ImagePage
from dlstudio.ui.predict.page import PredictPage
from dlstudio.ui.runs.no_model_state import NoModelState
from dlstudio.ui.runs.run_picker import RunPicker
from dlstudio.ui.runs.words_state import NothingPredictedState
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.drop_zone import DropZone
from dlstudio.ui.widgets.dropped_files import Drop


def make(studio: Studio) -> QWidget:
    """Create the room for the shell."""
    return PredictRoom(studio)


class PredictRoom(QWidget):
    """Selects a run; its page takes inputs by drop, paste, dialog or typing.

    Attributes:
        images: The page of models that predict from a single image.
        features: The page of all others, but for heads that have a page of their own.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.picker = RunPicker(studio, parent=self)
        self.images = ImagePage(studio, self.picker, self)
        self.features = FeaturePage(studio, self.picker, self)
        self._own: dict[str, PredictPage] = {}
        self._waiting: list[Path] = []
        self._folder = studio.session.folder
        DropZone(studio.theme, self, self._recognize, self._take)
        self._build()
        self.picker.filled.connect(self._filled)
        studio.session.saved_changed.connect(self._opened)
        self._opened()

    @property
    def page(self) -> PredictPage:
        """The page for the selected run."""
        name = head_view(self.picker.head, self._studio.session.catalog).predict
        if name:
            return self._own_page(name)
        return self.images if self.picker.of_images else self.features

    @property
    def pages(self) -> tuple[PredictPage, ...]:
        """All pages that were made."""
        return (self.images, self.features, *self._own.values())

    def predict(self, inputs: Sequence[Path]) -> None:
        """Predict files and folders with the selected run's model.

        The files are queued while the project's runs are still being read.
        """
        if not self.picker.known:
            self._waiting += inputs
            self.picker.refresh()
            return
        if not self.picker.run:
            self._studio.notices.error(
                UserError(
                    _("There is no trained model yet."),
                    _("Train the model first."),
                ),
                topic="predict",
            )
            return
        self.page.predict(self.picker.run, list(inputs))

    def commands(self) -> Mapping[str, CommandHandler]:
        """The action handlers of this room."""
        return {"edit.paste": CommandHandler(self.paste)}

    def paste(self) -> None:
        """Predict the clipboard's contents."""
        if not self._take(QGuiApplication.clipboard().mimeData()):
            self._studio.notices.info(self.page.nothing_pasted)

    def showEvent(self, event: QShowEvent) -> None:
        """Another project may have been opened in the meantime."""
        super().showEvent(event)
        self._opened()

    def _build(self) -> None:
        self._tools = QStackedWidget(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(True)  # else the picker is as wide as the room
        self._tools.setSizePolicy(policy)
        self._pages = QStackedWidget(self)
        for page in (self.images, self.features):
            self._add(page)
        self._untrained = NoModelState(
            self._studio, _("Train the model to see predictions.")
        )
        self._pages.addWidget(self._untrained)
        self._unpredicting: dict[str, NothingPredictedState] = {}
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.picker)
        top.addWidget(self._tools, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self._pages, 1)

    def _own_page(self, name: str) -> PredictPage:
        """The page of a head, made when it is first shown.

        Args:
            name: Qualified name of its class.
        """
        if name not in self._own:
            page: PredictPage = implementation(name)(self._studio, self.picker, self)
            self._own[name] = page
            self._add(page)
        return self._own[name]

    def _add(self, page: PredictPage) -> None:
        self._tools.addWidget(page.tools)
        self._pages.addWidget(page)
        page.changed.connect(self._refresh)
        page.files_chosen.connect(self.predict)
        page.paste_requested.connect(self.paste)

    def _recognize(self, mime: QMimeData) -> Drop | None:
        return self.page.recognize(mime)

    def _take(self, data: QMimeData) -> bool:
        files = self.page.files_in(data)
        if files:
            self.predict(files)
        elif data.hasText() and data.text().strip() and not data.hasUrls():
            return bool(self.picker.run) and self.page.take_text(data.text())
        return bool(files)

    def _filled(self) -> None:
        if self._without_model() is None:
            self.page.opened()
        self._refresh()
        if self._waiting and self.picker.known:
            inputs, self._waiting = self._waiting, []
            self.predict(inputs)

    def _opened(self) -> None:
        """Discard the queue: it belongs to another project."""
        folder = self._studio.session.folder
        if folder != self._folder:
            self._folder = folder
            self._waiting.clear()
            self.picker.refresh()
        for page in self.pages if self._without_model() is None else ():
            page.opened()
        self._refresh()

    def _refresh(self) -> None:
        page, other = self.page, self._without_model()
        untrained = self.picker.untrained and not page.is_filled
        self._tools.setCurrentWidget(page.tools)
        self._tools.setVisible(not untrained and other is None)
        shown = other or (self._untrained if untrained else page)
        self._pages.setCurrentWidget(shown)

    def _without_model(self) -> NothingPredictedState | None:
        """What is shown of a run that has no model; None of others."""
        catalog = self._studio.session.catalog
        text = method_view(self.picker.method, catalog).without_model
        if text and text not in self._unpredicting:
            self._unpredicting[text] = NothingPredictedState(self._studio, _(text))
            self._pages.addWidget(self._unpredicting[text])
        return self._unpredicting.get(text)
