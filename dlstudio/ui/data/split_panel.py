"""Form for the split: fractions, groups, and a preview of the result."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
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
from dlstudio.percent_text import percent
from dlstudio.ui.data.class_chart import split_colors
from dlstudio.ui.data.group_split import GroupSplitForm
from dlstudio.ui.data.split_table import SplitBar, SplitTable
from dlstudio.ui.services.dataset.dataset_text import SPLIT_NAMES
from dlstudio.ui.services.dataset.dataset_view import DatasetView
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import SegmentedControl
from dlstudio.ui.widgets.integer_spin_box import IntegerSpinBox
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.dataset import SPLITS, DatasetSplit

MAX_PERCENT = 60  # upper limit of the validation and of the test split, in percent
DEBOUNCE_MS = 500


class SplitPanel(QWidget):
    """Shows and edits a `Split`.

    Args:
        theme: Colours and sizes.
        of_table: Whether rows of a table are split, which have no folders or groups.

    Signals:
        previewed: Emitted with a `Split` while a slider moves.
        changed: Emitted with the `Split` to apply to the project.
    """

    previewed = Signal(object)
    changed = Signal(object)

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, *, of_table: bool = False
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._of_table = of_table
        self._split = Split()
        self._has_given_splits = (False, False)
        self._debounce = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._debounce.timeout.connect(self._commit)
        self._make_widgets()
        self._lay_out()
        self._connect()
        self.show_split(self._split, False)

    def show_split(self, split: Split, has_folders: bool) -> None:
        """Show a split without emitting a signal.

        Args:
            has_folders: Whether the source itself defines training and test data.
        """
        self._split = split
        self._debounce.stop()
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
        self.group_split.show_split(split)
        self._show_shares()

    def show_data(self, view: DatasetView | None) -> None:
        """Show the resulting counts per class."""
        dataset_split = view.dataset_split if view is not None else None
        self.table.setVisible(dataset_split is not None)
        self.stratify.setVisible(view is None or bool(view.classes))
        if view is not None and dataset_split is not None:
            self.show_counts(dataset_split, view.dataset.splits)

    def show_counts(
        self, dataset_split: DatasetSplit, given: npt.NDArray[np.str_]
    ) -> None:
        """Show a resulting split.

        Args:
            dataset_split: Its counts per class, and what is wrong with it.
            given: The split of each sample as the source says, strings (n,).
        """
        self.problem.setText(dataset_split.problem)
        self.problem.setVisible(bool(dataset_split.problem))
        self.notes.setText("\n".join(dataset_split.notes))
        self.notes.setVisible(bool(dataset_split.notes))
        totals = tuple(dataset_split.counts.sum(axis=0).tolist())
        self._has_given_splits = (
            bool((given == SPLITS[1]).any()),
            bool((given == SPLITS[2]).any()),
        )
        self._show_shares(totals)
        self.bar.show_counts(totals)
        self.table.show_split_counts(dataset_split)
        self.group_split.show_groups(dataset_split.groups)

    def _make_widgets(self) -> None:
        given = _("From the table") if self._of_table else _("From folders")
        self.mode = SegmentedControl((("random", _("Random")), ("folders", given)))
        self.validation = _slider(_("Validation"))
        self.test = _slider(_("Test"))
        self.shares = [label(""), label(""), label("")]
        self.bar = SplitBar(self._theme)
        by = _("Stratify by target") if self._of_table else _("Stratify by class")
        self.stratify = QCheckBox(by)
        self.stratify.setToolTip(_("Every split gets the same share of each class."))
        if self._of_table:
            self.stratify.setToolTip(
                _("Every split gets the same share of each class, or of each range.")
            )
        self.seed = IntegerSpinBox()
        self.seed.setRange(0, 2**31 - 1)
        self.seed.setAccessibleName(_("Seed"))
        self.seed.setMaximumWidth(96)
        self.seed.setToolTip(_("The same seed gives the same split."))
        self.seed.lineEdit().setAcceptDrops(False)  # file drops belong to the room
        self.group_split = GroupSplitForm(self._theme)
        if self._of_table:
            self.group_split.hide()
        self.problem = label("", "bad", wrap=True)
        self.notes = label("", "muted", wrap=True)
        self.notes.hide()
        self.table = SplitTable(self._theme)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        colors = split_colors(self._theme)
        for line, word in enumerate(SPLIT_NAMES):
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
        column.addWidget(self.group_split)
        column.addWidget(self.problem)
        column.addWidget(self.notes)
        column.addWidget(self.table, 1)
        column.addStretch(0)

    def _connect(self) -> None:
        for slider in (self.validation, self.test):
            slider.valueChanged.connect(self._slider_moved)
            slider.sliderReleased.connect(self._commit)
        self.mode.chosen.connect(
            lambda mode: self._set_split(replace(self._split, mode=mode))
        )
        self.stratify.toggled.connect(
            lambda on: self._set_split(replace(self._split, stratify=on))
        )
        self.seed.valueChanged.connect(self._seed_typed)
        self.group_split.changed.connect(self._set_split)
        self.group_split.typed.connect(self._preview_split)

    def _slider_moved(self) -> None:
        """Limit the other slider so that the training split keeps a share."""
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
        self.group_split.show_split(self._split)
        self._show_shares()
        self.previewed.emit(self._split)
        if not mine.isSliderDown():
            self._debounce.start()

    def _seed_typed(self) -> None:
        self._preview_split(replace(self._split, seed=self.seed.value()))

    def _preview_split(self, split: Split) -> None:
        self._split = split
        self.group_split.show_split(split)
        self.previewed.emit(split)
        self._debounce.start()

    def _set_split(self, split: Split) -> None:
        self._split = split
        self.group_split.show_split(split)
        self._show_shares()
        self._commit()

    def _commit(self) -> None:
        self._debounce.stop()
        self.changed.emit(self._split)

    def _show_shares(self, totals: tuple[int, ...] = ()) -> None:
        """Show each split's share: from the folders, or as set."""
        split = self._split
        folders = split.mode == "folders"
        shares = [1 - split.validation - split.test, split.validation, split.test]
        whole = sum(totals)
        if folders and whole:
            shares = [count / whole for count in totals]
        for view, share in zip(self.shares, shares, strict=True):
            view.setText(percent(share, 0))
        sliders = (self.validation, self.test)
        for slider, is_given in zip(sliders, self._has_given_splits, strict=True):
            slider.setVisible(not (folders and is_given))


def _slider(name: str) -> QSlider:
    made = QSlider(Qt.Orientation.Horizontal)
    made.setRange(0, MAX_PERCENT)
    made.setPageStep(5)
    made.setAccessibleName(name)
    return made
