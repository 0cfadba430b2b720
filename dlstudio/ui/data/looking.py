"""What is looked at in the Data room: charts, findings and gallery lead to each other.

A click on a class, a size or a finding filters the gallery; a picture is opened large
over the charts and the gallery, so that what can be done stays in reach.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect
from PySide6.QtWidgets import QWidget

from dlstudio.catalog.findings import finding_kind
from dlstudio.i18n import _
from dlstudio.ui.data.charts import Charts
from dlstudio.ui.data.desk import DataDesk
from dlstudio.ui.data.findings_panel import FindingsPanel
from dlstudio.ui.data.gallery.panel import Gallery
from dlstudio.ui.data.large import LargeView
from dlstudio.ui.data.shown import Filter
from dlstudio.ui.studio import Studio
from dlstudio.workers.dataset import OUT, DatasetFinding


class Looking(QObject):
    """Connects what shows pictures."""

    def __init__(
        self,
        studio: Studio,
        desk: DataDesk,
        charts: Charts,
        gallery: Gallery,
        findings: FindingsPanel,
        large: LargeView,
        room: QWidget,
    ) -> None:
        super().__init__(room)
        self._studio = studio
        self._desk = desk
        self._charts, self._gallery, self._large = charts, gallery, large
        self._room = room
        self._wanted: str | None = None
        charts.classes.chosen.connect(self._choose_classes)
        charts.sizes.chosen.connect(self._choose_sizes)
        gallery.filtered.connect(self._filtered)
        gallery.opened.connect(self._open_large)
        large.walked.connect(gallery.grid.go_to)
        large.closed.connect(gallery.grid.setFocus)
        findings.seen.connect(self._see_findings)
        findings.pointed.connect(self._point)
        findings.out_seen.connect(self._see_out)

    def show_class(self, name: str) -> None:
        """Show the images of a class alone, once they are there; "" for all."""
        self._wanted = name
        self.show_wanted_class()

    def show_wanted_class(self) -> None:
        """Show what `show_class` asked for, now that there is newer data."""
        dataset, name = self._desk.dataset, self._wanted
        if name is not None and dataset is not None and dataset.complete:
            self._wanted = None
            wanted = frozenset([name]) if name else frozenset[str]()
            self._gallery.bar.put(Filter(classes=wanted))

    def place_large(self) -> None:
        """Over the charts and the gallery."""
        first, last = self._charts, self._gallery
        corner = first.mapTo(self._room, first.rect().topLeft())
        end = last.mapTo(self._room, last.rect().bottomRight())
        self._large.setGeometry(QRect(corner, end))

    def _choose_classes(self, names: frozenset[str]) -> None:
        self._gallery.show_filter(classes=names)

    def _choose_sizes(self, sizes: tuple[int, int] | None) -> None:
        self._gallery.show_filter(sizes=sizes)

    def _filtered(self, wanted: Filter) -> None:
        self._charts.classes.choose(wanted.classes)
        self._charts.sizes.choose(wanted.sizes)

    def _see_findings(self, kind: str) -> None:
        shown = self._desk.shown
        if shown is None:
            return
        found = shown.findings.get(kind, [])
        if shown.about(found).any():
            self._gallery.bar.put(Filter(finding=kind))
        else:
            names = frozenset(each.path for each in found)
            self._gallery.bar.put(Filter(classes=names & frozenset(shown.classes)))

    def _point(self, found: DatasetFinding) -> None:
        shown = self._desk.shown
        if shown is None:
            return
        row = shown.dataset.rows.get(found.path)
        if row is not None:
            if self._gallery.grid.selection.position_of(row) < 0:
                self._gallery.bar.show_all()
            self._gallery.grid.go_to(row)
        elif found.path in shown.classes:
            self._gallery.bar.put(Filter(classes=frozenset([found.path])))
        else:
            title = _(finding_kind(found.kind).title)
            self._studio.notices.info(f"{title}: {found.path} {found.message}")

    def _see_out(self) -> None:
        self._gallery.bar.put(Filter(part=OUT))

    def _open_large(self, row: int) -> None:
        rows = self._gallery.grid.selection.rows
        self.place_large()
        self._large.open(rows.tolist(), row)
