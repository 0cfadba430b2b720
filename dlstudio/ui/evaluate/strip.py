"""The pictures of a cell of the matrix, or the worst mistakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.fonts import heading_font
from dlstudio.ui.widgets.labels import ElidedLabel, label
from dlstudio.ui.widgets.pictures import fitted
from dlstudio.workers.asking import Models, sample_pictures

MOST = 60
PICTURE = QSize(72, 72)
Pictures = Mapping[str, npt.NDArray[np.uint8]]


class Strip(QWidget):
    """Pictures side by side, each with what it is and what it was called."""

    def __init__(
        self, studio: Studio, models: Models, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._models = models
        self._run = ""
        self._mistakes: Sequence[Mapping[str, Any]] = ()
        self._tiles: dict[str, QLabel] = {}
        self._title = label("", "muted")
        self._title.setFont(heading_font(studio.theme))
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFixedHeight(PICTURE.height() + 56)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._title)
        column.addWidget(self._area)

    def show_mistakes(self, run: str, mistakes: Sequence[Mapping[str, Any]]) -> None:
        """Show the worst mistakes of a run."""
        self._run, self._mistakes = run, mistakes
        if mistakes:
            self._show(_("The worst mistakes"), mistakes)
        else:
            self._show(_("No mistakes"), ())

    def show_cell(self, truth: str, answer: str) -> None:
        """Show the pictures that are `truth` and were called `answer`."""
        found = [
            each
            for each in self._mistakes
            if each["truth"] == truth and each["label"] == answer
        ]
        if truth == answer:
            title = _("{name}: these answers are right").format(name=truth)
        else:
            count = ngettext("{count} picture", "{count} pictures", len(found))
            title = _("{truth}, called {answer}: {count}").format(
                truth=truth, answer=answer, count=count.format(count=len(found))
            )
        self._show(title, found)

    def shown(self) -> list[str]:
        """Names of the pictures that are shown."""
        return list(self._tiles)

    def _show(self, title: str, found: Sequence[Mapping[str, Any]]) -> None:
        self._title.setText(title)
        inside = QWidget()
        inside.setProperty("role", "clear")
        line = QHBoxLayout(inside)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        self._tiles = {}
        for each in found[:MOST]:
            line.addWidget(self._tile(each))
        line.addStretch(1)
        self._area.setWidget(inside)
        folder = self._studio.session.folder
        if self._tiles and folder is not None and self._studio.engine.state == "ready":
            job = self._studio.engine.ask(
                sample_pictures,
                self._models,
                self._studio.session.catalog,
                folder,
                self._run,
                tuple(self._tiles),
            )
            job.on_success(self._fill).on_failure(self._studio.notices.error).start()

    def _tile(self, mistake: Mapping[str, Any]) -> QWidget:
        tile = QWidget()
        column = QVBoxLayout(tile)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        picture = QLabel(tile)
        picture.setFixedSize(PICTURE)
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        picture.setToolTip(str(mistake["input"]))
        self._tiles[str(mistake["input"])] = picture
        column.addWidget(picture)
        for text, role in (
            (f"{_words(mistake['label'])} {mistake['score']:.0%}", "bad"),
            (_("is {truth}").format(truth=_words(mistake["truth"])), "muted"),
        ):
            words = ElidedLabel(text, role)
            words.setFixedWidth(PICTURE.width() + 24)
            words.setToolTip(text)
            column.addWidget(words)
        return tile

    def _fill(self, pictures: Pictures) -> None:
        scale = self.devicePixelRatioF()
        for name, pixels in pictures.items():
            tile = self._tiles.get(name)
            if tile is not None:
                tile.setPixmap(fitted(pixels, PICTURE, scale))


def _words(value: Any) -> str:
    return (
        ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    )
