"""Connects charts, findings, gallery and image viewer of the Data room.

Clicking a class, a size or a finding filters the gallery; the viewer covers only the
charts and the gallery, so that the actions remain accessible.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QRect
from PySide6.QtWidgets import QWidget

from dlstudio.catalog.findings import finding_kind
from dlstudio.i18n import _
from dlstudio.labelled_text import labelled
from dlstudio.ui.data.charts import DataCharts
from dlstudio.ui.data.findings_panel import FindingsPanel
from dlstudio.ui.data.gallery.panel import Gallery
from dlstudio.ui.data.image_viewer import ImageViewer
from dlstudio.ui.services.dataset.dataset_controller import DatasetController
from dlstudio.ui.services.dataset.dataset_view import SampleFilter
from dlstudio.ui.studio import Studio
from dlstudio.workers.dataset import EXCLUDED, DatasetFinding


class DataRoomCoordinator(QObject):
    """Connects the widgets that show images.

    Args:
        studio: The window's services, theme and navigation.
        controller: State of the open dataset.
        charts: Class counts and image sizes.
        gallery: The image gallery.
        findings: Problems in the dataset.
        viewer: Overlay for a single image.
        room: The room that contains these widgets.
    """

    def __init__(
        self,
        studio: Studio,
        controller: DatasetController,
        charts: DataCharts,
        gallery: Gallery,
        findings: FindingsPanel,
        viewer: ImageViewer,
        room: QWidget,
    ) -> None:
        super().__init__(room)
        self._studio = studio
        self._controller = controller
        self._charts, self._gallery, self._viewer = charts, gallery, viewer
        self._room = room
        self._pending_class: str | None = None
        self._pending_sample = ""
        charts.classes.chosen.connect(self._choose_classes)
        charts.sizes.chosen.connect(self._choose_sizes)
        gallery.filtered.connect(self._filtered)
        gallery.opened.connect(self._open_viewer)
        viewer.navigated.connect(gallery.grid.go_to)
        viewer.closed.connect(gallery.grid.setFocus)
        findings.show_requested.connect(self._show_findings)
        findings.finding_selected.connect(self._select_finding)
        findings.show_excluded_requested.connect(self._show_excluded)

    def show_class(self, name: str) -> None:
        """Show only the images of one class once they are loaded; "" for all."""
        self._pending_class = name
        self.show_wanted_class()

    def show_wanted_class(self) -> None:
        """Apply the class passed to `show_class`, now that the data is available."""
        dataset, name = self._controller.dataset, self._pending_class
        if name is not None and dataset is not None and dataset.complete:
            self._pending_class = None
            wanted = frozenset([name]) if name else frozenset[str]()
            self._gallery.bar.put(SampleFilter(classes=wanted))

    def show_sample(self, name: str) -> None:
        """Show an image in the gallery once it is loaded, if it is there."""
        self._pending_sample = name
        self.show_wanted_sample()

    def show_wanted_sample(self) -> None:
        """Apply the name passed to `show_sample`, now that the data is available."""
        dataset, name = self._controller.dataset, self._pending_sample
        if name and dataset is not None and dataset.complete:
            self._pending_sample = ""
            row = dataset.rows.get(name)
            if row is not None:
                self._gallery.bar.show_all()
                self._gallery.grid.go_to(row)

    def place_viewer(self) -> None:
        """Place the viewer over the charts and the gallery."""
        first, last = self._charts, self._gallery
        corner = first.mapTo(self._room, first.rect().topLeft())
        end = last.mapTo(self._room, last.rect().bottomRight())
        self._viewer.setGeometry(QRect(corner, end))

    def _choose_classes(self, names: frozenset[str]) -> None:
        self._gallery.show_filter(replace(self._gallery.filter, classes=names))

    def _choose_sizes(self, sizes: tuple[int, int] | None) -> None:
        self._gallery.show_filter(replace(self._gallery.filter, sizes=sizes))

    def _filtered(self, wanted: SampleFilter) -> None:
        self._charts.classes.choose(wanted.classes)
        self._charts.sizes.choose(wanted.sizes)

    def _show_findings(self, kind: str) -> None:
        view = self._controller.view
        if view is None:
            return
        found = view.findings.get(kind, [])
        if view.about(found).any():
            self._gallery.bar.put(SampleFilter(finding=kind))
        else:
            names = frozenset(each.path for each in found)
            self._gallery.bar.put(SampleFilter(classes=names & frozenset(view.classes)))

    def _select_finding(self, found: DatasetFinding) -> None:
        view = self._controller.view
        if view is None:
            return
        row = view.dataset.rows.get(found.path)
        if row is not None:
            if self._gallery.grid.selection.position_of(row) < 0:
                self._gallery.bar.show_all()
            self._gallery.grid.go_to(row)
        elif found.path in view.classes:
            self._gallery.bar.put(SampleFilter(classes=frozenset([found.path])))
        else:
            title = _(finding_kind(found.kind).title)
            self._studio.notices.info(labelled(title, f"{found.path} {found.message}"))

    def _show_excluded(self) -> None:
        self._gallery.bar.put(SampleFilter(split=EXCLUDED))

    def _open_viewer(self, row: int) -> None:
        rows = self._gallery.grid.selection.rows
        self.place_viewer()
        self._viewer.open(rows.tolist(), row)
