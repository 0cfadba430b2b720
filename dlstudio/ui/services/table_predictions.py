"""Predictions for the rows of a table; outlives the room."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal

from dlstudio.document.search_settings import SearchSettings
from dlstudio.i18n import _
from dlstudio.ui.notices import Notices
from dlstudio.ui.services.project_job import ProjectJob
from dlstudio.ui.session import Session
from dlstudio.workers.engine import Engine
from dlstudio.workers.model_cache import ModelCache
from dlstudio.workers.progress import Progress
from dlstudio.workers.table_prediction import (
    PredictedTable,
    predict_table_file,
    save_predictions,
)
from dlstudio.workers.text_lines import LINES_FILE, save_lines
from dlstudio.workers.thumbnails import Thumbnails


class TablePredictions(ProjectJob[PredictedTable, Progress | PredictedTable]):
    """The latest predicted table; another one replaces it once it can be read.

    Args:
        session: The session with the open project.
        engine: Runs the jobs.
        notices: Reports failures.
        models: Caches recently used models.

    Attributes:
        path: The table that is being predicted, or was last.
        progress: Of the running prediction, in rows; None while the table is read.
        thumbnails: Small images of the latest table's rows.
        note: Why the latest table could not be predicted, or "".
        saving: Whether a table is being saved.

    Signals:
        progressed: Emitted with a `Progress`.
    """

    progressed = Signal(object)

    def __init__(
        self, session: Session, engine: Engine, notices: Notices, models: ModelCache
    ) -> None:
        super().__init__(session, engine, notices, "predict")
        self._models = models
        self.thumbnails = Thumbnails(parent=self)
        self.path: Path | None = None
        self.progress: Progress | None = None
        self.note = ""
        self.saving = False
        self._pasted: tempfile.TemporaryDirectory[str] | None = None

    @property
    def is_pasted(self) -> bool:
        """Whether the latest table is of lines that were pasted."""
        folder = self._pasted
        return (
            folder is not None
            and self.path is not None
            and self.path.parent == Path(folder.name)
        )

    def store_lines(self, feature: str, lines: Sequence[str]) -> Path:
        """The path of pasted lines as a table, which is kept until the window closes.

        Args:
            feature: The only input of the model.
            lines: Its values.
        """
        if self._pasted is None:
            self._pasted = tempfile.TemporaryDirectory(prefix="dlstudio-pasted-")
        path = Path(self._pasted.name, LINES_FILE)
        if not self.running:  # else it may be read just now, and no other is started
            save_lines(path, feature, lines)
        return path

    def start(self, run: str, path: Path, search: SearchSettings | None = None) -> None:
        """Predict the rows of a table, unless another one is being predicted.

        Args:
            run: Id of the run.
            path: Of the table.
            search: How texts are searched; None as the run's project says.
        """
        question = replace(self._reference(run), search=search)
        if self.running:
            self._notices.info(_("Another table is being predicted. Stop it first."))
            return
        self.path, self.progress, self.note = path, None, ""
        self._begin(
            self._engine.question(predict_table_file, self._models, question, path)
        )

    def save(self, path: Path) -> None:
        """Write the latest table with its predictions."""
        if self.found is None:
            return
        self.saving = True
        job = self._engine.text_job(save_predictions, self.found, path)
        job.on_success(self._saved)
        job.on_failure(self._notices.error).on_end(self._save_ended).start()
        self.changed.emit()

    def clear(self) -> None:
        """Forget the latest table."""
        self.path, self.note = None, ""
        self._set_found(None)
        self.changed.emit()

    def close(self) -> bool:
        """End the threads of the images; returns whether they ended in time."""
        if self._pasted is not None:
            self._pasted.cleanup()
            self._pasted = None
        return self.thumbnails.close()

    def _saved(self, path: Path) -> None:
        self._notices.good(_("Saved to {path}.").format(path=path))

    def _save_ended(self, _outcome: str) -> None:
        self.saving = False
        self.changed.emit()

    def _forget(self) -> None:
        self.path, self.progress, self.note = None, None, ""

    def _reported(self, event: Progress | PredictedTable) -> None:
        if isinstance(event, PredictedTable):
            self._set_found(event)
        else:
            self.progress = event
            self.progressed.emit(event)

    def _failed(self, error: Exception) -> None:
        self.note = str(error)  # the page of tables shows it
