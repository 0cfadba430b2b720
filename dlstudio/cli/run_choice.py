"""Choosing the run that a command works on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlstudio.cli.opened_project import OpenedProject
from dlstudio.cli.output import Output
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.runs.store import Run


def choose_run(opened: OpenedProject, name: str, output: Output | None) -> Run:
    """The run named `name`, or the newest one with a model; prints which one it is.

    Args:
        opened: The project.
        name: Number, ID or name of a run; "" for the newest one with a model.
        output: Output for the run's name; None where what follows names it.

    Raises:
        UserError: No run matches, or more than one.
    """
    from dlstudio.engine.runs.store import RunStore

    run = RunStore(opened.folder).find(name)
    if output is not None:
        output.note(_("Run {run}").format(run=run.label))
    return run
