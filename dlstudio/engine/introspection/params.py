"""Infers a parameter's type and range from its default, name and docstring."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from dlstudio.catalog.schema import Param
from dlstudio.engine.introspection.docstrings import plain
from dlstudio.errors import UserError
from dlstudio.json_values import JsonObject, JsonValue

DIMENSIONS = re.compile(r"([123])D")
_WORDS = (
    (re.compile(r"(optional )?(positive )?int(eger)?\b", re.IGNORECASE), "int"),
    (re.compile(r"(a )?bool(ean)?\b|whether", re.IGNORECASE), "bool"),
    (re.compile(r"(an? )?(python )?(small )?float", re.IGNORECASE), "float"),
    (re.compile(r"(a )?string", re.IGNORECASE), "text"),
)
_MISSING = inspect.Parameter.empty


@dataclass(frozen=True, slots=True)
class ParamSource:
    """A parameter to describe: its owner, name, default and docstring text."""

    kind: str
    name: str
    default: Any
    doc: str

    @property
    def required(self) -> bool:
        """Whether it has no default."""
        return self.default is _MISSING


class ParamRules:
    """Rules by name from the overlay, which override inference.

    Args:
        overlay: Section ("*" for all) → pattern of names → fields of `Param`, and
            `example`, and `omit` with the reason why it is not offered. Later patterns
            override earlier ones, the section overrides "*".
        section: The family being described.
    """

    def __init__(
        self, overlay: Mapping[str, Mapping[str, JsonObject]], section: str
    ) -> None:
        self._rules = [
            *overlay.get("*", {}).items(),
            *overlay.get(section, {}).items(),
        ]

    def describe(self, wanted: ParamSource, own: JsonObject) -> JsonObject | None:
        """The JSON form of the `Param`, without its defaults; None if omitted.

        Raises:
            UserError: Neither the rules nor the overlay give the type.
        """
        fields = {**_inferred(wanted), **self._named(wanted.name), **own}
        if fields.pop("omit", None):
            return None
        fields.pop("example", None)
        if "type" not in fields:
            raise UserError(
                f"The type of {wanted.kind}'s “{wanted.name}” is not clear.",
                "Tell it in overlay.json.",
            )
        fields["name"] = wanted.name
        if fields["type"] in ("size", "margins") and "rank" not in fields:
            digit = DIMENSIONS.search(wanted.kind)
            fields["rank"] = int(digit.group(1)) if digit else None
        return _without_defaults(fields)

    def example(self, name: str) -> JsonValue:
        """An example value for a required parameter of this name, or None."""
        return self._named(name).get("example")

    def _named(self, name: str) -> JsonObject:
        fields: dict[str, Any] = {}
        for pattern, rule in self._rules:
            if fnmatchcase(name, pattern):
                fields |= rule
        return fields


def _inferred(wanted: ParamSource) -> JsonObject:
    fields: dict[str, Any] = {"summary": plain(wanted.doc)}
    if wanted.required:
        fields["required"] = True
    else:
        fields["default"] = wanted.default
        fields["optional"] = wanted.default is None
    type_ = _type_of(wanted)
    if type_:
        fields["type"] = type_
    return fields


def _type_of(wanted: ParamSource) -> str | None:
    default = wanted.default
    if isinstance(default, bool):
        return "bool"
    if isinstance(default, int):
        return "int"
    if isinstance(default, float):
        return "float"
    if isinstance(default, str):
        return "text"
    if default is None or wanted.required:
        for pattern, type_ in _WORDS:
            if pattern.match(wanted.doc):
                return type_
    return None


def _without_defaults(fields: Mapping[str, JsonValue]) -> JsonObject:
    """Fields in the order of `Param`; an unknown field is an error."""
    known = dataclasses.fields(Param)
    unknown = set(fields) - {field.name for field in known}
    if unknown:
        raise UserError(f"overlay.json: a parameter has no {', '.join(unknown)}.")
    return {
        field.name: fields[field.name]
        for field in known
        if field.name in fields
        and (
            field.default is dataclasses.MISSING
            or not _same(fields[field.name], field.default)
        )
    }


def _same(one: object, other: object) -> bool:
    if isinstance(one, list):
        one = tuple(one)
    return type(one) is type(other) and one == other
