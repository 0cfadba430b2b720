"""The menu of runs and projects that a model can be compared with."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from dlstudio.i18n import _
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import escape_mnemonic

MOST_RUNS = 12


class ComparisonMenu(QMenu):
    """Lists the runs, also those that are read while it is open; deleted when it hides.

    Args:
        studio: The window's collaborators.
        comparing: Whether there is a comparison to stop.
        parent: The canvas.

    Signals:
        run_chosen: Id and displayed name of a run.
        project_requested: Emitted when another project is to be chosen.
        stop_requested: Emitted when the comparison is to end.
    """

    run_chosen = Signal(str, str)
    project_requested = Signal()
    stop_requested = Signal()

    def __init__(self, studio: Studio, comparing: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("compare-with")
        self._studio = studio
        self._comparing = comparing
        self.fill()
        # The runs may not have been read yet, or there are new ones.
        studio.services.run_monitor.changed.connect(self.fill)
        self.aboutToHide.connect(self.deleteLater)

    def fill(self) -> None:
        """List what there is now."""
        self.clear()
        services, folder = self._studio.services, self._studio.session.folder
        runs = services.run_monitor.runs.entries if folder is not None else ()
        for run in runs[:MOST_RUNS]:
            name = run.name or services.run_names.name(run.id)
            text = _("Run {run}").format(run=name)
            entry = self.addAction(escape_mnemonic(text))
            entry.triggered.connect(
                lambda _on=False, id=run.id, name=name: self.run_chosen.emit(id, name)
            )
        if runs:
            self.addSeparator()
        another = self.addAction(_("Another project…"))
        another.triggered.connect(self.project_requested)
        if self._comparing:
            self.addAction(_("Stop comparing")).triggered.connect(self.stop_requested)
