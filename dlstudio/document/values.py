"""The immutable values of parameters, and their JSON form."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from dlstudio.document.frozen_map import FrozenMap as FrozenMap
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject, JsonValue

if TYPE_CHECKING:
    from pydantic_core import core_schema
MAX_DEPTH = 32
JSON_DEPTH = 48
LARGEST_INTEGER = 2**63


@dataclass(frozen=True, slots=True)
class Spec:
    """A catalog kind with its parameters: an optimizer, a nested layer."""

    kind: str
    params: FrozenMap[str, Value] = field(default_factory=FrozenMap)

    def with_param(self, name: str, value: Value) -> Spec:
        """A copy with one parameter set."""
        return Spec(self.kind, self.params.set(name, value))


@dataclass(frozen=True, slots=True)
class Array:
    """A small array of numbers or strings as nested tuples, with its dtype's name."""

    data: tuple[Any, ...]
    dtype: str = "float32"


@dataclass(frozen=True, slots=True)
class Json:
    """Any JSON, such as the configuration of an imported layer, stored as text."""

    text: str

    @classmethod
    def of(cls, value: object) -> Json:
        """Create from plain dicts, lists, strings, numbers, booleans and None.

        Raises:
            UserError: The value is of another type, or nested more than `JSON_DEPTH`
                deep.
        """
        _check_json(value)
        return cls(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    @property
    def value(self) -> JsonValue:
        """The plain value."""
        plain: JsonValue = json.loads(self.text)
        return plain


def _check_json(value: object) -> None:
    level = [value]
    for _level in range(JSON_DEPTH):
        inner: list[Any] = []
        for each in level:
            if isinstance(each, dict) and all(isinstance(key, str) for key in each):
                inner += each.values()
            elif isinstance(each, (list, tuple)):
                inner += each
            elif not isinstance(each, str):
                _check_number(each)
        if not inner:
            return
        level = inner
    raise UserError(
        _("A value is nested more than {depth} levels deep.").format(depth=JSON_DEPTH)
    )


def _check_number(value: object) -> None:
    """Raise unless it is None, a boolean, or a finite 64-bit number."""
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise UserError(_("A number has more than 64 bits."))
    elif not isinstance(value, float):
        raise _no_plain_value(value)
    elif not math.isfinite(value):
        raise UserError(_("A number is infinite or not a number."))


def _no_plain_value(value: object) -> UserError:
    return UserError(
        _("A value of type {type} cannot be saved in a project.").format(
            type=type(value).__name__
        )
    )


Value: TypeAlias = (
    "bool | int | float | str | Spec | Array | Json | tuple[Value, ...] | None"
)
Params: TypeAlias = FrozenMap[str, Value]


def freeze(value: object, depth: int = 0) -> Value:
    """Convert a JSON value (or plain Python value) to an immutable `Value`.

    `{"kind": ..., "params": ...}` becomes a `Spec`, `{"array": ..., "dtype": ...}`
    an `Array`, `{"json": ...}` a `Json`, a list a tuple.

    Raises:
        UserError: The value is too deep, not finite, too large, or of an unsupported
            type.
    """
    if depth > MAX_DEPTH:
        raise UserError(
            _("A value is nested more than {depth} levels deep.").format(
                depth=MAX_DEPTH
            )
        )
    if value is None or isinstance(value, (bool, str, Array, Json)):
        return value
    if isinstance(value, (int, float)):
        _check_number(value)
        return int(value) if isinstance(value, int) else float(value)
    if isinstance(value, Spec):
        return Spec(value.kind, freeze_map(value.params, depth + 1))
    if isinstance(value, (list, tuple)):
        return tuple(freeze(item, depth + 1) for item in value)
    if isinstance(value, Mapping):
        return _freeze_object(value, depth)
    raise _no_plain_value(value)


def freeze_map(items: object, depth: int = 0) -> Params:
    """A mapping of names to JSON values, frozen.

    Raises:
        UserError: The data is not a mapping, or a value in it cannot be stored.
    """
    if not isinstance(items, Mapping) or not all(isinstance(k, str) for k in items):
        raise UserError(_("Parameters must be pairs of a name and a value."))
    return FrozenMap({k: freeze(v, depth + 1) for k, v in items.items()})


def _freeze_object(value: Mapping[object, object], depth: int) -> Value:
    keys, kind = set(value), value.get("kind")
    if keys <= {"kind", "params"} and isinstance(kind, str):
        return Spec(kind, freeze_map(value.get("params", {}), depth + 1))
    if keys <= {"array", "dtype"} and isinstance(value.get("array"), (list, tuple)):
        data = freeze(value["array"], depth + 1)
        assert isinstance(data, tuple)
        return Array(data, str(value.get("dtype", "float32")))
    if keys == {"json"}:
        return Json.of(value["json"])
    raise UserError(
        _(
            "An object used as a parameter needs “kind” and “params”, “array”, or "
            "“json”."
        )
    )


def thaw(value: Value) -> JsonValue:
    """The JSON form of a `Value`; `freeze(thaw(value)) == value`."""
    if isinstance(value, Spec):
        return {"kind": value.kind, "params": thaw_map(value.params)}
    if isinstance(value, Array):
        return {"array": thaw(value.data), "dtype": value.dtype}
    if isinstance(value, Json):
        return {"json": value.value}
    if isinstance(value, tuple):
        return [thaw(item) for item in value]
    return value


def thaw_map(params: Mapping[str, Value]) -> JsonObject:
    """The JSON form of frozen parameters."""
    return {name: thaw(value) for name, value in params.items()}


def _validated(function: Callable[[object], object]) -> Callable[[object], object]:
    """Convert errors to ValueError, which pydantic reports with its location."""

    def check(value: object) -> object:
        try:
            return function(value)
        except UserError as error:
            raise ValueError(str(error)) from error

    return check


class FrozenField:
    """Marks a field for pydantic: `check` parses its JSON form, `dump` creates it.

    A marker instead of pydantic's validators, so that a project can be created without
    importing pydantic.
    """

    def __init__(
        self, check: Callable[[object], object], dump: Callable[[Any], Any]
    ) -> None:
        self.check = _validated(check)
        self.dump = dump

    def __get_pydantic_core_schema__(
        self, source: object, handler: object
    ) -> core_schema.CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(
            self.check,
            serialization=core_schema.plain_serializer_function_ser_schema(self.dump),
        )


def _freeze_spec(value: object) -> Spec:
    spec = freeze(value)
    if not isinstance(spec, Spec):
        raise UserError(_("Expected an object with “kind” and “params”."))
    return spec


# The types that pydantic reads in a file; unknown fields are errors.
CHECKED: dict[str, Any] = {"extra": "forbid", "allow_inf_nan": False}


def json_key(kind: type, field: str) -> str:
    """The key in JSON of a field of a dataclass."""
    config: dict[str, Any] = getattr(kind, "__pydantic_config__", {})
    alias: Callable[[str], str] | None = config.get("alias_generator")
    return alias(field) if alias else field


if TYPE_CHECKING:
    ParamsOf: TypeAlias = Params
    ValueOf: TypeAlias = Value
    SpecOf: TypeAlias = Spec
else:  # pydantic must not inspect the recursive `Value`: the markers handle it
    ParamsOf = Annotated[Any, FrozenField(freeze_map, thaw_map)]
    ValueOf = Annotated[Any, FrozenField(freeze, thaw)]
    SpecOf = Annotated[Any, FrozenField(_freeze_spec, thaw)]
