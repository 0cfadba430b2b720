"""The guide's page view, with links between pages and a history."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage, QImageReader, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

from dlstudio.catalog.guide import HOME
from dlstudio.catalog.guide_topics import DESCRIPTION
from dlstudio.catalog.store import Catalog
from dlstudio.i18n import _
from dlstudio.paths import resource
from dlstudio.ui.guide.pages import description_html, guide_html, missing_html
from dlstudio.ui.theme.tokens import Theme

SCHEME = "guide"
PAGES, IMAGES = "/pages/", "/images/"
MARGIN = 28
ABOVE = 20
"""Pixels above the position that is scrolled to."""
_HTML = QTextDocument.ResourceType.HtmlResource


class GuideView(QTextBrowser):
    """Shows topics; loads nothing but the guide's own files.

    Links to the web open in the system's browser when clicked.

    Signals:
        shown: Emitted with the displayed topic.
    """

    shown = Signal(str)

    def __init__(
        self, theme: Theme, catalog: Catalog, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._catalog = catalog
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setAccessibleName(_("Page of the guide"))
        self.document().setDocumentMargin(MARGIN)
        self.setObjectName("guide")
        self.setStyleSheet("#guide { border: none; border-radius: 0; padding: 0; }")
        self.anchorClicked.connect(self._follow)
        self.sourceChanged.connect(self._report)

    def show_topic(self, topic: str) -> None:
        """Show a topic; see `dlstudio.catalog.guide_topics`."""
        page, _hash, place = (topic or HOME).partition("#")
        url = QUrl(f"{SCHEME}:{PAGES}")
        url.setPath(
            f"{PAGES}{page}" if page.startswith(DESCRIPTION) else f"{PAGES}{page}.md"
        )
        if place:
            url.setFragment(place)
        self.setSource(url, _HTML)

    def topic(self) -> str:
        """The displayed topic."""
        return _topic(self.source())

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Load a page or an image of the guide; never anything remote."""
        url = QUrl(name)
        if url.scheme() != SCHEME:
            return None
        if kind == _HTML.value:
            return self._page(url.path().removeprefix(PAGES))
        image = url.path().removeprefix(IMAGES)
        if url.path().startswith(IMAGES) and "/" not in image:
            return self._image(image)
        return None

    def _page(self, path: str) -> str:
        if path.startswith(DESCRIPTION):
            kind, _slash, parameter = path.removeprefix(DESCRIPTION).partition("/")
            description = self._catalog.get(kind)
            if description is not None:
                return description_html(description, parameter, self._theme)
        elif "/" not in path:
            try:
                return guide_html(path.removesuffix(".md"), self._theme)
            except OSError:
                pass
        return missing_html(self._theme)

    def _image(self, name: str) -> QImage:
        """A drawing at the screen's resolution."""
        reader = QImageReader(str(resource("guide", "images", name)))
        ratio = self.devicePixelRatioF()
        size = reader.size()
        reader.setScaledSize(
            QSize(round(size.width() * ratio), round(size.height() * ratio))
        )
        image = reader.read()
        image.setDevicePixelRatio(ratio)
        return image

    def _follow(self, link: QUrl) -> None:
        url = self.source().resolved(link)
        if url.scheme() == SCHEME:
            self.setSource(url, _HTML)
        elif url.scheme() in ("http", "https"):
            QDesktopServices.openUrl(url)

    def _report(self, url: QUrl) -> None:
        if url.hasFragment():
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() - ABOVE)
        self.shown.emit(_topic(url))


def _topic(url: QUrl) -> str:
    page = url.path().removeprefix(PAGES).removesuffix(".md")
    return f"{page}#{url.fragment()}" if url.hasFragment() else page
