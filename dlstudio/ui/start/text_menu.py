"""The menu of what a project for texts can begin with."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from dlstudio.catalog.schema import Description
from dlstudio.catalog.source_queries import text_samples
from dlstudio.i18n import _
from dlstudio.ui.shell.project_controller import ProjectController


def text_menu(
    controller: ProjectController, template: Description | None, parent: QWidget
) -> QMenu:
    """A folder, a file, or a sample that is built in.

    Args:
        controller: Creates the project.
        template: Of the project; None for the one that fits the data.
        parent: Owns the menu, which is deleted when it closes.
    """
    kind = "" if template is None else template.kind
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setAccessibleName(parent.accessibleName())
    menu.addAction(_("Folder of texts…"), partial(controller.from_text_folder, kind))
    menu.addAction(_("File of texts…"), partial(controller.from_text_file, kind))
    samples = text_samples(controller.session.catalog.family("sources"), template)
    if samples:
        menu.addSeparator()
    for each in samples:
        begin = partial(controller.from_template, kind, (), each.kind)
        menu.addAction(_(each.source.sample), begin)
    return menu
