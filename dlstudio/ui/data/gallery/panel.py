"""The gallery: filters, pictures, and what can be done to them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QWidget

from dlstudio.i18n import _
from dlstudio.ui.data.deeds import Deeds
from dlstudio.ui.data.desk import DataDesk
from dlstudio.ui.data.filters import FilterBar
from dlstudio.ui.data.gallery.cell import Face
from dlstudio.ui.data.gallery.grid import Grid
from dlstudio.ui.data.gallery.menu import Actions
from dlstudio.ui.data.shown import Filter, Shown
from dlstudio.ui.data.words import SHORT_PARTS, part_word
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.dataset import OUT


class Gallery(Card):
    """Signals: `filtered` with the `Filter` of now; `opened` with a sample."""

    filtered = Signal(object)
    opened = Signal(int)

    def __init__(
        self,
        studio: Studio,
        desk: DataDesk,
        deeds: Deeds,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, margin=12)
        self._desk = desk
        self._shown: Shown | None = None
        self.bar = FilterBar(studio.theme, self)
        self.grid = Grid(studio.theme, desk.thumbnails, self.face, self.tip, self)
        self.grid.setAccessibleName(_("Pictures"))
        self.nothing = label(_("No picture is like that."), "muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.hide()
        self.body.addWidget(self.bar)
        self.body.addWidget(self.nothing)
        self.body.addWidget(self.grid, 1)
        self.actions_ = Actions(
            self.grid, studio.theme, desk, deeds, self.chosen, self._place, self._open
        )
        self.bar.wanted.connect(self._filter)
        self.bar.size_wanted.connect(self.grid.set_picture)
        self.grid.size_changed.connect(self.bar.show_size)
        self.grid.selected.connect(self._count)
        self.grid.opened.connect(self.opened)
        self.grid.menu_wanted.connect(self.actions_.show)

    def show_data(self, shown: Shown | None) -> None:
        """Show another data set, or newer facts of the same one."""
        before, self._shown = self._shown, shown
        if shown is None:
            self.grid.show_rows(self.grid.selection.rows[:0], 0)
            return
        if before is None or before.dataset is not shown.dataset:
            self.bar.show_all()
        self.bar.show_findings(shown)
        self._refill()

    def show_filter(self, **changed: object) -> None:
        """Change some of what is to be seen."""
        wanted: Filter = replace(self.bar.filter, **changed)  # type: ignore[arg-type]
        self.bar.put(wanted)

    def chosen(self) -> list[str]:
        """Ids of the selected samples."""
        if self._shown is None:
            return []
        ids = self._shown.dataset.ids
        return [ids[row] for row in self.grid.selection.selected().tolist()]

    def seek(self) -> None:
        """Type a file's name."""
        self.bar.search.setFocus()
        self.bar.search.selectAll()

    def face(self, row: int) -> Face:
        """What the cell of a sample says."""
        shown = self._shown
        assert shown is not None
        part = shown.part(row)
        badges = []
        if shown.left_out[row]:
            badges.append(("mdi6.eye-off", "text_muted"))
        if shown.flagged[row]:
            badges.append(("mdi6.exclamation-thick", "warning"))
        if shown.relabelled[row]:
            badges.append(("mdi6.tag", "accent"))
        if shown.moved[row]:
            badges.append(("mdi6.call-split", "accent"))
        return Face(
            label=", ".join(shown.names(row)) or _("no label"),
            name=shown.dataset.ids[row].rpartition("/")[2],
            part=_(SHORT_PARTS[part]) if 0 < part < len(SHORT_PARTS) else "",
            out=bool(shown.left_out[row]),
            badges=tuple(badges),
        )

    def tip(self, row: int) -> str:
        """All that is known of a sample without reading it."""
        shown = self._shown
        if shown is None:
            return ""
        id, part = shown.dataset.ids[row], shown.part(row)
        lines = [id, ", ".join(shown.names(row))]
        if part >= 0:
            lines[1] += f" · {part_word(part)}"
        if part == OUT:
            lines[1] = part_word(OUT)
        if shown.relabelled[row]:
            lines.append(_("The label was changed here."))
        lines += [each.message for some in shown.findings.values() for each in some
                  if each.path == id]  # fmt: skip
        return "\n".join(lines)

    def _filter(self, wanted: Filter) -> None:
        self._refill()
        self.grid.verticalScrollBar().setValue(0)
        self.filtered.emit(wanted)

    def _refill(self) -> None:
        shown = self._shown
        if shown is None:
            return
        rows = shown.rows(self.bar.filter)
        self.nothing.setVisible(not len(rows))
        self.grid.show_rows(rows, len(shown))
        self._count()

    def _count(self) -> None:
        if self._shown is not None:
            selection = self.grid.selection
            shown, total = len(selection.rows), len(self._shown)
            self.bar.show_count(shown, total, selection.count())

    def _open(self) -> None:
        rows = self.grid.selection.selected()
        if len(rows):
            self.opened.emit(int(rows[0]))

    def _place(self) -> QPoint:
        grid = self.grid
        current = max(grid.selection.current, 0)
        return grid.viewport().mapToGlobal(grid.cell_box(current).center())
