"""Form for grouped splits: which images stay in one split."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from dlstudio.document.plan import Split
from dlstudio.i18n import _, ngettext
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.integer_spin_box import IntegerSpinBox
from dlstudio.ui.widgets.labels import heading, label
from dlstudio.ui.widgets.no_wheel_combo_box import NoWheelComboBox


class GroupSplitForm(QWidget):
    """Edits the groups of a `Split`.

    Signals:
        changed: Emitted with the new `Split`.
        typed: Emitted with a `Split` while a number is still being typed.
    """

    changed = Signal(object)
    typed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._split = Split()
        self.group_by = NoWheelComboBox()
        self.group_by.setAccessibleName(_("Keep in one split"))
        for key, text in (
            ("", _("No grouping")),
            ("folder", _("Images in the same folder")),
            ("name", _("File names that match a pattern")),
        ):
            self.group_by.addItem(text, key)
        self.level = IntegerSpinBox()
        self.level.setRange(1, 9)
        self.level.setAccessibleName(_("Folder level"))
        self.level.setToolTip(
            _("1 is the folder that contains the image, 2 is its parent folder.")
        )
        self.pattern = QLineEdit()
        self.pattern.setPlaceholderText("^[^_]+")
        self.pattern.setAccessibleName(_("Pattern"))
        self.pattern.setToolTip(
            _(
                "A regular expression. Images whose file names give the same match "
                "stay in one split."
            )
        )
        self.groups = label("", "muted", wrap=True)
        for each in (self.pattern, self.level.lineEdit()):
            each.setAcceptDrops(False)  # file drops belong to the room
        row = QHBoxLayout()
        row.addWidget(self.group_by, 1)
        row.addWidget(self.level)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(heading(theme, _("Keep in one split")))
        column.addLayout(row)
        column.addWidget(self.pattern)
        column.addWidget(self.groups)
        self.group_by.currentIndexChanged.connect(self._grouped)
        self.level.valueChanged.connect(self._level_typed)
        self.pattern.editingFinished.connect(self._pattern_typed)
        self.show_split(self._split)
        self.show_groups(0)

    def show_split(self, split: Split) -> None:
        """Show a split without emitting a signal."""
        self._split = split
        every = (self.group_by, self.level, self.pattern)
        blocked = [QSignalBlocker(each) for each in every]
        self.group_by.setCurrentIndex(max(0, self.group_by.findData(split.group_by)))
        self.level.setValue(split.group_level)
        self.pattern.setText(split.group_pattern)
        for each in blocked:
            each.unblock()
        self.level.setVisible(split.group_by == "folder")
        self.pattern.setVisible(split.group_by == "name")

    def show_groups(self, count: int) -> None:
        """Show the number of groups; 0 if each image is its own group."""
        text = ngettext(
            "{count} group, kept in one split.",
            "{count} groups, each kept in one split.",
            count,
        )
        self.groups.setText(text.format(count=f"{count:,}"))
        self.groups.setVisible(bool(count))

    def _grouped(self) -> None:
        way = self.group_by.currentData()
        pattern = self._split.group_pattern
        if way == "name" and not pattern:
            pattern = self.pattern.placeholderText()
        split = replace(self._split, group_by=way, group_pattern=pattern)
        self.show_split(split)
        self.changed.emit(split)

    def _level_typed(self) -> None:
        self._split = replace(self._split, group_level=self.level.value())
        self.typed.emit(self._split)

    def _pattern_typed(self) -> None:
        pattern = self.pattern.text().strip()
        if pattern != self._split.group_pattern:
            self._split = replace(self._split, group_pattern=pattern)
            self.changed.emit(self._split)
