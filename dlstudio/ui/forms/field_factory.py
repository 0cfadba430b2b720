"""Maps parameter types to fields; register new parameter types here."""

from __future__ import annotations

from collections.abc import Callable

from dlstudio.catalog.schema import Param
from dlstudio.catalog.store import Catalog
from dlstudio.ui.forms.choice_fields import ChoiceField, MonitorField, SwitchField
from dlstudio.ui.forms.field import Field
from dlstudio.ui.forms.layers_field import LayersField
from dlstudio.ui.forms.lines_field import LinesField
from dlstudio.ui.forms.object_field import NestedFormFactory, ObjectField
from dlstudio.ui.forms.objects_field import ObjectsField
from dlstudio.ui.forms.path_field import PathField
from dlstudio.ui.forms.text_fields import SizeField, TextField

FieldFactory = Callable[[Param, Catalog, NestedFormFactory], Field]


def _plain(field: Callable[[Param], Field]) -> FieldFactory:
    return lambda param, _catalog, _nested: field(param)


def _size(param: Param, _catalog: Catalog, _nested: NestedFormFactory) -> Field:
    return SizeField(param) if (param.rank or 0) in (1, 2, 3) else TextField(param)


def _list(param: Param, _catalog: Catalog, _nested: NestedFormFactory) -> Field:
    return LinesField(param) if param.from_file else TextField(param)


FIELD_FACTORIES: dict[str, FieldFactory] = {
    "bool": _plain(SwitchField),
    "enum": _plain(ChoiceField),
    "monitor": _plain(MonitorField),
    "size": _size,
    "path": _plain(PathField),
    "list": _list,
    "object": ObjectField,
    "layer": ObjectField,
    "layers": LayersField,
    "objects": lambda param, catalog, _nested: ObjectsField(param, catalog),
}


def make_field(param: Param, catalog: Catalog, nested: NestedFormFactory) -> Field:
    """Create the field for a parameter; types without a field are edited as text.

    Args:
        param: The parameter to edit.
        catalog: Describes the available objects.
        nested: Creates the form of a selected object.
    """
    factory = FIELD_FACTORIES.get(param.type)
    return factory(param, catalog, nested) if factory else TextField(param)
