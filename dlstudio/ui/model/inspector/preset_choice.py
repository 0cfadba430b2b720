"""Chooses a preset of KerasHub for the selected backbone, or a network of Keras."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from dlstudio.byte_size import weights_text
from dlstudio.document.backbone import BackboneConfig, plain_folder, pooling_behind
from dlstudio.document.edits.base import CompositeEdit, Edit
from dlstudio.document.edits.nodes import ReplaceNode
from dlstudio.document.edits.params import ResetParam
from dlstudio.document.graph import Graph, Node
from dlstudio.i18n import _
from dlstudio.ui.forms.project_paths import relative_source
from dlstudio.ui.model.inspector.node_section import NodeSection
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import button, escape_mnemonic
from dlstudio.ui.widgets.file_dialogs import FileDialogs
from dlstudio.ui.widgets.labels import ElidedLabel
from dlstudio.workers.hub_presets import PresetRow, list_presets, take_preset
from dlstudio.workers.jobs import Job

OF_PRESET = ("preset", "preset_config", "trainable_from")


class PresetChoice(NodeSection):
    """Names the preset; lists published ones and reads folders on another thread.

    Args:
        studio: The window's services, theme and navigation.
        graph: The graph whose layers are shown.
    """

    def __init__(
        self, studio: Studio, graph: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(studio, graph, parent)
        self._job: Job[tuple[PresetRow, ...]] | None = None
        self._choice: Job[CompositeEdit] | None = None
        self._dialogs = FileDialogs(self)
        self.menu: QMenu | None = None
        self.name = ElidedLabel("", "strong", Qt.TextElideMode.ElideLeft)
        self.choose = button(studio.theme, _("Choose from KerasHub…"), "link")
        self.choose.setToolTip(
            _("More networks, such as vision transformers, with published weights.")
        )
        self.choose.clicked.connect(self._list)
        self.remove = button(studio.theme, _("Use a network of Keras"), "link")
        self.remove.clicked.connect(self._remove)
        self.arrange("", (self.name, self.choose, self.remove))

    def show_node(self, node: Node | None) -> None:
        """Show which preset a backbone has."""
        if node is None or self._node is None or node.id != self._node.id:
            self._cancel()
        self._node = node
        self.setVisible(node is not None)
        if node is None:
            return
        config = BackboneConfig.of(node.params)
        self.name.setVisible(bool(config.preset))
        self.remove.setVisible(bool(config.preset))
        self.name.set_text(config.preset)

    def take(self, preset: str) -> None:
        """Let the backbone take a preset.

        Args:
            preset: Name of a published one, or a folder.
        """
        node, session = self._node, self._studio.session
        if node is None:
            return
        self._cancel()
        graph = session.project.graphs.get(self._graph, Graph())
        folder = session.folder or Path()
        job = self._studio.engine.question(
            take_preset, graph, self._graph, node, preset, folder
        )
        job.on_success(partial(self._taken, node))
        self._choice = job.on_failure(self._studio.notices.error).start()

    def take_folder(self, path: Path) -> None:
        """Let the backbone take the preset in a folder."""
        folder = self._studio.session.folder
        self.take(plain_folder(relative_source(path, folder)))

    def _list(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self.choose.setEnabled(False)
        job = self._studio.engine.question(list_presets)
        job.on_success(self._offer).on_failure(self._studio.notices.error)
        self._job = job.on_end(lambda _outcome: self.choose.setEnabled(True)).start()

    def _offer(self, rows: tuple[PresetRow, ...]) -> None:
        if self._node is None:
            return
        self.menu = QMenu(self)
        self.menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for network, found in groupby(rows, lambda row: row.network):
            inner = self.menu.addMenu(escape_mnemonic(network))
            inner.setToolTipsVisible(True)
            for each in found:
                size = weights_text(each.parameters)
                text = escape_mnemonic(f"{each.name}  ·  {size}")
                inner.addAction(text, partial(self.take, each.name)).setToolTip(
                    each.description
                )
        self.menu.addSeparator()
        self.menu.addAction(_("Choose folder…"), self._choose_folder)
        place = self.choose.rect().bottomLeft()
        self.menu.popup(self.choose.mapToGlobal(place))

    def _choose_folder(self) -> None:
        title = _("Choose the folder of a preset")
        self._dialogs.folder(title, lambda paths: self.take_folder(paths[0]))

    def _taken(self, node: Node, edit: CompositeEdit) -> None:
        self._choice = None
        graph = self._studio.session.project.graphs.get(self._graph, Graph())
        if graph.nodes.get(node.id) == node:
            text = _("Choose a network of KerasHub for {name}")
            self.edit_requested.emit(edit, text.format(name=node.name))

    def _remove(self) -> None:
        node = self._node
        if node is None:
            return
        names: tuple[str, ...] = OF_PRESET
        if BackboneConfig.of(node.params).has_preset_weights:
            names = (*names, "weights_sha256")
        known = [name for name in names if node.params.get(name) is not None]
        graph = self._studio.session.project.graphs.get(self._graph, Graph())
        edits: tuple[Edit, ...] = (
            *(ResetParam(node.id, name, self._graph) for name in known),
            *(ReplaceNode(n, self._graph) for n in pooling_behind(graph, node, 2)),
        )
        text = _("Choose a network of Keras for {name}").format(name=node.name)
        self.edit_requested.emit(CompositeEdit(edits), text)

    def _cancel(self) -> None:
        job, self._choice = self._choice, None
        if job is not None:
            job.cancel()
