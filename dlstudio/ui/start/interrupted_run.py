"""Reports a training that was interrupted in a recent project."""

from __future__ import annotations

from functools import partial

from dlstudio.i18n import _
from dlstudio.ui.shell.project_controller import ProjectController
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.notice_bar import NoticeBar
from dlstudio.workers.run_operations import InterruptedRun


def interrupted_run_bar(
    studio: Studio, controller: ProjectController, found: InterruptedRun
) -> NoticeBar | None:
    """A notice about an interrupted run, with a button that opens its project.

    Args:
        studio: The window's services, theme and navigation.
        controller: Opens the project.
        found: The run and its project.

    Returns:
        None if it was dismissed or its project is already open.
    """
    view_state = studio.services.train_view_state
    if found.run in view_state.dismissed or found.folder == studio.session.folder:
        return None
    text = _(
        "Training of “{name}” was interrupted in epoch {epoch}. You can resume "
        "it from the last checkpoint."
    ).format(name=found.folder.name, epoch=found.epoch + 1)
    show = button(studio.theme, _("Open project"))
    bar = NoticeBar(studio.theme, text, "warning", buttons=(show,), passing=False)
    # The Train room then offers to resume.
    show.clicked.connect(partial(controller.open, found.folder, room="train"))
    bar.closed.connect(partial(view_state.dismissed.add, found.run))
    for signal in (show.clicked, bar.closed):
        signal.connect(bar.deleteLater)
    return bar
