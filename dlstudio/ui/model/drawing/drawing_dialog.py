"""The dialog that saves a drawing of the canvas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from dlstudio.i18n import _

Save = Callable[[Path, float], object]


@dataclass(frozen=True, slots=True)
class _DrawingFormat:
    title: str
    suffix: str
    scale: float = 1.0

    @property
    def filter(self) -> str:
        return f"{self.title} (*.{self.suffix})"


def _formats() -> tuple[_DrawingFormat, ...]:
    return (
        _DrawingFormat(_("SVG drawing"), "svg"),
        _DrawingFormat(_("PDF document"), "pdf"),
        _DrawingFormat(_("PNG image"), "png"),
        _DrawingFormat(_("PNG image, double size"), "png", 2.0),
        _DrawingFormat(_("PNG image, four times the size"), "png", 4.0),
    )


def open_drawing_dialog(parent: QWidget, start: Path, save: Save) -> QFileDialog:
    """Open a dialog that does not block and saves to the chosen file.

    Args:
        parent: The widget that owns the dialog.
        start: The file that is proposed, without suffix.
        save: Called with the file and the scale of the chosen format.
    """
    formats = {each.filter: each for each in _formats()}
    dialog = QFileDialog(parent, _("Save drawing"), str(start))
    dialog.setObjectName("save-drawing")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(formats))
    dialog.setDefaultSuffix("svg")
    dialog.filterSelected.connect(
        lambda chosen: dialog.setDefaultSuffix(formats[chosen].suffix)
    )

    def chosen(name: str) -> None:
        path = Path(name)
        kind = formats[dialog.selectedNameFilter()]
        known = {f".{each.suffix}" for each in formats.values()}
        if path.suffix.lower() not in known:
            path = path.with_name(f"{path.name}.{kind.suffix}")
        save(path, kind.scale)

    dialog.fileSelected.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
