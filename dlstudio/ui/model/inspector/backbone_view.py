"""Which blocks of the selected backbone are trained, and whether its head is first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.document.analysis import Analysis
from dlstudio.document.backbone import BackboneBlock, BackboneConfig, is_pretrained
from dlstudio.document.edits.base import CompositeEdit
from dlstudio.document.edits.project import SetPlan
from dlstudio.document.graph import Node
from dlstudio.document.plan import HeadFirst
from dlstudio.document.project import MODEL
from dlstudio.document.thawed_blocks import freeze_backbone, thaw_backbone
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.short_number import short_number
from dlstudio.ui.model.inspector.node_section import NodeSection, only_node
from dlstudio.ui.model.inspector.preset_choice import PresetChoice
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label
from dlstudio.ui.widgets.no_wheel_combo_box import NoWheelComboBox
from dlstudio.workers.backbone_blocks import list_blocks
from dlstudio.workers.jobs import Job
from dlstudio.workers.opened_backbone import open_into_layers
from dlstudio.workers.pretrained import WeightsFile, missing_files

FROZEN, ALL = "", "*"
"""Choices that are no blocks."""
Asked = tuple[BackboneConfig, tuple[int | None, ...]]


class BackboneView(NodeSection):
    """Chooses the first block that is trained; counts parameters on another thread.

    Args:
        studio: The window's services, theme and navigation.
        graph: The graph whose layers are shown.
    """

    def __init__(
        self, studio: Studio, graph: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(studio, graph, parent)
        self._asked: Asked | None = None
        self._blocks: tuple[BackboneBlock, ...] = ()
        self._job: Job[tuple[BackboneBlock, ...]] | None = None
        self.trained = NoWheelComboBox()
        self.trained.setAccessibleName(_("Train from this block on"))
        self.trained.setToolTip(_("Each with the parameters that are trained then."))
        self.trained.activated.connect(self._choose)
        self.note = label("", "muted", wrap=True)
        self.head_first = button(studio.theme, _("Train the head first"), "link")
        self.head_first.clicked.connect(self._train_head_first)
        self.download = button(studio.theme, _("Download weights…"), "link")
        self.download.clicked.connect(self._download)
        self.open = button(studio.theme, _("Open into layers"), "link")
        self.open.setToolTip(
            _("Replace the network by a nested model of its layers, with its weights.")
        )
        self.open.clicked.connect(self.open_layers)
        self.preset = PresetChoice(studio, graph, self)
        self.preset.edit_requested.connect(self.edit_requested)
        below = (self.note, self.head_first, self.download, self.open)
        title = label(_("Train from this block on"), "muted")
        self.arrange("", (self.preset, title, self.trained, *below))
        studio.session.changed.connect(self._show_phases)
        studio.services.pretrained_weights.finished.connect(self._look_for_weights)

    def show_nodes(self, nodes: Sequence[Node], analysis: Analysis | None) -> None:
        """Show a single selected backbone; its blocks once its input is known."""
        node = only_node(nodes, BACKBONE)
        changed = node != self._node
        self._node = node
        self.preset.show_node(node)
        self.setVisible(node is not None)
        self.open.setVisible(self._graph == MODEL)
        if node is None:
            return
        report = analysis.node(self._graph, node.id) if analysis else None
        if report is not None and report.inputs:
            self._ask(node, tuple(report.inputs[0].shape))
        self._show_choices()
        self._show_phases()
        if changed:
            self._look_for_weights()

    def _ask(self, node: Node, shape: tuple[int | None, ...]) -> None:
        """List the blocks of a network, unless they are known."""
        config = replace(BackboneConfig.of(node.params), trainable_from="")
        if (config, shape) == self._asked:
            return
        if self._job is not None:
            self._job.cancel()
        self._asked, self._blocks = (config, shape), ()
        job = self._studio.engine.question(list_blocks, config, shape)
        # What does not fit is a problem that is shown beside the node.
        self._job = job.on_success(self._listed).start()

    def _listed(self, blocks: tuple[BackboneBlock, ...]) -> None:
        self._blocks = blocks
        self._show_choices()

    def _show_choices(self) -> None:
        node, box = self._node, self.trained
        if node is None:
            return
        first = BackboneConfig.of(node.params).trainable_from.strip()
        box.blockSignals(True)
        box.clear()
        box.addItem(_("None (frozen)"), FROZEN)
        for block in reversed(self._blocks):
            count = short_number(block.parameters)
            box.addItem(f"{block.name} · {count}", block.name)
        if first and box.findData(first) < 0:
            box.addItem(first, first)
        box.addItem(_("All layers"), ALL)
        chosen = FROZEN if node.frozen else first or ALL
        box.setCurrentIndex(max(box.findData(chosen), 0))
        box.blockSignals(False)

    def _choose(self, row: int) -> None:
        node, chosen = self._node, self.trained.itemData(row)
        if node is None:
            return
        if chosen == FROZEN:
            edit, name = freeze_backbone(node, self._graph), _("Freeze {name}")
        elif chosen == ALL:
            edit, name = thaw_backbone(node, "", self._graph), _("Train all of {name}")
        else:
            edit = thaw_backbone(node, chosen, self._graph)
            name = _("Train {name} from {block} on")
        text = name.format(name=node.name, block=chosen)
        self.edit_requested.emit(edit, text)

    def _show_phases(self, _change: object = None) -> None:
        """Say how the plan trains the layers that are not frozen."""
        node = self._node
        if node is None:
            return
        first = self._studio.session.project.plan.head_first
        thawed = not node.frozen and self._graph == MODEL
        self.head_first.setVisible(thawed and first is None)
        self.note.setVisible(thawed and first is not None)
        if first is not None:
            text = _(
                "The plan trains the head alone first (epochs: {epochs}), then these "
                "layers as well, at {rate:g} times the learning rate."
            )
            self.note.setText(text.format(epochs=first.epochs, rate=first.rate))

    def _train_head_first(self) -> None:
        edit = SetPlan("head_first", HeadFirst())
        self.edit_requested.emit(edit, _("Train the head first"))

    def open_layers(self) -> None:
        """Replace the network by its layers, once its weights are at hand."""
        session, node = self._studio.session, self._node
        if node is None:
            return
        if session.folder is None:
            error = UserError(
                _("The project has not been saved yet."),
                _("Save it first. The weights are kept in the project folder."),
            )
            self._studio.notices.error(error)
            return
        work = partial(self._open_now, node, session.folder)
        self._studio.services.pretrained_weights.when_at_hand(work)

    def _open_now(self, node: Node, folder: Path) -> None:
        session = self._studio.session
        self.open.setEnabled(False)
        job = self._studio.engine.question(
            open_into_layers, session.catalog, session.project, node.id, folder
        )
        job.on_success(partial(self._opened, node))
        job.on_failure(self._studio.notices.error)
        job.on_end(lambda _outcome: self.open.setEnabled(True)).start()

    def _opened(self, node: Node, edit: CompositeEdit) -> None:
        if self._studio.session.project.model.nodes.get(node.id) == node:
            name = _("Open {name} into layers").format(name=node.name)
            self.edit_requested.emit(edit, name)

    def _look_for_weights(self) -> None:
        """Find out whether published weights are missing."""
        self.download.hide()
        node = self._node
        if node is not None and is_pretrained(node) and self._graph == MODEL:
            model = self._studio.session.project.model
            config, engine = BackboneConfig.of(node.params), self._studio.engine
            # What KerasHub has is asked of it, which needs Keras.
            work = engine.question if config.preset else engine.text_job
            job = work(missing_files, model)
            job.on_success(self._show_missing).start()

    def _show_missing(self, files: tuple[WeightsFile, ...]) -> None:
        self.download.setVisible(bool(files) and self._node is not None)

    def _download(self) -> None:
        self._studio.services.pretrained_weights.when_at_hand(self._downloaded)

    def _downloaded(self) -> None:
        """Keep what is known of a preset now."""
        self._look_for_weights()
        config = BackboneConfig.of(self._node.params if self._node else {})
        if config.preset and not config.preset_config:
            self.preset.take(config.preset)
