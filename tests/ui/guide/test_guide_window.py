"""The guide's window: pages, links, contents, search; nothing remote."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from guide_text import LANGUAGES
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from rooms import settle

from dlstudio.catalog.guide import PAGES, headings, page_text, title
from dlstudio.catalog.store import Catalog
from dlstudio.i18n import translator
from dlstudio.ui.guide.window import GuideWindow
from dlstudio.ui.theme.tokens import DARK_THEME, LIGHT_THEME

HTML = QTextDocument.ResourceType.HtmlResource.value
IMAGE = QTextDocument.ResourceType.ImageResource.value


@pytest.fixture(scope="module")
def everything() -> Catalog:
    return Catalog.load()


@pytest.fixture
def guide(qtbot: QtBot, everything: Catalog) -> Iterator[GuideWindow]:
    parent = QWidget()
    qtbot.addWidget(parent)
    shown = GuideWindow(LIGHT_THEME, everything, parent)
    shown.show()
    shown.show_topic("index")
    yield shown
    shown.close()


def images(guide: GuideWindow) -> list[QImage]:
    """The images of the displayed page."""
    document = guide.view.document()
    found = []
    for name in image_names(document):
        found.append(QImage(document.resource(IMAGE, QUrl(name))))
    return found


def image_names(document: QTextDocument) -> list[str]:
    names = []
    block = document.begin()
    while block.isValid():
        pieces = block.begin()
        while not pieces.atEnd():
            format = pieces.fragment().charFormat()
            if format.isImageFormat():
                names.append(format.toImageFormat().name())
            pieces += 1
        block = block.next()
    return names


def click_link(guide: GuideWindow, qtbot: QtBot, target: str) -> None:
    """Click a link of the page with the mouse."""
    view = guide.view
    block = view.document().begin()
    while block.isValid():
        pieces = block.begin()
        while not pieces.atEnd():
            piece = pieces.fragment()
            if piece.charFormat().anchorHref() == target:
                cursor = view.textCursor()
                cursor.setPosition(piece.position() + 1)
                view.setTextCursor(cursor)
                view.ensureCursorVisible()
                place = view.cursorRect(cursor).center() + QPoint(2, 0)
                qtbot.mouseMove(view.viewport(), place)
                qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
                return
            pieces += 1
        block = block.next()
    raise AssertionError(f"no link to {target}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_shown_with_its_images(
    guide: GuideWindow, page: str, language: str
) -> None:
    guide.show_topic("export" if page == "index" else "index")
    translator.use(language)
    guide.show_topic(page)
    shown = guide.view.toPlainText()
    for _level, _anchor, words in headings(page_text(page, language)):
        assert words.replace("`", "") in shown
    assert "<a id" not in shown and "```" not in shown
    assert all(not each.isNull() for each in images(guide))
    assert len(images(guide)) == page_text(page, language).count("![")


def test_a_place_in_a_page_is_scrolled_to(guide: GuideWindow) -> None:
    guide.show_topic("glossary#learning-rate")
    assert guide.topic() == "glossary#learning-rate"
    assert guide.view.verticalScrollBar().value() > 1000
    top = guide.view.cursorForPosition(QPoint(60, 24)).block().text()
    assert top == "Learning rate"


def test_links_navigate_between_pages_and_back(
    guide: GuideWindow, qtbot: QtBot
) -> None:
    assert not guide.back.isEnabled()
    click_link(guide, qtbot, "canvas.md")
    assert guide.topic() == "canvas"
    click_link(guide, qtbot, "glossary.md#shape")
    assert guide.topic() == "glossary#shape"
    qtbot.mouseClick(guide.back, Qt.MouseButton.LeftButton)
    assert guide.topic() == "canvas"
    qtbot.mouseClick(guide.forward, Qt.MouseButton.LeftButton)
    assert guide.topic() == "glossary#shape"
    qtbot.mouseClick(guide.home, Qt.MouseButton.LeftButton)
    assert guide.topic() == "index"


def test_the_contents_follow_and_navigate(guide: GuideWindow, qtbot: QtBot) -> None:
    tree = guide.contents
    assert tree.topLevelItemCount() == len(PAGES)
    guide.show_topic("glossary#dropout")
    assert tree.currentItem().text(0) == "Dropout"
    export = tree.topLevelItem(PAGES.index("export"))
    place = tree.visualItemRect(export).center()
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert guide.topic() == "export"
    qtbot.keyClick(tree, Qt.Key.Key_Down)
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert guide.topic() == "export#verified"


def test_words_are_found_in_the_page(guide: GuideWindow, qtbot: QtBot) -> None:
    guide.show_topic("export")
    qtbot.keyClick(guide, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    field = guide.finder.field
    assert guide.focusWidget() is field
    qtbot.keyClicks(field, "Serve_Bytes")
    count = guide.view.toPlainText().lower().count("serve_bytes")
    assert count > 3
    assert guide.finder.count.text() == f"1 of {count}"
    before = guide.view.textCursor().position()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert guide.finder.count.text() == f"2 of {count}"
    assert guide.view.textCursor().position() > before
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert guide.finder.count.text() == f"1 of {count}"
    assert len(guide.view.extraSelections()) == count
    field.setText("no such word here")
    assert guide.finder.count.text() == "No results"
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "" and guide.isVisible()
    assert guide.view.extraSelections() == []


def test_search_highlights_stay_on_the_next_page(guide: GuideWindow) -> None:
    guide.finder.field.setText("glossary")
    guide.show_topic("glossary")
    assert len(guide.view.extraSelections()) >= 1


def test_a_description_is_a_page(guide: GuideWindow) -> None:
    guide.show_topic("description/keras.layers.Conv2D/groups")
    shown = guide.view.toPlainText()
    assert shown.startswith("Conv2D: Groups")
    assert "keras.layers.Conv2D in the Keras documentation" in shown
    guide.show_topic("description/dlstudio.plan/device")
    assert guide.view.toPlainText().startswith("plan: Device\n")


@pytest.mark.parametrize(
    "topic", ["nothing", "description/mine.Layer/size", "../../secret", ""]
)
def test_missing_topics_are_reported(guide: GuideWindow, topic: str) -> None:
    guide.show_topic(topic)
    shown = guide.view.toPlainText()
    if topic:
        assert shown == "This page of the guide is missing."
    else:
        assert shown.startswith(title(page_text("index", "en")))


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/picture.png",
        "http://example.com/picture.png",
        "file:///etc/hostname",
        "guide:/images/../index.md",
        "guide:/pages/../../README.md",
    ],
)
def test_nothing_else_is_loaded(guide: GuideWindow, address: str) -> None:
    for kind in (IMAGE, HTML):
        found = guide.view.loadResource(kind, QUrl(address))
        assert not found or "is missing" in found


def test_web_links_open_only_on_click(
    guide: GuideWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        "dlstudio.ui.guide.view.QDesktopServices.openUrl",
        lambda url: opened.append(url.toString()),
    )
    link = "https://keras.io/"
    guide.view.setHtml(f'<p>See <a href="{link}">Keras</a> and {link}</p>')
    settle()
    assert opened == []
    click_link(guide, qtbot, link)
    assert opened == [link]
    for other in ("file:///etc/hostname", "javascript:alert(1)"):
        guide.view.anchorClicked.emit(QUrl(other))
    assert opened == [link]


def test_the_page_follows_the_theme(qtbot: QtBot, everything: Catalog) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dark = GuideWindow(DARK_THEME, everything, parent)
    dark.show_topic("export")
    assert DARK_THEME.colors.text in dark.view.toHtml()
    assert LIGHT_THEME.colors.text not in dark.view.toHtml()
    dark.close()
