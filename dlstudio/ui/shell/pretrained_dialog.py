"""The dialog that asks before pretrained weights are downloaded, and shows how far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from dlstudio.byte_size import size_text, weights_text
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.pretrained import WeightsFile
from dlstudio.workers.progress import Progress

WIDTH = 620
STEPS = 1000


@dataclass(frozen=True, slots=True)
class PretrainedQuestion:
    """What the dialog asks.

    Attributes:
        title: Of the dialog.
        text: Why.
        note: What happens to the weights, and does not to the images.
        accept: Text of the button that downloads.
        decline: Text of the button that goes on without.
        files: One to choose from, if they name networks; otherwise all are needed.
    """

    title: str
    text: str
    note: str
    accept: str
    decline: str
    files: tuple[WeightsFile, ...]

    @property
    def is_choice(self) -> bool:
        """Whether one of the files is chosen by the name of its network."""
        return all(each.network for each in self.files)


class PretrainedDialog(QDialog):
    """Says what would be downloaded from where, how large it is, and where it is kept.

    Nothing is downloaded before the button is clicked. Then it shows the progress, and
    why a download failed.

    Args:
        theme: Colours and sizes.
        question: What is asked.
        parent: The window.

    Signals:
        accepted_files: The files to use, as a tuple.
        stopped: The running download is to be stopped.
    """

    accepted_files = Signal(object)
    stopped = Signal()

    def __init__(
        self, theme: Theme, question: PretrainedQuestion, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._question = question
        self.setObjectName("pretrained")
        self.setWindowTitle(question.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.network = QComboBox()
        self.network.setAccessibleName(_("Network"))
        for each in question.files:
            size = weights_text(each.weights.parameters)
            self.network.addItem(f"{each.network}  ·  {size}")
        self.network.setVisible(question.is_choice)
        self.details = QWidget()
        self.details.setProperty("role", "clear")
        self.facts = _facts(self.details, question.is_choice, self.network)
        self.progress = QProgressBar()
        self.progress.setRange(0, STEPS)
        self.progress.setTextVisible(False)
        self.amount = label("", "muted")
        self.error = label("", "bad", wrap=True)
        self.hint = label("", "", wrap=True)
        self.hint.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.never = QCheckBox(_("Do not ask again"))
        self.never.setVisible(question.is_choice)
        self.accept_button = button(theme, question.accept, "primary")
        self.accept_button.setDefault(True)
        self.decline_button = button(theme, question.decline)
        self.cancel = button(theme, _("Cancel"))
        self._arrange(question)
        self.network.currentIndexChanged.connect(self._show_facts)
        self.accept_button.clicked.connect(self._accept)
        self.decline_button.clicked.connect(self.reject)
        self.cancel.clicked.connect(self.reject)
        self.rejected.connect(self.stopped)
        self._show_facts()
        self._show_running(running=False)
        self.accept_button.setFocus()

    @property
    def files(self) -> tuple[WeightsFile, ...]:
        """The chosen file, or all that are needed."""
        files = self._question.files
        if not self._question.is_choice:
            return files
        return (files[max(self.network.currentIndex(), 0)],)

    def show_progress(self, progress: Progress) -> None:
        """Show how much of a file has been downloaded."""
        share = progress.done / max(progress.total, 1)
        self.progress.setValue(round(STEPS * share))
        text = _("Downloading: {done} of {total}")
        self.amount.setText(
            text.format(done=size_text(progress.done), total=size_text(progress.total))
        )

    def show_error(self, error: BaseException) -> None:
        """Show why a download failed; it can be tried again."""
        self._show_running(running=False)
        hint = error.hint if isinstance(error, UserError) else ""
        self.error.setText(
            error.message if isinstance(error, UserError) else str(error)
        )
        self.hint.setText(hint)
        self.error.show()
        self.hint.setVisible(bool(hint))
        self.accept_button.setText(_("Try again"))
        self._fit()

    def _accept(self) -> None:
        self._show_running(running=True)
        self.accepted_files.emit(self.files)

    def _show_running(self, *, running: bool) -> None:
        self.progress.setValue(0)
        self.amount.setText(_("Connecting…"))
        for each in (self.progress, self.amount, self.cancel):
            each.setVisible(running)
        for each in (self.error, self.hint):
            each.hide()
        for each in (self.accept_button, self.decline_button):
            each.setVisible(not running)
        self.never.setVisible(self._question.is_choice and not running)
        self.network.setEnabled(not running)
        self._fit()

    def _fit(self) -> None:
        """Give the dialog the height of what it shows now."""
        column = self.layout()
        if column is not None:
            column.activate()
            self.setFixedHeight(column.totalHeightForWidth(WIDTH))

    def _show_facts(self) -> None:
        files = self.files
        missing = [each for each in files if not each.at_hand]
        texts = (
            "\n".join(each.weights.address for each in missing or files),
            _about(missing) if missing else _("at hand; nothing is downloaded"),
            str(files[0].folder),
        )
        for place, text in zip(self.facts, texts, strict=True):
            place.setText(text)
        self._fit()

    def _arrange(self, question: PretrainedQuestion) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.never)
        foot.addStretch(1)
        for made in (self.decline_button, self.cancel, self.accept_button):
            foot.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addWidget(label(question.title, "title"))
        column.addWidget(label(question.text, "", wrap=True))
        column.addWidget(label(question.note, "muted", wrap=True))
        column.addWidget(self.details)
        for each in (self.error, self.hint, self.progress, self.amount):
            column.addWidget(each)
        column.addSpacing(4)
        column.addLayout(foot)
        self.setFixedWidth(WIDTH)


def _about(files: Sequence[WeightsFile]) -> str:
    count = sum(each.weights.parameters for each in files)
    return _("about {size}").format(size=weights_text(count))


def _facts(inside: QWidget, choice: bool, network: QWidget) -> list[QLabel]:
    """A grid of what would be downloaded; returns where address, size, place stand."""
    grid = QGridLayout(inside)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    if choice:
        grid.addWidget(label(_("Network"), "muted"), 0, 0)
        grid.addWidget(network, 0, 1, Qt.AlignmentFlag.AlignLeft)
    places = []
    for row, title in enumerate((_("Download from"), _("Size"), _("Kept in")), start=1):
        place = label("", "", wrap=True)
        place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(label(title, "muted"), row, 0, top)
        grid.addWidget(place, row, 1, top)
        places.append(place)
    return places
