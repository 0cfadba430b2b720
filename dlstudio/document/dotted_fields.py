"""Set one field of the plan or the recipe by its dotted path, with its type."""

from __future__ import annotations

import dataclasses
import difflib
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from dlstudio.document.values import Spec, freeze
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.number_text import check_whole, read_number, read_whole

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from pydantic import TypeAdapter

T = TypeVar("T", bound="DataclassInstance")


def set_field(owner: T, path: str, value: object, prefix: str = "") -> T:
    """A copy of the dataclass `owner` with the field at `path` set to `value`.

    A path traverses nested dataclasses and the parameters of a `Spec`:
    "optimizer.learning_rate". Setting a field inside one that is None starts from its
    defaults ("early_stopping.patience").

    Args:
        owner: Frozen dataclass; not modified.
        path: Field names joined by dots.
        value: A value of the field's type, its JSON form, or text as typed.
        prefix: What comes before the path where settings are named: "plan.".

    Raises:
        UserError: The field does not exist, or the value does not fit it.
    """
    head, _dot, rest = path.partition(".")
    names = [each.name for each in dataclasses.fields(owner)]
    if head not in names:
        near = difflib.get_close_matches(head, names)
        full = [f"{prefix}{each}" for each in near or names]
        raise UserError(
            _("There is no setting called “{name}”.").format(name=prefix + head),
            _("Did you mean {names}?").format(names=_(", ").join(full))
            if near
            else _("The settings are: {names}.").format(names=", ".join(full)),
        )
    if rest:
        inner = _inner(owner, head)
        if isinstance(inner, Spec):
            value = inner.with_param(rest, freeze(value))
        else:
            value = set_field(inner, rest, value, f"{prefix}{head}.")
    return replace(owner, **{head: _check(type(owner), head, value)})


def _inner(owner: object, name: str) -> DataclassInstance:
    inner = getattr(owner, name)
    if inner is None:
        from dlstudio.document.plan import EarlyStopping, HeadFirst

        made = {"early_stopping": EarlyStopping(), "head_first": HeadFirst()}
        inner = made.get(name)
    if not dataclasses.is_dataclass(inner) or isinstance(inner, type):
        raise UserError(_("“{name}” has no nested settings.").format(name=name))
    return inner


def _check(owner: type, name: str, value: object) -> object:
    from pydantic import ValidationError

    value = _number(owner, name, value)
    try:
        return _adapter(owner, name).validate_python(value)
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise UserError(
            _("“{name}” cannot be {value}: {reason}.").format(
                name=name, value=repr(value), reason=reason
            )
        ) from error


def _number(owner: type, name: str, value: object) -> object:
    """A typed number, parsed; any other value unchanged."""
    hint = _hint(owner, name)
    try:
        if hint in (int, float) and isinstance(value, str):
            return read_whole(value) if hint is int else read_number(value)
        if hint is int and isinstance(value, float):
            check_whole(value)
    except UserError as error:
        raise UserError(f"{name}: {error.message}", error.hint) from None
    return value


@lru_cache(maxsize=256)
def _hint(owner: type, name: str) -> Any:
    from typing import get_type_hints

    return get_type_hints(owner, include_extras=True)[name]


@lru_cache(maxsize=256)
def _adapter(owner: type, name: str) -> TypeAdapter[object]:
    from pydantic import TypeAdapter

    return TypeAdapter(_hint(owner, name))
