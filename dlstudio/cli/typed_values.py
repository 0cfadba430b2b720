"""Parsing values of the command line by the description of their parameter."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonValue

if TYPE_CHECKING:
    from dlstudio.catalog.schema import Description, Param
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.values import Params, Value

LISTS = ("list", "size", "shape", "margins", "range", "pair", "layers", "objects")
TRUTH = {"true": True, "yes": True, "on": True, "1": True} | {
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}
NOTHING = ("null", "none")


def split_setting(text: str, example: str) -> tuple[str, str]:
    """Split "key=value" into key and value.

    Raises:
        UserError: The text is not in this form.
    """
    key, equals, value = text.partition("=")
    if equals and key.strip():
        return key.strip(), value
    raise UserError(
        _("“{setting}” is not a valid setting.").format(setting=text),
        _("Write key=value, such as {example}.").format(example=example),
    )


def json_or_text(text: str) -> JsonValue:
    """Parse as JSON if valid, else return the text."""
    try:
        value: JsonValue = json.loads(text)
        return value
    except (ValueError, RecursionError):
        return text


def field_value(text: str) -> JsonValue:
    """The JSON form of a field's value; decimals stay text, for the field to parse."""
    value = json_or_text(text)
    return text if isinstance(value, float) else value


def typed_value(param: Param, text: str, catalog: Catalog) -> Value:
    """Parse a parameter's value; bounds are not checked.

    Args:
        param: Parameter that the value is for.
        text: Value as typed.
        catalog: Catalog for looking up layers and objects by name.

    Raises:
        UserError: It names an unknown kind, is not a number where one is expected, or
            cannot be stored in a project.
    """
    from dlstudio.catalog.typed_numbers import is_typed_number, typed_number
    from dlstudio.document.values import freeze

    plain = text.strip()
    if plain.lower() in NOTHING and _may_be_none(param):
        return None
    if is_typed_number(param, plain):
        try:
            return typed_number(param, plain)
        except UserError as error:
            raise UserError(f"{param.name}: {error.message}", error.hint) from None
    if param.type == "list" and plain.startswith("@"):
        return freeze(_lines(plain[1:]))
    if param.type in LISTS:
        return freeze(_list(param, plain, catalog))
    return freeze(_single(param, text, catalog))


def _lines(path: str) -> list[str]:
    """The lines of a file that are not blank, as a list of texts."""
    from pathlib import Path

    from dlstudio.data.tables.file_lines import file_lines

    return list(file_lines(Path(path).expanduser()))


def _may_be_none(param: Param) -> bool:
    return param.optional or None in param.choices


def _list(param: Param, text: str, catalog: Catalog) -> object:
    value = json_or_text(text) if text else []
    if isinstance(value, str) and ("," in value or param.type in ("list", "layers")):
        value = [json_or_text(word.strip()) for word in value.split(",")]
    if param.type == "list" and not isinstance(value, list):
        value = [value]
    if param.type == "list" and isinstance(value, list):
        return [each if isinstance(each, str) else json.dumps(each) for each in value]
    if param.type == "layers" and isinstance(value, list):
        return [_layer(each, catalog) for each in value]
    return value


def _single(param: Param, text: str, catalog: Catalog) -> object:
    plain = text.strip()
    if param.type in ("text", "path"):
        return text
    if param.type == "bool" and plain.lower() in TRUTH:
        return TRUTH[plain.lower()]
    if param.type == "enum" and plain in param.choices:
        return plain
    value = json_or_text(plain)
    if param.type == "layer":
        return _layer(value, catalog)
    return value


def _layer(value: object, catalog: Catalog) -> object:
    if not isinstance(value, str):
        return value
    from dlstudio.document.graph import Graph
    from dlstudio.document.new_node import new_node
    from dlstudio.document.values import Spec

    node = new_node(catalog.find("layers", value), Graph(), (0.0, 0.0))
    return Spec(node.kind, node.params)


def checked_value(param: Param, text: str, catalog: Catalog) -> Value:
    """Parse and check a parameter's value.

    Args:
        param, text, catalog: As for `typed_value`.

    Raises:
        UserError: The value does not fit.
    """
    from dlstudio.catalog.validation import check_value

    value = typed_value(param, text, catalog)
    mistake = check_value(param, value, catalog)
    if mistake:
        raise UserError(mistake, _(param.summary))
    return value


def set_param(
    description: Description, params: Params, key: str, text: str, catalog: Catalog
) -> Params:
    """A copy of parameters with one set; "layer.units" is that of a nested object.

    Args:
        description: Description that declares the parameters.
        params: Parameters that differ from their defaults.
        key: Name of a parameter, or a path into a nested object.
        text: Value as typed.
        catalog: Catalog with nested objects.

    Raises:
        UserError: The parameter does not exist, or the value does not fit it.
    """
    from dlstudio.document.values import Spec

    name, _dot, rest = key.partition(".")
    param = description.param(name)
    if param is None:
        raise unknown_param(description, name)
    if not rest:
        return params.set(name, checked_value(param, text, catalog))
    inner = params.get(name, param.default)
    if isinstance(inner, str) and param.family:
        inner = Spec(catalog.find(param.family, inner).kind)
    if not isinstance(inner, Spec):
        raise UserError(
            _("“{name}” has no nested settings.").format(name=name),
            _("Set {name} first, such as {name}=LSTM.").format(name=name)
            if param.type == "layer"
            else "",
        )
    changed = set_param(catalog[inner.kind], inner.params, rest, text, catalog)
    return params.set(name, Spec(inner.kind, changed))


def unknown_param(description: Description, name: str) -> UserError:
    """The error for a parameter that a catalog kind does not have."""
    known = ", ".join(param.name for param in description.params)
    return UserError(
        _("{thing} has no setting “{name}”.").format(thing=description.name, name=name),
        _("Available settings: {names}.").format(names=known or _("none")),
    )


def shown_value(value: Any) -> str:
    """A value in command-line notation."""
    from dlstudio.document.values import Spec, thaw, thaw_map

    if isinstance(value, Spec):
        inside = ", ".join(f"{k}={shown_value(v)}" for k, v in value.params.items())
        name = value.kind.rpartition(".")[2]
        return f"{name}({inside})" if inside else name
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        plain = {
            name: thaw_map(each) if isinstance(each, Mapping) else thaw(each)
            for name, each in value.items()
        }
        return json.dumps(plain, ensure_ascii=False)
    if isinstance(value, Sequence):
        return ",".join(map(shown_value, value)) if value else "[]"
    return json.dumps(thaw(value), ensure_ascii=False)
