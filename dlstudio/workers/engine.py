"""The window's interface to the engine: loaded in the background, used through jobs.

The only module that imports `dlstudio.engine`, and only on a worker thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Concatenate,
    NoReturn,
    ParamSpec,
    TypeVar,
    cast,
    overload,
)

from PySide6.QtCore import QObject, QTimer, Signal

from dlstudio.catalog.store import Catalog
from dlstudio.document.analysis import Analysis, ImageExamination
from dlstudio.document.project import Project
from dlstudio.workers.jobs import (
    Cancelled,
    Job,
    JobContext,
    ReportingContext,
    ReportingJob,
    WorkerThread,
)
from dlstudio.workers.quiet_import import quiet_import

if TYPE_CHECKING:
    from dlstudio.engine.project.analysis import Analyser

P = ParamSpec("P")
T = TypeVar("T")
E = TypeVar("E")

DEBOUNCE_MS = 150  # after the last edit, before shapes are requested
POLL_SECONDS = 0.1  # between two checks whether TensorFlow is loaded


class Engine(QObject):
    """Keras and TensorFlow on a worker thread.

    Signals:
        state_changed: "idle", "loading", "ready" or "failed".
        analysed: An `Analysis` of the newest project; outdated ones are dropped. The
            last one is available as `last`.
        not_analysed: The exception that prevented the analysis of a project.
    """

    state_changed = Signal(str)
    analysed = Signal(object)
    not_analysed = Signal(object)

    def __init__(self, catalog: Catalog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.catalog = catalog
        self.state = "idle"
        self.problem: BaseException | None = None
        self.versions: dict[str, str] = {}
        self.last: Analysis | None = None
        self._thread = WorkerThread("shapes", self)
        self._texts = WorkerThread("texts", self)
        self._questions = WorkerThread("questions", self)
        self._typed = WorkerThread("typed", self)
        self._settled = threading.Event()  # loaded, or failed to load
        # Created and used on its thread only.
        self._analyser = cast("Analyser", None)
        self._wanted: tuple[Project, int, Path | None] | None = None
        self._requested: tuple[Project, int, Path | None] | None = None
        self._examined: ImageExamination | None = None
        self._analysing: Job[Analysis] | None = None
        self._project = 0  # number of projects opened before
        self._debounce = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._debounce.timeout.connect(self._analyse_now)

    def load(self) -> None:
        """Import TensorFlow in the background; emits `state_changed`."""
        if self.state in ("loading", "ready"):
            return
        self._settled.clear()
        self._enter("loading")
        job = self._thread.job(_load, self.catalog)
        job.on_success(self._loaded).on_failure(self._failed).start()

    def analyse(
        self, project: Project, revision: int, folder: Path | None = None
    ) -> None:
        """Compute shapes, costs and problems; `analysed` is emitted with them.

        Starts after a short delay, in which a newer request replaces this one.

        Args:
            project: The project with all its graphs.
            revision: Returned with the result, to recognise outdated ones.
            folder: The project's folder, with the weights of opaque layers; None before
                it is saved.
        """
        self._wanted = self._requested = (project, revision, folder)
        self._debounce.start()

    def know_examined(self, found: ImageExamination) -> None:
        """Use the results of an examination of the data in the next analysis."""
        if found == self._examined:
            return
        self._examined = found
        if self._requested is not None:
            self.analyse(*self._requested)

    def forget(self) -> None:
        """Another project was opened: drop results and requests of the last one."""
        self.last = self._wanted = None
        self._project += 1

    def engine_job(
        self,
        work: Callable[Concatenate[JobContext, Analyser, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Job[T]:
        """A job on the engine's thread: `work(context, analyser, *args)`."""

        def with_analyser(context: JobContext) -> T:
            return work(context, self._analyser, *args, **kwargs)

        return self._thread.job(with_analyser)

    @overload
    def question(
        self,
        work: Callable[Concatenate[JobContext, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> ReportingJob[T, NoReturn]: ...

    @overload
    def question(
        self,
        work: Callable[Concatenate[ReportingContext[E], P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> ReportingJob[T, E]: ...

    def question(
        self,
        work: Callable[Concatenate[ReportingContext[E], P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> ReportingJob[T, E]:
        """A job with a trained model: `work(context, *args)`, on the prediction thread.

        Shapes are still inferred meanwhile. The work starts once TensorFlow is loaded;
        work that the engine stops counts as cancelled.
        """
        if self.state == "idle":
            self.load()
        return self._questions.job(self._once_loaded(work, *args, **kwargs))

    def typed_question(
        self,
        work: Callable[Concatenate[JobContext, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> ReportingJob[T, NoReturn]:
        """The same on a thread of its own, for answers that wait for no long job.

        The work needs models of its own: no two threads may use the same.
        """
        if self.state == "idle":
            self.load()
        return self._typed.job(self._once_loaded(work, *args, **kwargs))

    @overload
    def text_job(
        self,
        work: Callable[Concatenate[JobContext, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> ReportingJob[T, NoReturn]: ...

    @overload
    def text_job(
        self,
        work: Callable[Concatenate[ReportingContext[E], P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> ReportingJob[T, E]: ...

    def text_job(
        self,
        work: Callable[Concatenate[ReportingContext[E], P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> ReportingJob[T, E]:
        """A job on another thread, for work that needs no TensorFlow."""
        return self._texts.job(work, *args, **kwargs)

    def close(self) -> bool:
        """End the threads; returns whether they ended in time."""
        self._debounce.stop()
        self._wanted = None
        threads = (self._thread, self._texts, self._questions, self._typed)
        ended = [thread.close() for thread in threads]
        return all(ended)

    def _once_loaded(
        self,
        work: Callable[Concatenate[ReportingContext[E], P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Callable[[ReportingContext[E]], T]:
        def with_tensorflow(context: ReportingContext[E]) -> T:
            self._wait_until_loaded(context)
            from dlstudio.data.parallel import Stopped

            try:
                return work(context, *args, **kwargs)
            except Stopped:
                raise Cancelled from None

        return with_tensorflow

    def _wait_until_loaded(self, context: JobContext) -> None:
        while not self._settled.wait(POLL_SECONDS):
            if context.should_stop():
                raise Cancelled
        if self.problem is not None:
            raise self.problem

    def _loaded(self, loaded: tuple[Analyser, dict[str, str]]) -> None:
        self._analyser, self.versions = loaded
        self.problem = None
        self._settled.set()
        self._enter("ready")
        if self._wanted:
            self._analyse_now()

    def _failed(self, error: BaseException) -> None:
        self.problem = error
        self._settled.set()
        self._enter("failed")

    def _enter(self, state: str) -> None:
        self.state = state
        self.state_changed.emit(state)

    def _analyse_now(self) -> None:
        if self.state != "ready" or self._wanted is None:
            return
        if self._analysing is not None:  # one at a time; restarted when it ends
            return
        wanted, self._wanted = self._wanted, None
        job = self.engine_job(_analyse, *wanted, self._examined)
        job.on_success(partial(self._answer, self._project))
        job.on_failure(partial(self._refuse, self._project))
        self._analysing = job.on_end(self._next).start()

    def _refuse(self, project: int, error: BaseException) -> None:
        if project == self._project:
            self.not_analysed.emit(error)

    def _answer(self, project: int, analysis: Analysis) -> None:
        if project != self._project:
            return
        if (
            self._wanted is None
        ):  # else a newer project is waiting: this one is outdated
            self.last = analysis
            self.analysed.emit(analysis)

    def _next(self, _outcome: str) -> None:
        self._analysing = None
        if self._wanted is not None and not self._debounce.isActive():
            self._analyse_now()


def _load(_context: JobContext, catalog: Catalog) -> tuple[Analyser, dict[str, str]]:
    with quiet_import():
        from dlstudio.engine.runtime.startup import start_tensorflow

        start_tensorflow()
        from dlstudio.engine.project.analysis import Analyser, versions

        return Analyser(catalog), versions()


def _analyse(
    _context: JobContext,
    analyser: Analyser,
    project: Project,
    revision: int,
    folder: Path | None,
    examined: ImageExamination | None,
) -> Analysis:
    return analyser.analyse(project, revision, folder, examined)
