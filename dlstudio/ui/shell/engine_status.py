"""Loads the engine, requests analyses, and explains failures."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from dlstudio.byte_size import size_text
from dlstudio.document.analysis import Analysis
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.session import ProjectChange
from dlstudio.ui.shell.core import Core
from dlstudio.ui.source_watcher import SourceWatcher
from dlstudio.workers.project_files import device, examine

MEMORY_INTERVAL_MS = 3000


class EngineStatus(QObject):
    """Keeps analysis and device status up to date in the background.

    Signals:
        device_reported: Emitted with the training device and its memory, and details.
    """

    device_reported = Signal(str, str)

    def __init__(self, core: Core, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._name = ""
        self.analysis: Analysis | None = None
        self._memory = QTimer(self, interval=MEMORY_INTERVAL_MS)
        self._memory.timeout.connect(self.report_device)
        core.engine.state_changed.connect(self._state)
        core.engine.analysed.connect(self._analysed)
        core.engine.not_analysed.connect(self._not_analysed)
        core.session.changed.connect(self._changed)
        self.source = SourceWatcher(core.session, self)
        self.source.changed.connect(self.request_analysis)

    def begin(self) -> None:
        """Load TensorFlow; called after the window's first paint."""
        self._core.engine.load()
        self.request_analysis()

    def report_device(self) -> None:
        """Report the training device and its memory usage."""
        if self._name:
            self.device_reported.emit(f"{_short(self._name)} · {_memory()}", self._name)

    def request_analysis(self) -> None:
        """Request shapes, costs and problems, unless disabled in the settings."""
        session = self._core.session
        if self._core.settings.value.live_shapes:
            self._core.engine.analyse(session.project, session.revision, session.folder)

    def _changed(self, _change: ProjectChange) -> None:
        history = self._core.session.history
        if not history.past and not history.future:  # another project
            self.analysis = None
        self.request_analysis()

    def _analysed(self, analysis: Analysis) -> None:
        self.analysis = analysis

    def _not_analysed(self, error: BaseException) -> None:
        text = _("The model's shapes and problems could not be determined.")
        self._core.notices.error(error, text)

    def _state(self, state: str) -> None:
        if state == "ready":
            job = self._core.engine.engine_job(device)
            job.on_success(self._device).on_failure(self._core.notices.error).start()
        elif state == "failed":
            # The doctor checks TensorFlow in another process and can explain it.
            doctor = self._core.files.job(examine)
            doctor.on_success(self._explain).on_failure(
                self._core.notices.error
            ).start()

    def _device(self, name: str) -> None:
        self._name = name
        self.report_device()
        self._memory.start()

    def _explain(self, finding: tuple[str, str]) -> None:
        problem, details = finding
        error = self._core.engine.problem
        reason = error.message if isinstance(error, UserError) else str(error)
        if problem and problem not in reason:
            details = f"{problem}\n\n{details}"
        text = _(
            "{reason}. You can keep designing, but shapes, training and export need "
            "TensorFlow."
        )
        text = text.format(reason=reason.rstrip("."))
        self._core.notices.system(text, "bad", details)


def _short(name: str) -> str:
    """ "GPU:0 (NVIDIA H200)" → "GPU 0 · H200"."""
    head, _open, model = name.partition(" (")
    model = model.rstrip(")").replace("NVIDIA", "").strip()
    return " · ".join(text for text in (head.replace(":", " "), model) if text)


def _memory() -> str:
    import psutil

    memory = psutil.virtual_memory()
    return f"{size_text(memory.total - memory.available)} / {size_text(memory.total)}"
