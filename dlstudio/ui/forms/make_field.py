"""Which field shows which kind of parameter: the one place to touch for a new one."""

from __future__ import annotations

from collections.abc import Callable

from dlstudio.catalog.schema import Param
from dlstudio.catalog.store import Catalog
from dlstudio.ui.forms.cells import LayersField
from dlstudio.ui.forms.chosen import ChoiceField, MonitorField, SwitchField
from dlstudio.ui.forms.field import Field
from dlstudio.ui.forms.nested import NestedMaker, ObjectField
from dlstudio.ui.forms.path_field import PathField
from dlstudio.ui.forms.several import ObjectsField
from dlstudio.ui.forms.typed import SizeField, TextField

Maker = Callable[[Param, Catalog, NestedMaker], Field]


def _plain(field: Callable[[Param], Field]) -> Maker:
    return lambda param, _catalog, _nested: field(param)


def _size(param: Param, _catalog: Catalog, _nested: NestedMaker) -> Field:
    return SizeField(param) if (param.rank or 0) in (1, 2, 3) else TextField(param)


MAKERS: dict[str, Maker] = {
    "bool": _plain(SwitchField),
    "enum": _plain(ChoiceField),
    "monitor": _plain(MonitorField),
    "size": _size,
    "path": _plain(PathField),
    "object": ObjectField,
    "layer": ObjectField,
    "layers": LayersField,
    "objects": lambda param, catalog, _nested: ObjectsField(param, catalog),
}


def make_field(param: Param, catalog: Catalog, nested: NestedMaker) -> Field:
    """The field for a parameter; what has no field of its own is typed as text."""
    maker = MAKERS.get(param.type)
    return maker(param, catalog, nested) if maker else TextField(param)
