"""The gallery: filter bar, image grid and sample actions."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QWidget

from dlstudio.i18n import _
from dlstudio.ui.data.dataset_actions import DatasetActions
from dlstudio.ui.data.gallery.cell import CellContent
from dlstudio.ui.data.gallery.filter_bar import FilterBar
from dlstudio.ui.data.gallery.grid import GalleryGrid
from dlstudio.ui.data.gallery.menu import SampleActions
from dlstudio.ui.services.dataset.dataset_controller import DatasetController
from dlstudio.ui.services.dataset.dataset_text import SHORT_SPLIT_NAMES, split_name
from dlstudio.ui.services.dataset.dataset_view import DatasetView, SampleFilter
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.dataset import EXCLUDED


class Gallery(Card):
    """The gallery card.

    Args:
        studio: The window's services, theme and navigation.
        controller: State of the open dataset.
        dataset_actions: Edits of samples.

    Signals:
        filtered: Emitted with the current `SampleFilter`.
        opened: Emitted with the sample to open in the viewer.
    """

    filtered = Signal(object)
    opened = Signal(int)

    def __init__(
        self,
        studio: Studio,
        controller: DatasetController,
        dataset_actions: DatasetActions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, margin=12)
        self._controller = controller
        self._view: DatasetView | None = None
        self.bar = FilterBar(studio.theme, self)
        self.grid = GalleryGrid(
            studio.theme, controller.thumbnails, self.cell_content, self.tooltip, self
        )
        self.grid.setAccessibleName(_("Images"))
        self.empty_label = label(_("No images match."), "muted")
        self.empty_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty_label.hide()
        self.body.addWidget(self.bar)
        self.body.addWidget(self.empty_label)
        self.body.addWidget(self.grid, 1)
        self.sample_actions = SampleActions(
            self.grid,
            studio.theme,
            controller,
            dataset_actions,
            self.chosen,
            self._place,
            self._open,
        )
        self.bar.filter_changed.connect(self._filter)
        self.bar.size_requested.connect(self.grid.set_image_size)
        self.grid.size_changed.connect(self.bar.show_size)
        self.grid.selected.connect(self._count)
        self.grid.opened.connect(self.opened)
        self.grid.menu_requested.connect(self.sample_actions.show)

    def show_data(self, view: DatasetView | None) -> None:
        """Show another dataset, or an updated view of the same one."""
        before, self._view = self._view, view
        if view is None:
            self.grid.show_rows(self.grid.selection.rows[:0], 0)
            return
        if before is None or before.dataset is not view.dataset:
            self.bar.show_all()
        self.bar.show_findings(view)
        self._update_rows()

    @property
    def filter(self) -> SampleFilter:
        """The current filter."""
        return self.bar.filter

    def show_filter(self, wanted: SampleFilter) -> None:
        """Apply a filter and show it in the bar."""
        self.bar.put(wanted)

    def chosen(self) -> list[str]:
        """Ids of the selected samples."""
        if self._view is None:
            return []
        ids = self._view.dataset.ids
        return [ids[row] for row in self.grid.selection.selected().tolist()]

    def focus_search(self) -> None:
        """Focus the search field."""
        self.bar.search.setFocus()
        self.bar.search.selectAll()

    def cell_content(self, row: int) -> CellContent:
        """The cell content of a sample."""
        view = self._view
        assert view is not None
        split = view.split(row)
        badges = []
        if view.excluded[row]:
            badges.append(("mdi6.eye-off", "text_muted"))
        if view.flagged[row]:
            badges.append(("mdi6.exclamation-thick", "warning"))
        if view.relabelled[row]:
            badges.append(("mdi6.tag", "accent"))
        if view.moved[row]:
            badges.append(("mdi6.call-split", "accent"))
        label = ", ".join(view.names(row))
        folder, _slash, name = view.dataset.ids[row].rpartition("/")
        if not view.classes:
            label, name = name, folder
        return CellContent(
            label=label or _("no label"),
            name=name,
            split=_(SHORT_SPLIT_NAMES[split])
            if 0 < split < len(SHORT_SPLIT_NAMES)
            else "",
            excluded=bool(view.excluded[row]),
            badges=tuple(badges),
        )

    def tooltip(self, row: int) -> str:
        """The metadata of a sample that is known without reading it."""
        view = self._view
        if view is None:
            return ""
        id, split = view.dataset.ids[row], view.split(row)
        facts = [", ".join(view.names(row))] if split != EXCLUDED else []
        facts += [split_name(split)] if split >= 0 else []
        lines = [id, " · ".join(filter(None, facts))]
        if view.relabelled[row]:
            lines.append(_("The label was changed in this project."))
        lines += [each.message for some in view.findings.values() for each in some
                  if each.path == id]  # fmt: skip
        return "\n".join(lines)

    def _filter(self, wanted: SampleFilter) -> None:
        self._update_rows()
        self.grid.verticalScrollBar().setValue(0)
        self.filtered.emit(wanted)

    def _update_rows(self) -> None:
        view = self._view
        if view is None:
            return
        rows = view.rows(self.bar.filter)
        self.empty_label.setVisible(not len(rows))
        self.grid.show_rows(rows, len(view))
        self._count()

    def _count(self) -> None:
        if self._view is not None:
            selection = self.grid.selection
            view, total = len(selection.rows), len(self._view)
            self.bar.show_count(view, total, selection.count())

    def _open(self) -> None:
        rows = self.grid.selection.selected()
        if len(rows):
            self.opened.emit(int(rows[0]))

    def _place(self) -> QPoint:
        grid = self.grid
        current = max(grid.selection.current, 0)
        return grid.viewport().mapToGlobal(grid.cell_box(current).center())
