"""Keeps the canvas up to date with the script beside the project."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from dlstudio.document.edits.base import CompositeEdit
from dlstudio.document.project import Project
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.file_watcher import FileWatcher
from dlstudio.ui.notices import Notices
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.model_script import (
    FILE,
    ReadScript,
    read_model_script,
    write_model_script,
)
from dlstudio.workers.scripts import ScriptWriter

TOPIC = "script"
MOST = 3
"""Most changes that a notice names."""
Stamp = tuple[int, int]


class ScriptWatcher(QObject):
    """Reads `model.py` in the project's folder whenever it was saved.

    Its edits are one step that can be undone. Where the canvas was changed meanwhile,
    the script does not know of it, and changes nothing until it is written anew.

    Args:
        session: Has the project.
        engine: Runs the jobs.
        notices: Takes what changed, and what is not understood.

    Signals:
        read: Emitted after the script was read, whatever it said.
    """

    read = Signal()

    def __init__(self, session: Session, engine: Engine, notices: Notices) -> None:
        super().__init__()
        self._session = session
        self._engine = engine
        self._notices = notices
        self._stamp: Stamp | None = None
        self._known: Project | None = None
        self._first = True
        self._scripts: ScriptWriter | None = None
        self._watcher = FileWatcher(self)
        self._watcher.changed.connect(self._check)
        session.opened.connect(self._open)
        session.saved_changed.connect(self._follow)
        self._follow()

    @property
    def path(self) -> Path | None:
        """The script; None while the project has no folder."""
        folder = self._session.folder
        return None if folder is None else folder / FILE

    def edit(self) -> None:
        """Write the script beside the project, and open it with the system's editor."""
        folder = self._session.folder
        if folder is None:
            self._notices.error(
                UserError(
                    _("The project has no folder yet."),
                    _("Save it first, then edit it as Python."),
                )
            )
            return
        project = self._session.project
        job = self._engine.text_job(write_model_script, self._writer(), project, folder)
        job.on_success(lambda path: self._written(path, project))
        job.on_failure(self._notices.error).start()

    def close(self) -> bool:
        """Stop watching; always in time."""
        self._watcher.close()
        return True

    def _written(self, path: Path, project: Project) -> None:
        self._stamp, self._known = _stamp(path), project
        self._follow()
        self._notices.resolve(TOPIC)
        self._notices.info(
            _("Saving {path} in an editor changes the canvas.").format(path=path)
        )
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _open(self) -> None:
        self._stamp, self._known, self._first = None, None, True
        self._follow()

    def _follow(self) -> None:
        path = self.path
        self._watcher.watch([] if path is None else [path.parent, path])
        if path is not None and self._first:
            self._first = False
            self._check()

    def _check(self) -> None:
        """Read the script if it was saved since."""
        path = self.path
        stamp = None if path is None else _stamp(path)
        if path is None or stamp is None or stamp == self._stamp:
            return
        first, self._stamp = self._stamp is None, stamp
        self._read(path, first)

    def _read(self, path: Path, first: bool) -> None:
        session = self._session
        job = self._engine.text_job(
            read_model_script, path, session.project, session.catalog, self._writer()
        )
        job.on_success(lambda found: self._apply(path, found, first))
        job.on_failure(self._failed).start()

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            error = UserError(f"{FILE}: {error.message}", error.hint)
        self._notices.error(error, topic=TOPIC)
        self.read.emit()

    def _apply(self, path: Path, found: ReadScript, first: bool) -> None:
        if path != self.path:
            return  # of another project
        if found.project != self._session.project:
            self._read(path, first)  # the canvas was changed meanwhile
            return
        self._notices.resolve(TOPIC)
        if not found.edits:
            self._known = found.project
            if not first:
                self._show_notes(found)
        elif first and self._known is None:
            self._known = found.project
            text = _("{file} beside the project differs from the canvas.")
            hint = _("Save it again to use it, or write it anew: Edit as Python.")
            self._notices.info(f"{text.format(file=FILE)} {hint}")
        elif self._known is not None and self._known.graphs != found.project.graphs:
            error = UserError(
                _("{file} lacks what was changed on the canvas meanwhile.").format(
                    file=FILE
                ),
                _("Write it anew: Edit as Python."),
            )
            self._notices.error(error, topic=TOPIC)
        else:
            self._do(found)
        self.read.emit()

    def _do(self, found: ReadScript) -> None:
        try:
            self._session.do(CompositeEdit(found.edits), _("Edit the script"))
        except UserError as error:
            self._notices.error(error, topic=TOPIC)
            return
        self._known = self._session.project
        shown = [*found.sentences[:MOST]]
        if len(found.sentences) > MOST:
            shown.append("…")
        self._notices.good(" ".join([f"{FILE}:", *shown]))
        self._show_notes(found)

    def _show_notes(self, found: ReadScript) -> None:
        """Report what of the script is not read."""
        for note in found.notes:
            self._notices.info(f"{FILE}: {note}")

    def _writer(self) -> ScriptWriter:
        """What it has found in a table it keeps for the next script."""
        if self._scripts is None:
            self._scripts = ScriptWriter(self._session.catalog)
        return self._scripts


def _stamp(path: Path) -> Stamp | None:
    """What changes when a file is saved; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
