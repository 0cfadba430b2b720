"""Asks whether a pretrained network is used, and whether its weights are downloaded."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from dlstudio.document.backbone import is_pretrained
from dlstudio.document.edits.base import CompositeEdit, Edit
from dlstudio.document.edits.nodes import SetFrozen
from dlstudio.document.edits.params import ResetParam, SetParam
from dlstudio.document.graph import Graph
from dlstudio.i18n import _, ngettext
from dlstudio.ui.services.pretrained_weights import Then
from dlstudio.ui.shell.core import Core
from dlstudio.ui.shell.pretrained_dialog import PretrainedDialog, PretrainedQuestion
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.pretrained import PretrainedOffer, WeightsFile


class PretrainedPrompt(QObject):
    """One dialog at a time, for the open project.

    Args:
        core: The window's services.
        theme: Returns the current theme.
        change_setting: Called with the setting's name as keyword and its new value.
        window: Parent of the dialog.
    """

    def __init__(
        self,
        core: Core,
        theme: Callable[[], Theme],
        change_setting: Callable[..., object],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._core, self._theme, self._window = core, theme, window
        self._change_setting = change_setting
        self.dialog: PretrainedDialog | None = None
        self._service = core.services.pretrained_weights
        self._service.offered.connect(self._offer)
        self._service.missed.connect(self._ask_to_download)
        core.session.opened.connect(self._close)

    def _offer(self, offer: PretrainedOffer) -> None:
        if not self._core.settings.value.propose_pretrained:
            return
        count = offer.images
        text = ngettext(
            "There is {count} image. A network that has already learned from a million "
            "photos usually does much better on so few than one trained from scratch, "
            "and takes less time.",
            "There are {count} images. A network that has already learned from a "
            "million photos usually does much better on so few than one trained from "
            "scratch, and takes less time.",
            count,
        ).format(count=f"{count:,}")
        note = _("Its weights are downloaded once. Your images stay on this computer.")
        question = PretrainedQuestion(
            _("Use a pretrained network?"),
            text,
            note,
            _("Use a pretrained network"),
            _("Train from scratch"),
            offer.files,
        )
        dialog = self._open(question)

        def use() -> None:
            self._service.use(offer.project, dialog.files[0].network)

        self._download_then(dialog, use)
        dialog.finished.connect(lambda: self._remember(dialog))

    def _ask_to_download(self, files: tuple[WeightsFile, ...], then: Then) -> None:
        question = PretrainedQuestion(
            _("Download pretrained weights?"),
            _("The model begins with weights that are not on this computer."),
            _("They are downloaded once. Your images stay on this computer."),
            _("Download"),
            _("Train from scratch"),
            files,
        )
        dialog = self._open(question)
        self._download_then(dialog, then)
        dialog.decline_button.clicked.connect(lambda: self._from_scratch(then))

    def _download_then(self, dialog: PretrainedDialog, then: Then) -> None:
        def accept(files: tuple[WeightsFile, ...]) -> None:
            self._service.download(files)

        def finish() -> None:
            dialog.accept()
            then()

        dialog.accepted_files.connect(accept)
        dialog.stopped.connect(self._service.cancel)
        self._service.progressed.connect(dialog.show_progress)
        self._service.failed.connect(dialog.show_error)
        self._service.finished.connect(finish)
        dialog.finished.connect(lambda: self._service.finished.disconnect(finish))
        dialog.open()

    def _open(self, question: PretrainedQuestion) -> PretrainedDialog:
        self._close()
        dialog = PretrainedDialog(self._theme(), question, self._window)
        self.dialog = dialog
        dialog.finished.connect(self._forget)
        return dialog

    def _forget(self) -> None:
        self.dialog = None

    def _close(self) -> None:
        if self.dialog is not None:
            self.dialog.reject()

    def _remember(self, dialog: PretrainedDialog) -> None:
        if dialog.never.isChecked():
            self._change_setting(propose_pretrained=False)

    def _from_scratch(self, then: Then) -> None:
        """Let the model begin with random weights, all of which are trained."""
        edits = from_scratch(self._core.session.project.model)
        self._core.session.do(CompositeEdit(edits), _("Train from scratch"))
        then()


def from_scratch(graph: Graph) -> tuple[Edit, ...]:
    """The edits by which pretrained layers begin with random weights.

    Args:
        graph: The model.
    """
    nodes = [node for node in graph.nodes.values() if is_pretrained(node)]
    ids = tuple(node.id for node in nodes)
    weights = (SetParam(id, "weights", "none") for id in ids)
    # Nothing is known of the network of a preset that is not at hand.
    unknown = (
        ResetParam(node.id, "preset")
        for node in nodes
        if node.params.get("preset") and not node.params.get("preset_config")
    )
    return (*weights, *unknown, SetFrozen(ids, False))
