"""The queue of trainings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from dlstudio.document.events import RunEnded
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.workers.jobs import JobContext, WorkerThread
from dlstudio.workers.queue_file import QueueFile
from dlstudio.workers.training import (
    IDLE,
    PREPARING,
    TrainingController,
    TrainingRequest,
)


@dataclass(frozen=True, slots=True)
class QueuedTraining:
    """A training in the queue.

    Attributes:
        id: Unique in this window.
        held: Why it does not start automatically; "" if it does.
    """

    id: int
    request: TrainingRequest
    held: str = ""


class TrainingQueue(QObject):
    """Starts the next training when one has succeeded or failed.

    Stopping a training manually also stops the queue, until `begin` or until another
    training has ended by itself. A training that could not start stays in the queue
    with its reason, and the others continue. Each request has the project as it was
    when it was added. The queue is saved in the projects' folders; requests left by an
    earlier window are listed, and held.

    Signals:
        changed: `entries` differ.
        begun: The `TrainingRequest` that starts, and whether the previous one failed.
        failed: A `UserError`: the queue cannot be saved or read.
    """

    changed = Signal()
    begun = Signal(object, bool)
    failed = Signal(object)

    def __init__(
        self, trainings: TrainingController, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._trainings = trainings
        self._thread = WorkerThread("queue", self)
        self._ids = count(1)
        self._current: QueuedTraining | None = (
            None  # started by the queue, not yet a run
        )
        self._by_itself = self._failed = False
        self._files: dict[Path, QueueFile] = {}
        self._loaded: set[Path] = set()
        self._reading: set[Path] = set()
        self._saves = count(1)
        self._unsaved: dict[Path, int] = {}  # number of the newest save by project
        self.entries: tuple[QueuedTraining, ...] = ()
        trainings.ended.connect(self._ended)
        trainings.failed.connect(self._not_begun)
        # After all others: the end is reported before the next training starts.
        queued = Qt.ConnectionType.QueuedConnection
        trainings.state_changed.connect(self._state, queued)

    @property
    def ready(self) -> bool:
        """Whether `begin` would start a training now."""
        return bool(self.entries) and self._trainings.state == IDLE

    @property
    def quit_warning(self) -> str:
        """What happens to the queue on quitting, for the user."""
        number = len(self.entries)
        if not number:
            return ""
        return ngettext(
            "{count} run is waiting in the queue. It is offered again when you "
            "open its project.",
            "{count} runs are waiting in the queue. They are offered again "
            "when you open their project.",
            number,
        ).format(count=number)

    def add(self, request: TrainingRequest) -> None:
        """Add a training at the end."""
        self.load(request.folder)
        self._set(
            (*self.entries, QueuedTraining(next(self._ids), request)), [request.folder]
        )

    def begin(self) -> None:
        """Start the first training, held or not, now or after the running one."""
        self._set([replace(each, held="") for each in self.entries], [])
        if self.ready:
            self._next()

    def move(self, id: int, by: int) -> None:
        """Move a training `by` places later, or earlier if negative."""
        entries = list(self.entries)
        place = self._place(id)
        if place is not None:
            moved = entries.pop(place)
            entries.insert(min(max(place + by, 0), len(entries)), moved)
            self._set(entries, [moved.request.folder])

    def remove(self, id: int) -> None:
        """Remove one training from the queue."""
        self._set(
            [each for each in self.entries if each.id != id],
            [each.request.folder for each in self.entries if each.id == id],
        )

    def clear(self) -> None:
        """Remove all trainings."""
        self._set((), [each.request.folder for each in self.entries])

    def load(self, folder: Path | None) -> None:
        """List requests left in a project by an earlier window, once."""
        if folder is None or folder in self._loaded:
            return
        self._loaded.add(folder)
        self._reading.add(folder)
        job = self._thread.job(_read, self._file(folder))
        job.on_success(self._found).on_failure(self.failed.emit)
        job.on_end(lambda _outcome: self._read(folder)).start()

    def close(self) -> bool:
        """Save the queue; returns whether the thread has ended."""
        in_time = self._thread.close()
        for folder in self._unsaved:
            file, requests = self._file(folder), self._to_save(folder)
            try:
                if folder in self._reading:  # its result was not delivered
                    requests = [*_read(None, file), *requests]
                _write(None, file, requests, 0)
            except UserError as error:
                self.failed.emit(error)
        for file in self._files.values():
            file.release()
        return in_time

    # The running training.

    def _state(self, state: str) -> None:
        if state == PREPARING:
            self._by_itself = False
            return
        if self._current is not None:  # it has become a run, or has ended
            folder, self._current = self._current.request.folder, None
            self._save([folder])
        if self._trainings.state == IDLE and self._by_itself:
            self._by_itself = False
            self._next()

    def _ended(self, ended: RunEnded | None) -> None:
        self._by_itself = ended is not None and ended.outcome != "cancelled"
        self._failed = ended is not None and ended.outcome == "failed"

    def _not_begun(self, error: BaseException) -> None:
        self._by_itself = self._failed = self._current is not None
        current, self._current = self._current, None
        if current is not None:
            held = replace(current, held=str(error))
            self._set((held, *self.entries), [held.request.folder])

    def _next(self) -> None:
        entry = next((each for each in self.entries if not each.held), None)
        if entry is None:
            return
        failed, self._failed = self._failed, False
        self._current = entry
        self._set([each for each in self.entries if each is not entry], [])
        self.begun.emit(entry.request, failed)
        self._trainings.start(entry.request)

    # The saved queue.

    def _place(self, id: int) -> int | None:
        ids = [each.id for each in self.entries]
        return ids.index(id) if id in ids else None

    def _set(self, entries: Sequence[QueuedTraining], folders: Sequence[Path]) -> None:
        if tuple(entries) != self.entries:
            self.entries = tuple(entries)
            self._save(folders)
            self.changed.emit()

    def _save(self, folders: Sequence[Path]) -> None:
        for folder in set(folders):
            number = self._unsaved[folder] = next(self._saves)
            if folder in self._reading:  # do not overwrite the unread file
                continue
            job = self._thread.job(
                _write, self._file(folder), self._to_save(folder), number
            )
            job.on_success(partial(self._saved, folder))
            job.on_failure(self.failed.emit).start()

    def _saved(self, folder: Path, number: int) -> None:
        if self._unsaved.get(folder) == number:
            del self._unsaved[folder]

    def _read(self, folder: Path) -> None:
        self._reading.discard(folder)
        if folder in self._unsaved:
            self._save([folder])

    def _to_save(self, folder: Path) -> list[TrainingRequest]:
        """Includes the one that has started but is not a run yet."""
        waiting = [self._current] if self._current else []
        requests = [each.request for each in (*waiting, *self.entries)]
        return [each for each in requests if each.folder == folder]

    def _file(self, folder: Path) -> QueueFile:
        return self._files.setdefault(folder, QueueFile(folder))

    def _found(self, requests: list[TrainingRequest]) -> None:
        """Insert the requests read before those added in the meantime."""
        held = _("left over from the last session")
        old = [QueuedTraining(next(self._ids), request, held) for request in requests]
        if old:
            self._set((*old, *self.entries), [old[0].request.folder])


def count_waiting(context: JobContext, folder: Path) -> int:
    """The number of waiting trainings of a project, in any window."""
    return QueueFile(folder).count()


def _read(_context: JobContext | None, file: QueueFile) -> list[TrainingRequest]:
    if not file.hold():
        return []  # held by another window
    requests = file.read()
    if not requests:
        file.release()
    return requests


def _write(
    _context: JobContext | None,
    file: QueueFile,
    requests: list[TrainingRequest],
    number: int,
) -> int:
    if not file.hold():
        raise UserError(
            _("Another window already manages the queue of this project."),
            _("The queue in this window is not saved when it closes."),
        )
    file.write(requests)
    if not requests:
        file.release()
    return number
