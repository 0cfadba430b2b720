"""Saves charts as images, or the values of their lines as CSV."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from errno import ENOENT
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize
from PySide6.QtGui import QColor, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsView, QWidget

from dlstudio import paths
from dlstudio.errors import UserError
from dlstudio.i18n import _

FORMATS = ("png", "svg", "csv")


def kind_of(path: Path) -> str:
    """The format given by a file's suffix.

    Raises:
        UserError: The suffix is not one of `FORMATS`.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise UserError(
            _("“{name}” is not a supported file type for curves.").format(
                name=path.suffix or path.name
            ),
            _("Choose one of {names}.").format(names=", ".join(FORMATS)),
        )
    return kind


def save_image(
    path: Path, whole: QWidget, lines: QGraphicsView, background: str
) -> None:
    """Save a chart as .png (`whole`) or .svg (`lines` on a `background`).

    Args:
        path: Ends in .png or .svg; an existing file is replaced.
        whole: The chart including its legend.
        lines: The lines and axes.
        background: "#rrggbb".

    Raises:
        UserError: The file cannot be written.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if kind_of(path) == "svg":
        made = _draw_svg(buffer, lines, whole.accessibleName(), background)
    else:
        made = whole.grab().save(buffer, "PNG")
    with paths.user_errors(path, writing=True):
        if not path.parent.is_dir():
            raise FileNotFoundError(ENOENT, os.strerror(ENOENT), str(path.parent))
        if not made:
            raise OSError(f"{path.name} could not be written")
    paths.write_bytes(path, bytes(buffer.data().data()))


def table_of(lines: Iterable[tuple[str, Any]]) -> str:
    """All values as CSV: curve, epoch, value."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["curve", "epoch", "value"])
    for name, points in lines:
        for x, y in zip(points.x.tolist(), points.y.tolist(), strict=True):
            writer.writerow([name, repr(x), repr(y)])
    return text.getvalue()


def _draw_svg(
    device: QIODevice, lines: QGraphicsView, title: str, background: str
) -> bool:
    size = lines.size()
    made = QSvgGenerator()
    made.setOutputDevice(device)
    made.setSize(QSize(size))
    made.setViewBox(QRectF(0, 0, size.width(), size.height()))
    made.setTitle(title)
    painter = QPainter()
    if not painter.begin(made):
        return False
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor(background))
    lines.render(painter)
    painter.end()
    return True
