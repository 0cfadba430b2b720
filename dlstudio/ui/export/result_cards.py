"""Result cards of an export: the certificate and code that loads the model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from dlstudio.byte_size import size_text
from dlstudio.document.export import (
    ExportResult,
    ExportSignature,
    SignatureEntry,
    Snippet,
)
from dlstudio.i18n import _
from dlstudio.percent_text import percent
from dlstudio.ui.theme.fonts import mono_font
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import ElidedLabel, heading, label

MOST_ENTRIES = 40
"""Arguments that are shown; all are in the model card."""
WIDEST = 240
MONO_TOP = 3
"""So that names of arguments stand on the line of the texts beside them."""


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
    rows = exported.of_rows
    latency = _("Latency per row") if rows else _("Latency per image")
    compared = _("Rows compared") if rows else _("Samples compared")
    labels = exported.of_labels and not rows
    agreement = _("Label agreement") if labels else _("Answers that agree")
    results = (
        (compared, f"{found.samples:,}"),
        (agreement, percent(found.label_agreement)),
        (_("Largest difference"), f"{found.max_abs_difference:.2g}"),
        (_("Size"), size_text(found.size_bytes)),
        (latency, _("{time:.1f} ms").format(time=found.latency_ms)),
    )
    for column, (name, value) in enumerate(results):
        grid.addWidget(label(name, "muted"), 0, column)
        grid.addWidget(label(value, "title"), 1, column)
    grid.setColumnStretch(len(results), 1)
    card.body.addLayout(grid)
    if rows:
        drawn = sum(found.drawn_from.values())
        text = _(
            "{count} of them are from the data; the others are copies with missing, "
            "unknown or extreme values. The difference is that of scores, or of "
            "numbers in standard deviations."
        ).format(count=f"{drawn:,}")
        card.body.addWidget(label(text, "faint", wrap=True))
    return card


def signature_card(theme: Theme, signature: ExportSignature) -> Card:
    """What an export takes and returns, as tables.

    Args:
        theme: Colours and sizes.
        signature: Of the export.
    """
    card = Card()
    card.body.addWidget(heading(theme, _("Signature")))
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(3, 1)
    _add_entries(grid, theme, _("Argument"), signature.arguments)
    _add_entries(grid, theme, _("Result"), signature.results)
    card.body.addLayout(grid)
    hidden = len(signature.arguments) - MOST_ENTRIES
    if hidden > 0:
        text = _("The model card lists all arguments ({count}).")
        count = f"{len(signature.arguments):,}"
        card.body.addWidget(label(text.format(count=count), "muted"))
    for note in signature.notes:
        card.body.addWidget(label(note, "muted", wrap=True))
    return card


def _add_entries(
    grid: QGridLayout, theme: Theme, name: str, entries: Sequence[SignatureEntry]
) -> None:
    """Add a heading and a row for each of the first entries.

    Args:
        grid: With four columns.
        theme: Colours and sizes.
        name: What the first column is called.
        entries: Arguments or results.
    """
    row = grid.rowCount()
    for column, text in enumerate((name, _("Feature"), _("Type"), _("Values"))):
        grid.addWidget(label(text, "muted"), row, column)
    top = Qt.AlignmentFlag.AlignTop
    for each in entries[:MOST_ENTRIES]:
        row += 1
        for column, text in enumerate((each.name, each.feature, each.form)):
            cell = ElidedLabel(text)
            cell.setMaximumWidth(WIDEST)
            if column != 1:
                cell.setFont(mono_font(theme))
                cell.setContentsMargins(0, MONO_TOP, 0, 0)
                flag = Qt.TextInteractionFlag.TextSelectableByMouse
                cell.setTextInteractionFlags(flag)
            grid.addWidget(cell, row, column, top)
        values = label(each.values, "faint", wrap=True)
        values.setAlignment(top)
        grid.addWidget(values, row, 3)


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
