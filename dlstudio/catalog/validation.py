"""Check parameters against a description: type, bounds, choices, nested objects.

Works on the document's frozen values by their shape, so that it needs neither Keras
nor the document.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import TypeAlias

from dlstudio.catalog.families import family_title
from dlstudio.catalog.nodes import NESTED
from dlstudio.catalog.schema import Description, Param
from dlstudio.catalog.store import Catalog
from dlstudio.catalog.value_checks import PLAIN_CHECKS, SpecLike, wrong
from dlstudio.errors import UserError
from dlstudio.i18n import _

_NestedCheck: TypeAlias = Callable[[Param, object, Catalog], str]


def check_params(
    description: Description, params: Mapping[str, object], catalog: Catalog
) -> list[tuple[str, str]]:
    """Errors in `params` as (parameter, message) pairs; empty when valid.

    Never raises, whatever the values are.

    Args:
        description: Description that declares the parameters.
        params: Parameters that differ from their defaults.
        catalog: Catalog for looking up nested layers and objects.
    """
    found = []
    for name, value in params.items():
        param = description.param(name)
        sentence = (
            check_value(param, value, catalog) if param else _unknown(description, name)
        )
        if sentence:
            found.append((name, sentence))
    found += [
        (param.name, _("{name} must be set.").format(name=param.name))
        for param in description.params
        if param.required and param.name not in params
    ]
    return found


def check_call(
    description: Description, call: Mapping[str, object], catalog: Catalog
) -> list[tuple[str, str]]:
    """Like `check_params`, for a node's call arguments.

    Args:
        description: Description of the layer.
        call: Values by argument name.
        catalog: As for `check_params`.
    """
    known = {param.name: param for param in description.call}
    found = []
    for name, value in call.items():
        if name in known:
            sentence = check_value(known[name], value, catalog)
        else:
            sentence = _("Calling {kind} takes no “{name}”.").format(
                kind=description.name, name=str(name)[:60]
            )
        if sentence:
            found.append((name, sentence))
    return found


def check_value(param: Param, value: object, catalog: Catalog) -> str:
    """The error message for one value; "" when it is valid.

    Args:
        param: Parameter that the value is for.
        value: Any value that a project file can hold.
        catalog: As for `check_params`.
    """
    if value is None:
        if param.optional or (param.type == "enum" and None in param.choices):
            return ""
        return _("{name} must be set.").format(name=param.name)
    if param.type in _NESTED:
        return _NESTED[param.type](param, value, catalog)
    if param.family and isinstance(value, SpecLike):
        return _object(param, value, catalog)
    return PLAIN_CHECKS[param.type](param, value)


def _unknown(description: Description, name: str) -> str:
    name = str(name)[:60]
    names = [param.name for param in description.params]
    near = difflib.get_close_matches(name, names, n=1)
    if near:
        return _("{kind} has no parameter “{name}”. Did you mean “{near}”?").format(
            kind=description.name, name=name, near=near[0]
        )
    return _("{kind} has no parameter “{name}”.").format(
        kind=description.name, name=name
    )


def _layer(param: Param, value: object, catalog: Catalog) -> str:
    if not isinstance(value, SpecLike):
        return wrong(param, value, _("a layer"))
    description = catalog.get(value.kind)
    nested = value.kind == NESTED
    if description is None or not (nested or description.family == "layers"):
        return wrong(param, value, _("a layer"))
    if param.choices:
        if value.kind not in param.choices:
            names = ", ".join(kind.rpartition(".")[2] for kind in param.choices)
            return wrong(param, value, _("one of {choices}").format(choices=names))
    elif description.extra.get("nested_only") or description.inputs.maximum == 0:
        return wrong(param, value, _("a layer that can be used on its own"))
    return _inside(param, description, value, catalog)


def _object(param: Param, value: object, catalog: Catalog) -> str:
    try:
        if isinstance(value, str):
            catalog.find(param.family, value)
            return ""
        if isinstance(value, SpecLike):
            description = catalog[value.kind]
            if fits_family(description, param.family):
                return _inside(param, description, value, catalog)
    except UserError as error:
        return f"{param.name}: {error}"
    return wrong(
        param,
        value,
        _("one of the {family}").format(family=family_title(param.family or "kinds")),
    )


def fits_family(description: Description, family: str) -> bool:
    """Whether it belongs to a family; activations include layers such as LeakyReLU."""
    return description.family == family or (
        family == "activations" and description.category == "activation"
    )


def _inside(
    param: Param, description: Description, value: SpecLike, catalog: Catalog
) -> str:
    problems = check_params(description, value.params, catalog)
    return f"{param.name}: {problems[0][1]}" if problems else ""


def _several(one: _NestedCheck) -> _NestedCheck:
    def check(param: Param, value: object, catalog: Catalog) -> str:
        if not isinstance(value, tuple):
            return wrong(param, value, _("a list"))
        if param.required and not value:
            return _("{name} needs at least one item.").format(name=param.name)
        return next((text for v in value if (text := one(param, v, catalog))), "")

    return check


_NESTED: dict[str, _NestedCheck] = {
    "layer": _layer,
    "layers": _several(_layer),
    "object": _object,
    "objects": _several(_object),
}
