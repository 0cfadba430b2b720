"""A field for several objects of a family, with a check box for each."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from dlstudio.catalog.schema import Param
from dlstudio.catalog.store import Catalog
from dlstudio.document.values import Spec, Value
from dlstudio.i18n import _
from dlstudio.ui.forms.field import Field


class ObjectsField(Field):
    """Check boxes; objects without one (of other families) are preserved."""

    def __init__(
        self, param: Param, catalog: Catalog, parent: QWidget | None = None
    ) -> None:
        super().__init__(param, parent)
        self._values: tuple[Value, ...] = ()
        self._boxes: dict[str, QCheckBox] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for description in catalog.family(param.family):
            box = QCheckBox(_(description.name.replace("_", " ")), self)
            box.setToolTip(_(description.summary))
            box.clicked.connect(self._clicked)
            self._boxes[description.kind] = box
            column.addWidget(box)
        first = next(iter(self._boxes.values()), None)
        if first is not None:
            self.setFocusProxy(first)

    def show_value(self, value: Value, is_set: bool) -> None:
        self._values = value if isinstance(value, tuple) else ()
        kinds = {each.kind for each in self._values if isinstance(each, Spec)}
        for kind, box in self._boxes.items():
            box.setChecked(kind in kinds)

    def show_mixed(self) -> None:
        self.show_value((), is_set=False)

    def _clicked(self) -> None:
        selected = {kind for kind, box in self._boxes.items() if box.isChecked()}
        kept = tuple(
            each
            for each in self._values
            if not isinstance(each, Spec)
            or each.kind in selected
            or each.kind not in self._boxes
        )
        there = {each.kind for each in kept if isinstance(each, Spec)}
        new = tuple(Spec(kind) for kind in self._boxes if kind in selected - there)
        self.edited.emit((*kept, *new))
