"""The cards of what was exported: its certificate, and what to type."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton

from dlstudio.i18n import _
from dlstudio.ui.export.recipes import Recipe
from dlstudio.ui.model.numbers import size_text
from dlstudio.ui.runs.words import share_text
from dlstudio.ui.theme.fonts import mono_font
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import heading, label
from dlstudio.workers.exporting import Exported


def certificate_card(theme: Theme, exported: Exported) -> Card:
    """The proof in figures."""
    found = exported.certificate
    card = Card()
    card.body.addWidget(heading(theme, _("Certificate")))
    passed = _("Certified: the file answers as the model in the studio does.")
    card.body.addWidget(label(passed, "good"))
    card.body.addWidget(label(str(exported.path), "strong", wrap=True))
    grid = QGridLayout()
    grid.setHorizontalSpacing(32)
    figures = (
        (_("Samples asked"), str(found["samples"])),
        (_("Same labels"), share_text(found["label_agreement"])),
        (_("Largest difference"), f"{found['max_abs_difference']:.2g}"),
        (_("Size"), size_text(float(found["size_bytes"]))),
        (_("Time for one"), f"{found['latency_ms']:.1f} ms"),
    )
    for column, (name, value) in enumerate(figures):
        grid.addWidget(label(name, "muted"), 0, column)
        grid.addWidget(label(value, "title"), 1, column)
    grid.setColumnStretch(len(figures), 1)
    card.body.addLayout(grid)
    return card


def recipe_card(theme: Theme, recipe: Recipe, copy_text: Callable[[str], None]) -> Card:
    """What to type, with a button that copies it."""
    card = Card()
    line = QHBoxLayout()
    line.addWidget(label(recipe.title, "strong"), 1)
    copy = QPushButton(_("Copy"), card)
    copy.clicked.connect(lambda: copy_text(recipe.text))
    line.addWidget(copy)
    card.body.addLayout(line)
    text = label(recipe.text.rstrip(), wrap=False)
    text.setFont(mono_font(theme))
    text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    card.body.addWidget(text)
    return card
