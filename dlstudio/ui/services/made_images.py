"""Images that are asked of trained models; outlives the rooms."""

from __future__ import annotations

from pathlib import Path

from dlstudio.document.image_requests import ImageRequest
from dlstudio.i18n import _
from dlstudio.ui.notices import Notices
from dlstudio.ui.services.project_job import ProjectJob
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.image_jobs import ImageAnswer, make_images, save_images
from dlstudio.workers.model_cache import ModelCache
from dlstudio.workers.progress import Progress


class MadeImages(ProjectJob[ImageAnswer, Progress]):
    """The latest images that a run's model has made.

    Args:
        session: The session with the open project.
        engine: Runs jobs that need TensorFlow.
        notices: Reports failures.
        models: Caches recently used models and their data.
    """

    def __init__(
        self, session: Session, engine: Engine, notices: Notices, models: ModelCache
    ) -> None:
        super().__init__(session, engine, notices, "images")
        self._models = models

    def ask(self, run: str, request: ImageRequest) -> None:
        """Make images with a run's model, after what was asked before."""
        question = self._reference(run)
        self._begin(self._engine.question(make_images, self._models, question, request))

    def save(self, folder: Path) -> None:
        """Write the latest images to a folder, as PNG files."""
        if self.found is None:
            return
        job = self._engine.text_job(save_images, self.found.images, folder)
        job.on_success(self._saved).on_failure(self._failed).start()

    def _saved(self, folder: Path) -> None:
        self._notices.good(_("Saved to {path}.").format(path=folder))
