"""The word vectors that the selected Embedding layer begins with."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from dlstudio.document.edits.base import CompositeEdit
from dlstudio.document.edits.params import SetParam
from dlstudio.document.edits.project import SetWordVectors
from dlstudio.document.graph import Node
from dlstudio.document.project import MODEL
from dlstudio.document.vectors_reference import VectorsReference
from dlstudio.errors import joined
from dlstudio.i18n import _
from dlstudio.ui.forms.project_paths import relative_source
from dlstudio.ui.model.inspector.node_section import NodeSection, only_node
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import escape_mnemonic
from dlstudio.ui.widgets.file_dialogs import FileDialogs
from dlstudio.ui.widgets.flow_row import FlowRow
from dlstudio.ui.widgets.labels import ElidedLabel, label
from dlstudio.workers.initial_vectors import (
    ChosenVectors,
    VectorsState,
    WordsRun,
    copy_from_run,
    list_word_runs,
    read_vectors_state,
    refer_to_file,
)
from dlstudio.workers.jobs import Job

EMBEDDING = "keras.layers.Embedding"


class VectorsView(NodeSection):
    """Chooses and removes them; files are read on another thread.

    Args:
        studio: The window's services, theme and navigation.
        graph: The graph whose layers are shown.
    """

    def __init__(
        self, studio: Studio, graph: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(studio, graph, parent)
        self._shown: tuple[Path, str, VectorsReference] | None = None
        self._job: Job[VectorsState] | None = None
        self._choice: Job[ChosenVectors] | None = None
        self._runs: Job[tuple[WordsRun, ...]] | None = None
        self._dialogs = FileDialogs(self)
        self.name = ElidedLabel("", "strong")
        self.note = label("", "muted", wrap=True)
        self.choose = self._button(_("Choose file…"), self._choose_file)
        self.from_run = self._button(_("From run…"), self._list_runs)
        self.remove = self._button(_("Remove"), self._remove)
        self.menu: QMenu | None = None
        buttons = FlowRow((self.choose, self.from_run, self.remove), 6)
        self.arrange(_("Word vectors"), (self.name, self.note, buttons))
        studio.services.trainings.ended.connect(self.refresh)

    def show_nodes(self, nodes: Sequence[Node]) -> None:
        """Show the vectors of a single selected Embedding layer."""
        node = only_node(nodes, EMBEDDING) if self._graph == MODEL else None
        if node is None or self._node is None or node.id != self._node.id:
            self._cancel_choice()
        self._node = node
        self.setVisible(node is not None)
        if node is not None:
            self._show_reference(node)

    def showEvent(self, event: QShowEvent) -> None:
        """Read again: the file may be another one."""
        super().showEvent(event)
        self.refresh()

    def choose_file(self, path: Path) -> None:
        """Let the layer begin with the vectors of a file."""
        folder, node = self._studio.session.folder, self._node
        if node is None:
            return
        text = relative_source(path, folder)
        work = self._studio.engine.text_job(refer_to_file, text, folder or Path())
        self._wait_for(work.on_success(partial(self._take, node.id)))

    def choose_run(self, source: Path, run: str = "") -> None:
        """Let the layer begin with what a run has learned.

        Args:
            source: Folder of its project.
            run: Its id; "" for the newest.
        """
        folder, node = self._studio.session.folder, self._node
        if node is None or folder is None:
            return
        work = self._studio.engine.text_job(copy_from_run, source, run, folder)
        self._wait_for(work.on_success(partial(self._take, node.id)))

    def refresh(self, _ended: object = None) -> None:
        """Read again what is known of the vectors."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        if self._shown is None:
            return
        folder, node, reference = self._shown
        job = self._studio.engine.text_job(read_vectors_state, reference, folder, node)
        self._job = job.on_success(partial(self._show_state, self._shown)).start()

    def _show_reference(self, node: Node) -> None:
        session = self._studio.session
        reference = session.project.word_vectors.get(node.id)
        for each in (self.remove, self.name):
            each.setVisible(reference is not None)
        self.from_run.setEnabled(session.folder is not None)
        tip = _("Save the project first: the vectors are copied into its folder.")
        self.from_run.setToolTip("" if session.folder else tip)
        if reference is None:
            self._shown = None
            if self._choice is None:
                self.note.setText(_("The layer begins with random weights."))
            return
        shown = (session.folder or Path(), node.id, reference)
        if shown == self._shown:
            return
        self._shown = shown
        self.name.set_text(Path(reference.path).name)
        self.name.setToolTip(str(shown[0] / reference.path))
        self.note.setText(_("Reading word vectors…"))
        self.refresh()

    def _show_state(self, shown: object, state: VectorsState) -> None:
        if shown == self._shown and self._choice is None:
            self.note.setText(state_text(state))

    def _choose_file(self) -> None:
        kinds = (
            _("Word vectors ({patterns})").format(patterns="*.bin *.vec *.txt"),
            _("All files (*)"),
        )
        self._dialogs.files(
            _("Choose word vectors"), lambda paths: self.choose_file(paths[0]), kinds
        )

    def _list_runs(self) -> None:
        folder = self._studio.session.folder
        if folder is None:
            return
        work = self._studio.engine.text_job(list_word_runs, folder)
        self._runs = work.on_success(self._offer_runs).start()

    def _offer_runs(self, runs: tuple[WordsRun, ...]) -> None:
        """Offer this project's runs; without any, choose another project."""
        self._runs = None
        folder = self._studio.session.folder
        if folder is None or self._node is None:
            return
        if not runs:
            self._choose_project()
            return
        self.menu = QMenu(self)
        self.menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for each in runs:
            text = escape_mnemonic(_("Run {run}").format(run=each.name))
            choose = partial(self.choose_run, folder, each.id)
            self.menu.addAction(text, choose)
        self.menu.addSeparator()
        self.menu.addAction(_("Of another project…"), self._choose_project)
        self.menu.popup(self.from_run.mapToGlobal(self.from_run.rect().bottomLeft()))

    def _choose_project(self) -> None:
        title = _("Choose a project that has learned word vectors")
        self._dialogs.folder(title, lambda paths: self.choose_run(paths[0]))

    def _take(self, node: str, chosen: ChosenVectors) -> None:
        """Refer to what was chosen; the layer gets its size."""
        self._choice = None
        if self._node is None or self._node.id != node:
            return
        edits = (
            SetWordVectors(node, chosen.reference),
            SetParam(node, "output_dim", chosen.size),
        )
        text = _("Word vectors of “{layer}”").format(layer=self._node.name)
        self.edit_requested.emit(CompositeEdit(edits), text)

    def _remove(self) -> None:
        if self._node is not None:
            text = _("Remove the word vectors of {node}").format(node=self._node.name)
            self.edit_requested.emit(SetWordVectors(self._node.id, None), text)

    def _wait_for(self, job: Job[ChosenVectors]) -> None:
        self._cancel_choice()
        self.note.setText(_("Reading word vectors…"))
        self._choice = job.on_failure(self._refuse).start()

    def _refuse(self, error: Exception) -> None:
        self._choice = self._shown = None
        self._studio.notices.error(error)
        if self._node is not None:
            self._show_reference(self._node)

    def _cancel_choice(self) -> None:
        if self._choice is not None:
            self._choice.cancel()
            self._choice = self._shown = None

    def _button(self, text: str, act: object) -> QPushButton:
        made = QPushButton(text, self)
        made.clicked.connect(act)
        return made


def state_text(state: VectorsState) -> str:
    """The size of the vectors, and how many words have one."""
    if not state.size:
        return _("The file is missing or has changed.")
    text = _("Vector size: {size}.").format(size=state.size)
    if not state.run:
        more = _("How many words are found is known after the first training.")
        return joined(text, more)
    more = _("{found} of {words} words found, in run {run}.").format(
        found=f"{state.found:,}", words=f"{state.words:,}", run=state.run
    )
    return joined(text, more)
