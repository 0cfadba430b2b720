"""Shows the code of a model or project, and keeps whether it is trusted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from dlstudio.document.custom_code import CodeItem
from dlstudio.document.edits.project import SetCode
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark
from dlstudio.ui.shell.code_trust_dialog import CodeTrustDialog
from dlstudio.ui.shell.core import Core
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.file_dialogs import FileDialogs
from dlstudio.workers.jobs import Job
from dlstudio.workers.model_code import (
    code_of_model,
    code_of_project,
    copy_code,
    revoke_code,
    trust_code,
)

PYTHON = "*.py"


class CodeTrust(QObject):
    """Asks about code, one dialog at a time.

    Args:
        core: The window's services.
        theme: Returns the current theme.
        changed: Called when other code is trusted than before.
        window: Parent of the dialogs.
    """

    def __init__(
        self,
        core: Core,
        theme: Callable[[], Theme],
        changed: Callable[[], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._core, self._theme, self._changed = core, theme, changed
        self._window = window
        self.dialog: CodeTrustDialog | None = None

    def choose(self, then: Callable[[list[Path]], None]) -> None:
        """Choose code files.

        Args:
            then: Called with them.
        """
        kinds = (_("Python files ({patterns})").format(patterns=PYTHON),)
        FileDialogs(self._window).files(_("Add code"), then, kinds)

    def ask_model(
        self, path: Path, code: tuple[Path, ...], then: Callable[[], None]
    ) -> None:
        """Ask about the code of a model in a file.

        Args:
            path: Of the model.
            code: Code files that were chosen for it.
            then: Called after the answer, whatever it is.
        """
        job = self._core.engine.question(code_of_model, path, code)

        def show(items: tuple[CodeItem, ...]) -> None:
            if all(each.trusted for each in items):
                then()
                return
            dialog = self._show(items, then)
            dialog.rejected.connect(then)

        def fail(error: BaseException) -> None:
            self._core.notices.error(error)
            then()

        job.on_success(show).on_failure(fail).start()

    def ask_project(self) -> None:
        """Show the code of the open project, and ask about it."""
        session = self._core.session
        folder = session.folder
        if folder is None:
            self._core.notices.info(_("Save the project first."))
            return
        job = self._core.engine.question(code_of_project, session.project, folder)

        def show(items: tuple[CodeItem, ...]) -> None:
            dialog = self._show(items, self._changed)
            dialog.allow_more()
            dialog.code_wanted.connect(lambda: self._add(folder))

        job.on_success(show).on_failure(self._core.notices.error).start()

    def _add(self, folder: Path) -> None:
        """Choose files, copy them into the project, and ask about them."""
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.reject()

        def copy(chosen: list[Path]) -> None:
            job = self._core.engine.question(copy_code, tuple(chosen), folder)
            job.on_success(name).on_failure(self._core.notices.error).start()

        def name(added: tuple[str, ...]) -> None:
            session = self._core.session
            if session.folder == folder:
                code = tuple(dict.fromkeys((*session.project.code, *added)))
                session.do(SetCode(code), mark("Add code"))
                self.ask_project()

        self.choose(copy)

    def _show(
        self, items: tuple[CodeItem, ...], then: Callable[[], None]
    ) -> CodeTrustDialog:
        """Show code; `then` is called once it is trusted or no longer."""
        if self.dialog is not None:
            self.dialog.reject()
        dialog = CodeTrustDialog(self._theme(), items, self._window)
        self.dialog = dialog
        question = self._core.engine.question

        def trust() -> None:
            self._finish(question(trust_code, items), then)

        def revoke() -> None:
            self._finish(question(revoke_code, items), then)

        dialog.trusted.connect(trust)
        dialog.revoked.connect(revoke)
        dialog.finished.connect(self._forget)
        dialog.open()
        return dialog

    def _finish(self, job: Job[None], then: Callable[[], None]) -> None:
        job.on_success(lambda _none: then()).on_failure(self._core.notices.error)
        job.start()

    def _forget(self) -> None:
        self.dialog = None
