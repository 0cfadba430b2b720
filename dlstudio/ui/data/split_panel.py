"""Dividing the samples: shares by slider, groups, and what comes of it at once."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QSlider,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.plan import Split
from dlstudio.i18n import _, ngettext
from dlstudio.ui.data.balance import part_colors
from dlstudio.ui.data.shown import Shown
from dlstudio.ui.data.words import PART_WORDS
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import SegmentedControl
from dlstudio.ui.widgets.labels import heading, label
from dlstudio.workers.dataset import PARTS

MOST = 60  # percent that a part beside training may have
REST_MS = 500
SHOWN_CLASSES = 300


class PartsBar(QWidget):
    """Three colours beside each other, as wide as the parts are large."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colors = part_colors(theme)
        self._counts = (1, 0, 0)
        self.setFixedHeight(10)
        self.setAccessibleName(_("Parts"))

    def show_counts(self, counts: tuple[int, ...]) -> None:
        """Show how many samples each part has."""
        self._counts = (counts[0], counts[1], counts[2])
        told = [f"{_(w)} {n:,}" for w, n in zip(PART_WORDS, counts, strict=True)]
        self.setAccessibleDescription(", ".join(told))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw them."""
        painter = QPainter(self)
        total = sum(self._counts) or 1
        x = 0.0
        for count, color in zip(self._counts, self._colors, strict=True):
            wide = self.width() * count / total
            right = round(x + wide)
            painter.fillRect(round(x), 0, right - round(x), 10, QColor(color))
            x += wide


class SplitPanel(QWidget):
    """Shows and changes a `Split`.

    Signals:
        tried: A `Split` while a slider is moved.
        changed: A `Split` that is to be the project's.
    """

    tried = Signal(object)
    changed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._split = Split()
        self._given = (False, False)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._commit)
        self._make()
        self._lay_out()
        self._connect()
        self.show_split(self._split, False)

    def show_split(self, split: Split, has_folders: bool) -> None:
        """Show a split without telling it.

        Args:
            has_folders: The source itself says what is for training and testing.
        """
        self._split = split
        self._rest.stop()
        every = (self.validation, self.test, self.stratify, self.seed, self.group_by,
                 self.level, self.pattern)  # fmt: skip
        blocked = [QSignalBlocker(each) for each in every]
        self.mode.choose(split.mode if split.mode == "folders" else "random")
        self.mode.setVisible(has_folders or split.mode == "folders")
        self.validation.setValue(round(split.validation * 100))
        self.test.setValue(round(split.test * 100))
        self.stratify.setChecked(split.stratify)
        self.seed.setValue(min(max(split.seed, 0), 2**31 - 1))
        self.group_by.setCurrentIndex(max(0, self.group_by.findData(split.group_by)))
        self.level.setValue(split.group_level)
        self.pattern.setText(split.group_pattern)
        for each in blocked:
            each.unblock()
        self._show_shares()

    def show_data(self, shown: Shown | None) -> None:
        """Show what comes of it, class by class."""
        division = shown.division if shown is not None else None
        self.table.setVisible(division is not None)
        if division is None:
            return
        self.problem.setText(division.problem)
        self.problem.setVisible(bool(division.problem))
        totals = tuple(division.counts.sum(axis=0).tolist())
        assert shown is not None
        self._given = (
            bool((shown.dataset.splits == PARTS[1]).any()),
            bool((shown.dataset.splits == PARTS[2]).any()),
        )
        self._show_shares(totals)
        self.bar.show_counts(totals)
        self._show_table(division.classes, division.counts.tolist(), totals)
        self.groups.setVisible(bool(division.groups))
        text = ngettext(
            "{count} group stays together.",
            "{count} groups, each of which stays together.",
            division.groups,
        )
        self.groups.setText(text.format(count=f"{division.groups:,}"))

    def _make(self) -> None:
        self.mode = SegmentedControl(
            (("random", _("At random")), ("folders", _("As the folders say")))
        )
        self.validation = self._slider(_("Validation"))
        self.test = self._slider(_("Test"))
        self.shares = [label(""), label(""), label("")]
        self.bar = PartsBar(self._theme)
        self.stratify = QCheckBox(_("Each class alike"))
        self.stratify.setToolTip(_("Every part gets the same share of every class."))
        self.seed = QSpinBox()
        self.seed.setRange(0, 2**31 - 1)
        self.seed.setAccessibleName(_("Seed"))
        self.seed.setMaximumWidth(96)
        self.seed.setToolTip(_("Another number divides otherwise; the same one alike."))
        self.group_by = QComboBox()
        self.group_by.setAccessibleName(_("What stays together"))
        for key, text in (
            ("", _("Each picture by itself")),
            ("folder", _("Pictures of one folder")),
            ("name", _("By a pattern in the name")),
        ):
            self.group_by.addItem(text, key)
        self.level = QSpinBox()
        self.level.setRange(1, 9)
        self.level.setAccessibleName(_("Folders above the picture"))
        self.level.setToolTip(
            _("1 is the folder that the picture lies in, 2 the one around it.")
        )
        self.pattern = QLineEdit()
        self.pattern.setPlaceholderText("^[^_]+")
        self.pattern.setAccessibleName(_("Pattern"))
        self.pattern.setToolTip(
            _("A regular expression; names for which it finds the same stay together.")
        )
        for each in (self.pattern, self.seed.lineEdit(), self.level.lineEdit()):
            each.setAcceptDrops(False)  # files are for the room
        self.groups = label("", "muted", wrap=True)
        self.problem = label("", "bad", wrap=True)
        self.table = self._make_table()

    def _slider(self, name: str) -> QSlider:
        made = QSlider(Qt.Orientation.Horizontal)
        made.setRange(0, MOST)
        made.setPageStep(5)
        made.setAccessibleName(name)
        return made

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 4)
        words = [_("Class"), *(_(word) for word in PART_WORDS)]
        table.setHorizontalHeaderLabels(words)
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        title = QTableWidgetItem(_("Class"))
        title.setTextAlignment(left)
        table.setHorizontalHeaderItem(0, title)
        table.verticalHeader().setDefaultSectionSize(26)
        table.setAccessibleName(_("Pictures of each class and part"))
        return table

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        colors = part_colors(self._theme)
        for line, word in enumerate(PART_WORDS):
            dot = label("●")
            dot.setStyleSheet(f"color: {colors[line]};")
            grid.addWidget(dot, line, 0)
            grid.addWidget(label(_(word)), line, 1)
            grid.addWidget(self.shares[line], line, 3, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self.validation, 1, 2)
        grid.addWidget(self.test, 2, 2)
        grid.setColumnStretch(2, 1)
        chance = QHBoxLayout()
        chance.addWidget(self.stratify, 1)
        chance.addWidget(label(_("Seed"), "muted"))
        chance.addWidget(self.seed)
        group = QHBoxLayout()
        group.addWidget(self.group_by, 1)
        group.addWidget(self.level)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.mode)
        column.addWidget(self.bar)
        column.addLayout(grid)
        column.addLayout(chance)
        column.addWidget(heading(self._theme, _("Stays together")))
        column.addLayout(group)
        column.addWidget(self.pattern)
        column.addWidget(self.groups)
        column.addWidget(self.problem)
        column.addWidget(self.table, 1)
        column.addStretch(0)

    def _connect(self) -> None:
        for slider in (self.validation, self.test):
            slider.valueChanged.connect(self._moved)
            slider.sliderReleased.connect(self._commit)
        self.mode.chosen.connect(lambda mode: self._set(mode=mode))
        self.stratify.toggled.connect(lambda on: self._set(stratify=on))
        self.seed.valueChanged.connect(self._typed)
        self.level.valueChanged.connect(self._typed)
        self.group_by.currentIndexChanged.connect(self._grouped)
        self.pattern.editingFinished.connect(self._typed_pattern)

    def _moved(self) -> None:
        """A slider moves: the other gives way, so that training keeps a share."""
        mine = self.test if self.sender() is self.test else self.validation
        other = self.validation if mine is self.test else self.test
        if mine.value() + other.value() > 90:
            with QSignalBlocker(other):
                other.setValue(90 - mine.value())
        self._split = replace(
            self._split,
            validation=self.validation.value() / 100,
            test=self.test.value() / 100,
        )
        self._show_shares()
        self.tried.emit(self._split)
        if not mine.isSliderDown():
            self._rest.start()

    def _typed(self) -> None:
        self._split = replace(
            self._split, seed=self.seed.value(), group_level=self.level.value()
        )
        self.tried.emit(self._split)
        self._rest.start()

    def _typed_pattern(self) -> None:
        self._set(group_pattern=self.pattern.text().strip())

    def _grouped(self) -> None:
        way = self.group_by.currentData()
        pattern = self._split.group_pattern
        if way == "name" and not pattern:
            pattern = self.pattern.placeholderText()
        self._set(group_by=way, group_pattern=pattern)

    def _set(self, **changed: object) -> None:
        self._split = replace(self._split, **changed)  # type: ignore[arg-type]
        self._show_shares()
        self._commit()

    def _commit(self) -> None:
        self._rest.stop()
        self.changed.emit(self._split)

    def _show_shares(self, totals: tuple[int, ...] = ()) -> None:
        """What each part gets: as the folders give it, or as is wanted."""
        split = self._split
        folders = split.mode == "folders"
        shares = [1 - split.validation - split.test, split.validation, split.test]
        whole = sum(totals)
        if folders and whole:
            shares = [count / whole for count in totals]
        for shown, share in zip(self.shares, shares, strict=True):
            shown.setText(f"{share:.0%}")
        sliders = (self.validation, self.test)
        for slider, given in zip(sliders, self._given, strict=True):
            slider.setVisible(not (folders and given))
        self.level.setVisible(split.group_by == "folder")
        self.pattern.setVisible(split.group_by == "name")

    def _show_table(
        self,
        classes: tuple[str, ...],
        counts: list[list[int]],
        totals: tuple[int, ...],
    ) -> None:
        lines = [(_("All"), list(totals)), *zip(classes, counts, strict=True)]
        lines = lines[:SHOWN_CLASSES]
        self.table.setRowCount(len(lines))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row, (name, numbers) in enumerate(lines):
            for column, text in enumerate([name, *(f"{n:,}" for n in numbers)]):
                item = QTableWidgetItem(text)
                if column:
                    item.setTextAlignment(right)
                if row and column and text == "0":
                    item.setForeground(QColor(self._theme.colors.warning))
                self.table.setItem(row, column, item)
