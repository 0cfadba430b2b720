"""The filter bar above the gallery."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QVBoxLayout, QWidget

from dlstudio.catalog.findings import ORDER, finding_kind
from dlstudio.i18n import _
from dlstudio.ui.data.gallery.layout import IMAGE_SIZES
from dlstudio.ui.services.dataset.dataset_text import count_text, split_name
from dlstudio.ui.services.dataset.dataset_view import ALL, DatasetView, SampleFilter
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import ElidedLabel
from dlstudio.ui.widgets.search_field import SearchField
from dlstudio.workers.dataset import EXCLUDED, SPLITS


class FilterBar(QWidget):
    """Filters by name, split and finding; class and size filters come from the charts.

    Signals:
        filter_changed: Emitted with the new `SampleFilter`.
        size_requested: Emitted with one of the gallery's `IMAGE_SIZES`.
    """

    filter_changed = Signal(object)
    size_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filter = SampleFilter()
        self.search = SearchField(theme, _("Search file names"), self)
        self.search.setMinimumWidth(120)
        self.search.setAcceptDrops(False)  # file drops belong to the room
        self.split = QComboBox(self)
        self.split.setAccessibleName(_("Split"))
        self.finding = QComboBox(self)
        self.finding.setAccessibleName(_("Finding"))
        self.count = ElidedLabel("", "muted")
        self.clear = button(theme, _("Show all"), "link")
        keeps = self.clear.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)  # so that the layout stays stable
        self.clear.setSizePolicy(keeps)
        self.zoom = QSlider(Qt.Orientation.Horizontal, self)
        self.zoom.setRange(0, len(IMAGE_SIZES) - 1)
        self.zoom.setPageStep(1)
        self.zoom.setValue(2)
        self.zoom.setFixedWidth(96)
        self.zoom.setAccessibleName(_("Thumbnail size"))
        self.zoom.setToolTip(self.zoom.accessibleName())
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.search, 1)
        line.addWidget(self.split)
        line.addWidget(self.finding)
        status_row = QHBoxLayout()
        status_row.setSpacing(8)
        status_row.addWidget(self.count)
        status_row.addWidget(self.clear)
        status_row.addStretch(1)
        status_row.addWidget(self.zoom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(line)
        column.addLayout(status_row)
        self.split.addItem(_("All splits"), ALL)
        for split in (*range(len(SPLITS)), EXCLUDED):
            self.split.addItem(split_name(split), split)
        self.search.textChanged.connect(self._text)
        self.split.currentIndexChanged.connect(self._chosen)
        self.finding.currentIndexChanged.connect(self._chosen)
        self.clear.clicked.connect(self.show_all)
        self.zoom.valueChanged.connect(self._size)
        self.show_findings(None)

    def show_findings(self, shown: DatasetView | None) -> None:
        """Update the available kinds of findings."""
        kinds = shown.findings if shown is not None else {}
        named = [kind for kind in ORDER if kind in kinds]
        named += [kind for kind in kinds if kind not in ORDER]
        there = [
            kind
            for kind in named
            if shown is not None and shown.about(kinds[kind]).any()
        ]
        wanted = [("", _("All findings"))]
        wanted += [(k, f"{_(finding_kind(k).title)} ({len(kinds[k])})") for k in there]
        with QSignalBlocker(self.finding):
            self.finding.clear()
            for key, text in wanted:
                self.finding.addItem(text, key)
            at = self.finding.findData(self.filter.finding)
            self.finding.setCurrentIndex(max(at, 0))
        self.finding.setVisible(len(wanted) > 1)
        if at < 0:
            self.put(replace(self.filter, finding=""))

    def show_count(self, shown: int, total: int, selected: int) -> None:
        """Show the number of matching and of selected images.

        Args:
            shown: Number of images that match the filter.
            total: Number of all images.
            selected: Number of selected images.
        """
        text = count_text(total)
        if shown != total:
            text = _("{shown} of {total}").format(
                shown=f"{shown:,}", total=count_text(total)
            )
        if selected:
            chosen = _("{count} selected").format(count=f"{selected:,}")
            text = f"{chosen} · {text}"
        self.count.set_text(text)
        self.clear.setVisible(bool(self.filter))

    def put(self, wanted: SampleFilter) -> None:
        """Show a filter and emit `filter_changed`."""
        if wanted == self.filter:
            return
        self.filter = wanted
        with QSignalBlocker(self.search), QSignalBlocker(self.split):
            if self.search.text() != wanted.text:
                self.search.setText(wanted.text)
            self.split.setCurrentIndex(self.split.findData(wanted.split))
        with QSignalBlocker(self.finding):
            at = self.finding.findData(wanted.finding)
            self.finding.setCurrentIndex(max(at, 0))
        self.filter_changed.emit(wanted)

    def show_all(self) -> None:
        """Reset all filters."""
        self.put(SampleFilter())

    def show_size(self, side: int) -> None:
        """Select the current image size."""
        with QSignalBlocker(self.zoom):
            self.zoom.setValue(IMAGE_SIZES.index(side))

    def _text(self, text: str) -> None:
        self.put(replace(self.filter, text=text))

    def _chosen(self) -> None:
        split, finding = self.split.currentData(), self.finding.currentData()
        self.put(replace(self.filter, split=split, finding=finding or ""))

    def _size(self, number: int) -> None:
        self.size_requested.emit(IMAGE_SIZES[number])
