"""Qt's own words in today's language: file dialogs, their buttons, fields' menus."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QObject, QTranslator
from PySide6.QtWidgets import QApplication

from dlstudio.i18n import _, marked

# What Qt's own translation has left out, by its source texts.
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
    """Installs the translation that comes with Qt; English where there is none."""

    def __init__(self, app: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._language = ""
        self._installed: tuple[QTranslator, ...] = ()

    def use(self, language: str) -> None:
        """Speak a language, such as "zh_CN", from now on."""
        if language == self._language:
            return
        self.remove()
        self._language = language
        found, others = QTranslator(self), _FallbackTranslator(self)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if found.load(f"qtbase_{language}", folder):
            self._installed = others, found
        for each in self._installed:  # the last one is asked first
            self._app.installTranslator(each)

    def remove(self) -> None:
        """Leave the application as it was."""
        self._language = ""
        for each in self._installed:
            self._app.removeTranslator(each)
            each.deleteLater()
        self._installed = ()


class _FallbackTranslator(QTranslator):
    """Answers from our own catalog."""

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
