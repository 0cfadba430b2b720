"""Example images of an evaluation: worst mistakes, or one confusion matrix cell."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from dlstudio.document.evaluation import EvaluatedSample, Evaluation
from dlstudio.i18n import _
from dlstudio.percent_text import percent
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.thumbnail_strip import Thumbnail, ThumbnailStrip
from dlstudio.workers.image_samples import sample_images
from dlstudio.workers.model_cache import RunReference


class EvaluationExamples(ThumbnailStrip):
    """Images with their predicted and their true classes."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(studio.theme, _("Examples"), parent)
        self._studio = studio
        self._run = ""
        self._found: Evaluation | None = None

    def show_worst(self, found: Evaluation) -> None:
        """Show the worst mistakes of an evaluation."""
        self._found, self._run = found, found.report.run
        title = _("Worst mistakes") if found.worst else _("No mistakes")
        samples, right = found.report.samples, found.report.metrics["accuracy"] or 0.0
        self._show(title, found.worst, round(samples * (1 - right)))

    def show_cell(self, truth: int, answer: int) -> None:
        """Show the images of class `truth` that were predicted as `answer`."""
        if self._found is None:
            return
        report = self._found.report
        classes = report.classes
        count = report.confusion_matrix[truth][answer]
        title = _("{truth} predicted as {prediction}")
        if truth == answer:
            title = _("{truth} predicted correctly, least confident first")
        self._show(
            title.format(truth=classes[truth], prediction=classes[answer]),
            self._found.cells.get((truth, answer), ()),
            count,
        )

    def _show(self, title: str, found: Sequence[EvaluatedSample], count: int) -> None:
        more = self._found is not None and self._found.is_kept and len(found) < count
        hint = _("Press “Evaluate” to see more of them.") if more else ""
        self.show_thumbnails(title, [_thumbnail(each) for each in found], count, hint)
        self._request_images()

    def _request_images(self) -> None:
        folder = self._studio.session.folder
        if not self.shown() or folder is None:
            return
        question = RunReference(self._studio.session.catalog, folder, self._run)
        models = self._studio.services.models
        names = tuple(self.shown())
        job = self._studio.engine.question(sample_images, models, question, names)
        job.on_success(self.show_images).on_failure(self._studio.notices.error).start()


def _thumbnail(sample: EvaluatedSample) -> Thumbnail:
    label = sample.label or _("no label")
    truth = _("true class: {truth}").format(truth=sample.truth or _("no label"))
    tone = "good" if sample.truth == sample.label else "bad"
    return Thumbnail(sample.id, f"{percent(sample.score)} {label}", tone, truth)
