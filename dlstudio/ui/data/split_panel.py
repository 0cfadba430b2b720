"""Dividing the samples: shares by slider, groups, and what comes of it at once."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.plan import Split
from dlstudio.i18n import _
from dlstudio.ui.data.balance import part_colors
from dlstudio.ui.data.parts import PartsBar, PartsTable
from dlstudio.ui.data.shown import Shown
from dlstudio.ui.data.together import Together
from dlstudio.ui.data.words import PART_WORDS
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import SegmentedControl
from dlstudio.ui.widgets.labels import label
from dlstudio.ui.widgets.whole_box import WholeBox
from dlstudio.workers.dataset import PARTS

MOST = 60  # percent that a part beside training may have
REST_MS = 500


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
        every = (self.validation, self.test, self.stratify, self.seed)
        blocked = [QSignalBlocker(each) for each in every]
        self.mode.choose(split.mode if split.mode == "folders" else "random")
        self.mode.setVisible(has_folders or split.mode == "folders")
        self.validation.setValue(round(split.validation * 100))
        self.test.setValue(round(split.test * 100))
        self.stratify.setChecked(split.stratify)
        self.seed.setValue(min(max(split.seed, 0), 2**31 - 1))
        for each in blocked:
            each.unblock()
        self.together.show_split(split)
        self._show_shares()

    def show_data(self, shown: Shown | None) -> None:
        """Show what comes of it, class by class."""
        division = shown.division if shown is not None else None
        self.table.setVisible(division is not None)
        if shown is None or division is None:
            return
        self.problem.setText(division.problem)
        self.problem.setVisible(bool(division.problem))
        self.notes.setText("\n".join(division.notes))
        self.notes.setVisible(bool(division.notes))
        totals = tuple(division.counts.sum(axis=0).tolist())
        self._given = (
            bool((shown.dataset.splits == PARTS[1]).any()),
            bool((shown.dataset.splits == PARTS[2]).any()),
        )
        self._show_shares(totals)
        self.bar.show_counts(totals)
        self.table.show_division(division)
        self.together.show_groups(division.groups)

    def _make(self) -> None:
        self.mode = SegmentedControl(
            (("random", _("At random")), ("folders", _("As the folders say")))
        )
        self.validation = _slider(_("Validation"))
        self.test = _slider(_("Test"))
        self.shares = [label(""), label(""), label("")]
        self.bar = PartsBar(self._theme)
        self.stratify = QCheckBox(_("Each class alike"))
        self.stratify.setToolTip(_("Every part gets the same share of every class."))
        self.seed = WholeBox()
        self.seed.setRange(0, 2**31 - 1)
        self.seed.setAccessibleName(_("Seed"))
        self.seed.setMaximumWidth(96)
        self.seed.setToolTip(_("Another number divides otherwise; the same one alike."))
        self.seed.lineEdit().setAcceptDrops(False)  # files are for the room
        self.together = Together(self._theme)
        self.problem = label("", "bad", wrap=True)
        self.notes = label("", "muted", wrap=True)
        self.notes.hide()
        self.table = PartsTable(self._theme)

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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.mode)
        column.addWidget(self.bar)
        column.addLayout(grid)
        column.addLayout(chance)
        column.addWidget(self.together)
        column.addWidget(self.problem)
        column.addWidget(self.notes)
        column.addWidget(self.table, 1)
        column.addStretch(0)

    def _connect(self) -> None:
        for slider in (self.validation, self.test):
            slider.valueChanged.connect(self._moved)
            slider.sliderReleased.connect(self._commit)
        self.mode.chosen.connect(lambda mode: self._set(mode=mode))
        self.stratify.toggled.connect(lambda on: self._set(stratify=on))
        self.seed.valueChanged.connect(self._seed_typed)
        self.together.changed.connect(self._take)
        self.together.typed.connect(self._try)

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
        self.together.show_split(self._split)
        self._show_shares()
        self.tried.emit(self._split)
        if not mine.isSliderDown():
            self._rest.start()

    def _seed_typed(self) -> None:
        self._try(replace(self._split, seed=self.seed.value()))

    def _try(self, split: Split) -> None:
        self._split = split
        self.together.show_split(split)
        self.tried.emit(split)
        self._rest.start()

    def _set(self, **changed: object) -> None:
        self._take(replace(self._split, **changed))  # type: ignore[arg-type]

    def _take(self, split: Split) -> None:
        self._split = split
        self.together.show_split(split)
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


def _slider(name: str) -> QSlider:
    made = QSlider(Qt.Orientation.Horizontal)
    made.setRange(0, MOST)
    made.setPageStep(5)
    made.setAccessibleName(name)
    return made
