"""Translations of Qt's own texts: file dialogs, buttons and edit menus."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QObject, QTranslator
from PySide6.QtWidgets import QApplication

from dlstudio.i18n import _, marked

# Messages missing from Qt's own translation, by source text.
UNTRANSLATED = (
    marked("&Look in:"),
    marked("Files of &type:"),
    marked("File Folder"),
    marked("Folder"),
    marked("Drive"),
    marked("File"),
    marked("%1 File"),
)


class QtTranslations(QObject):
    """Installs Qt's translation of a language; English if there is none."""

    def __init__(self, app: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._language = ""
        self._installed: tuple[QTranslator, ...] = ()

    def use(self, language: str) -> None:
        """Switch to a language, such as "zh_CN"."""
        if language == self._language:
            return
        self.remove()
        self._language = language
        found, others = QTranslator(self), _FallbackTranslator(self)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if found.load(f"qtbase_{language}", folder):
            self._installed = others, found
        for each in self._installed:  # Qt queries the last one first
            self._app.installTranslator(each)

    def remove(self) -> None:
        """Remove all installed translators."""
        self._language = ""
        for each in self._installed:
            self._app.removeTranslator(each)
            each.deleteLater()
        self._installed = ()


class _FallbackTranslator(QTranslator):
    """Translates from dlstudio's catalog."""

    def isEmpty(self) -> bool:
        return False

    def translate(
        self,
        _context: str,
        source: str,
        _disambiguation: str | None = None,
        _count: int = -1,
    ) -> str | None:
        return _(source) if source in UNTRANSLATED else None
