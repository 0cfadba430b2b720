"""The toolbar above the charts: status, smoothing, scale and export."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.change_descriptions import describe_change
from dlstudio.document.sample_nouns import sample_words
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.services.training.run_history import RunHistory
from dlstudio.ui.services.training.view_state import TrainViewState
from dlstudio.ui.studio import Studio
from dlstudio.ui.train.plot import Plot
from dlstudio.ui.train.plot_files import FORMATS
from dlstudio.ui.train.training_messages import ending_text
from dlstudio.ui.widgets.labels import label, set_role
from dlstudio.workers.training import IDLE, PreparationProgress, TrainingRequest


class ChartToolbar(QWidget):
    """Status and project changes since the training began; smoothing and scale.

    Signals:
        smoothed: Emitted when the smoothing changes.
        scaled: Emitted with whether the loss is on a logarithmic scale.
    """

    smoothed = Signal()
    scaled = Signal(bool)

    def __init__(
        self, view_state: TrainViewState, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._view_state = view_state
        self.note = label("", "muted", wrap=True)
        self.changes = label("", "warning", wrap=True)
        self.smoothing = QSlider(Qt.Orientation.Horizontal, self)
        self.smoothing.setRange(0, 99)
        self.smoothing.setValue(view_state.smoothing)
        self.smoothing.setFixedWidth(100)
        self.smoothing.setAccessibleName(_("Smoothing"))
        self.logarithmic = QCheckBox(_("Loss on log scale"), self)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.note)
        words.addWidget(self.changes)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addLayout(words, 1)
        line.addWidget(QLabel(_("Smoothing")))
        line.addWidget(self.smoothing)
        line.addWidget(self.logarithmic)
        self.smoothing.valueChanged.connect(self._smooth)
        self.logarithmic.toggled.connect(self._scale)

    def show_state(self, state: str, ended: RunHistory, here: bool = True) -> None:
        """Show the state of the training, or how a run ended.

        Args:
            state: Of the training.
            ended: The run that is shown if nothing is trained.
            here: Whether the training belongs to the open project.
        """
        texts = {
            "preparing": _("Preparing data…"),
            "paused": _(
                "Paused with a checkpoint. You can steer, resume or stop the run."
            ),
            "stopping": _("Stopping. Everything so far is kept."),
        }
        text = texts.get(state) if here else None
        failed = text is None and ended.outcome == "failed"
        self.note.setText(ending_text(ended) if text is None else text)
        set_role(self.note, "bad" if failed else "muted")

    def show_preparing(self, progress: PreparationProgress, noun: str) -> None:
        """Show the progress of the data preparation.

        Args:
            progress: How many samples are prepared.
            noun: What they are called, as `sample_noun` gives it.
        """
        text = _("Preparing data: {done} of {total} {samples}")
        self.note.setText(
            text.format(done=progress.done, total=progress.total, **sample_words(noun))
        )

    def show_changes(
        self, studio: Studio, request: TrainingRequest | None, state: str
    ) -> None:
        """Show how the project differs from the one being trained.

        Args:
            studio: Provides the project.
            request: The training request; None if nothing is trained.
            state: State of the training.
        """
        text = (
            "" if request is None or state == IDLE else _changes_text(studio, request)
        )
        self.changes.setText(text)
        self.changes.setVisible(bool(text))

    def _smooth(self, value: int) -> None:
        self._view_state.smoothing = value
        self.smoothed.emit()

    def _scale(self, on: bool) -> None:
        self._view_state.logarithmic = on
        self.scaled.emit(on)


def _changes_text(studio: Studio, request: TrainingRequest) -> str:
    session = studio.session
    if request.folder != session.folder:
        text = _("This run belongs to the project in {folder}.")
        return text.format(folder=request.folder)
    changed = (
        "" if request.resume else describe_change(request.project, session.project)
    )
    if not changed:
        return ""
    return _(
        "Changed since training started: {changes}. This run does not use the changes."
    ).format(changes=changed)


def save_plot(studio: Studio, parent: QWidget, plot: Plot) -> None:
    """Choose a file and save a chart as an image or a table.

    Args:
        studio: Provides the project's folder and reports the result.
        parent: Parent of the dialog.
        plot: The chart.
    """
    folder = studio.session.folder or Path.home()
    kinds = ";;".join(f"{kind.upper()} (*.{kind})" for kind in FORMATS)
    start = str(folder / f"{plot.title}.png")
    name, _kind = QFileDialog.getSaveFileName(parent, _("Save curves"), start, kinds)
    if not name:
        return
    try:
        plot.save(Path(name))
    except UserError as error:
        studio.notices.error(error)
    else:
        studio.notices.good(_("Saved to {path}.").format(path=name))
