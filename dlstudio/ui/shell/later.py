"""Rooms whose work the command line does today: what to type for this project."""

from __future__ import annotations

import os
import shlex

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from dlstudio.i18n import _
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.fonts import mono_font
from dlstudio.ui.widgets.buttons import IconButton
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import label


class CommandPage(QWidget):
    """A room's task in a sentence, and the commands that do it.

    Args:
        commands: What it does and the command's words; "{project}" is replaced.
    """

    def __init__(
        self,
        studio: Studio,
        title: str,
        text: str,
        commands: tuple[tuple[str, tuple[str, ...]], ...],
    ) -> None:
        super().__init__()
        self._studio = studio
        self.setProperty("role", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._commands = [words for _what, words in commands]
        self.lines: list[QLabel] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 32, 32)
        column.setSpacing(16)
        column.addWidget(label(title, "large"))
        words = label(text, "muted", wrap=True)
        words.setMaximumWidth(720)
        column.addWidget(words)
        for number, (what, _words) in enumerate(commands):
            column.addWidget(self._card(number, what))
        column.addStretch(1)
        studio.session.saved_changed.connect(self._refresh)
        self._refresh()

    def _card(self, number: int, what: str) -> Card:
        card = Card()
        card.setMaximumWidth(880)
        card.body.addWidget(label(what, "strong"))
        row = QHBoxLayout()
        line = label("", wrap=True)
        line.setFont(mono_font(self._studio.theme))
        line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.lines.append(line)
        copy = IconButton(self._studio.theme, "mdi6.content-copy", _("Copy"))
        copy.clicked.connect(lambda: self._copy(number))
        row.addWidget(line, 1)
        row.addWidget(copy, 0, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(row)
        return card

    def _copy(self, number: int) -> None:
        QGuiApplication.clipboard().setText(self.lines[number].text())
        self._studio.notices.info(_("Copied."))

    def _refresh(self) -> None:
        folder = self._studio.session.folder
        project = str(folder) if folder else _("PROJECT")
        for line, words in zip(self.lines, self._commands, strict=True):
            given = [word.format(project=project) for word in words]
            line.setText(command_line(["dlstudio", *given]))


def command_line(words: list[str]) -> str:
    """Words as they are typed into the system's shell."""
    if os.name == "nt":
        return " ".join(f'"{each}"' if " " in each else each for each in words)
    return shlex.join(words)


def make_data(studio: Studio) -> QWidget:
    """The Data room."""
    return CommandPage(
        studio,
        _("Data"),
        _(
            "Which pictures the project has, how many of each class, and which of "
            "them are broken, doubled or mixed up between training and test."
        ),
        (
            (_("Count and examine them"), ("scan", "{project}")),
            (
                _("Another project for other pictures"),
                ("new", "DIR", "--template", "image-cnn", "--data", "PICTURES"),
            ),
        ),
    )
