"""Pretrained networks for the open project: proposed once, downloaded if agreed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from dlstudio.document.backbone import is_pretrained
from dlstudio.document.edits.base import CompositeEdit
from dlstudio.document.project import Project
from dlstudio.document.starter_edits import use_model
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.notices import Notices
from dlstudio.ui.session import Session
from dlstudio.workers.jobs import Job, WorkerThread
from dlstudio.workers.pretrained import (
    PretrainedOffer,
    WeightsFile,
    fetch,
    find_offer,
    make_pretrained,
    missing_files,
)

Then = Callable[[], None]


class PretrainedWeights(QObject):
    """Finds out which weights to ask for; downloads only what was agreed to.

    Args:
        session: The open project.
        notices: Reports what was done.

    Signals:
        offered: A `PretrainedOffer` for a new project.
        missed: The files of weights that the model begins with and that are missing,
            and what to do once they are there.
        progressed: `Progress` of a download, in bytes.
        failed: Why a download failed; it can be tried again.
        finished: A download has ended well.
    """

    offered = Signal(object)
    missed = Signal(object, object)
    progressed = Signal(object)
    failed = Signal(object)
    finished = Signal()

    def __init__(self, session: Session, notices: Notices) -> None:
        super().__init__()
        self._session, self._notices = session, notices
        self._files = WorkerThread("weights", self)
        self._downloads = WorkerThread("download", self)
        self._download: Job[None] | None = None

    def propose(self, project: Project) -> None:
        """Offer a pretrained network if it suits the images of a new project."""
        session = self._session
        if session.folder is None:
            return
        job = self._files.job(find_offer, session.catalog, project, session.folder)
        job.on_success(self._found).start()  # what fails is reported with the data

    def when_at_hand(self, then: Then) -> None:
        """Do something once the weights that the model begins with are at hand.

        Emits `missed` if some are missing.

        Args:
            then: What to do.
        """
        model = self._session.project.model
        if not any(map(is_pretrained, model.nodes.values())):
            then()
            return
        job = self._files.job(missing_files, model)
        job.on_success(partial(self._checked, then))
        job.on_failure(self._notices.error).start()

    def download(self, files: tuple[WeightsFile, ...]) -> None:
        """Download files; one download at a time."""
        if self._download is not None:
            self._download.cancel()
        job = self._downloads.job(fetch, files)
        job.on_progress(self.progressed.emit).on_success(self._downloaded)
        self._download = job.on_failure(self._failed).start()

    def cancel(self) -> None:
        """Stop the download; what has come is kept for the next one."""
        job, self._download = self._download, None
        if job is not None:
            job.cancel()

    def use(self, project: Project, network: str) -> None:
        """Let the open project begin with a network, as one step that can be undone.

        Args:
            project: That it was offered for; nothing happens if another one is open.
            network: Name of the network.
        """
        session = self._session
        if session.folder is None or session.project.data != project.data:
            return
        job = self._files.job(
            make_pretrained, session.catalog, project, session.folder, network
        )
        job.on_success(partial(self._apply, network))
        job.on_failure(self._notices.error).start()

    def close(self) -> bool:
        """Stop the threads; returns whether they ended in time."""
        return all([self._downloads.close(seconds=2), self._files.close()])

    def _found(self, offer: PretrainedOffer | None) -> None:
        if offer is not None and offer.project.data == self._session.project.data:
            self.offered.emit(offer)

    def _checked(self, then: Then, files: tuple[WeightsFile, ...]) -> None:
        if files:
            self.missed.emit(files, then)
        else:
            then()

    def _downloaded(self, _nothing: None) -> None:
        if self._download is not None:
            self._download = None
            self.finished.emit()

    def _failed(self, error: Exception) -> None:
        if self._download is not None:
            self._download = None
            self.failed.emit(error)

    def _apply(self, network: str, made: Project) -> None:
        session = self._session
        if made.data.source != session.project.data.source:
            return
        edits = use_model(made, session.catalog)
        was_saved = not session.unsaved
        try:
            session.do(CompositeEdit(edits), _("Use a pretrained network"))
            if was_saved and not session.read_only:
                session.save()
        except UserError as error:
            self._notices.error(error)
            return
        text = _("The model now begins with {network}, which has learned from photos.")
        self._notices.good(text.format(network=network))
