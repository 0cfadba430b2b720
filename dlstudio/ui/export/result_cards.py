"""Result cards of an export: the certificate and code that loads the model."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from dlstudio.byte_size import size_text
from dlstudio.document.export import ExportResult, Snippet
from dlstudio.i18n import _
from dlstudio.percent_text import percent
from dlstudio.ui.theme.fonts import mono_font
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import heading, label


def certificate_card(theme: Theme, exported: ExportResult) -> Card:
    """The verification results, with a button that opens the folder."""
    found = exported.certificate
    card = Card()
    card.body.addWidget(heading(theme, _("Verification report")))
    passed = _(
        "Verified: the exported model gives the same predictions as the model in "
        "dlstudio."
    )
    card.body.addWidget(label(passed, "good"))
    line = QHBoxLayout()
    path = label(str(exported.path), "strong", wrap=True)
    path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    line.addWidget(path, 1)
    show = button(theme, _("Show files"), "", "mdi6.folder-open-outline")
    folder = exported.path if exported.path.is_dir() else exported.path.parent
    show.clicked.connect(partial(_open_folder, folder))
    line.addWidget(show, 0, Qt.AlignmentFlag.AlignTop)
    card.body.addLayout(line)
    grid = QGridLayout()
    grid.setHorizontalSpacing(32)
    latency = _("Latency per row") if exported.of_rows else _("Latency per image")
    results = (
        (_("Samples compared"), str(found.samples)),
        (_("Label agreement"), percent(found.label_agreement)),
        (_("Largest difference"), f"{found.max_abs_difference:.2g}"),
        (_("Size"), size_text(found.size_bytes)),
        (latency, _("{time:.1f} ms").format(time=found.latency_ms)),
    )
    for column, (name, value) in enumerate(results):
        grid.addWidget(label(name, "muted"), 0, column)
        grid.addWidget(label(value, "title"), 1, column)
    grid.setColumnStretch(len(results), 1)
    card.body.addLayout(grid)
    return card


def snippet_card(
    theme: Theme, snippet: Snippet, path: Path, copy_text: Callable[[str], None]
) -> Card:
    """Code that runs the exported model, with a button that copies it.

    Args:
        theme: Colours and sizes.
        snippet: Title and code.
        path: Path of the export.
        copy_text: Called with the code to copy.
    """
    code = snippet.filled(str(path))
    card = Card()
    line = QHBoxLayout()
    line.addWidget(label(_(snippet.title), "strong"), 1)
    copy = button(theme, _("Copy"), "", "mdi6.content-copy")
    copy.setAccessibleDescription(_(snippet.title))
    copy.clicked.connect(lambda: copy_text(code))
    line.addWidget(copy)
    card.body.addLayout(line)
    text = label(code.rstrip(), wrap=False)
    text.setFont(mono_font(theme))
    text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    card.body.addWidget(text)
    return card


def _open_folder(folder: Path) -> None:
    """Open a folder in the system's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
