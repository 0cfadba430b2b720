"""Converts parameter values to text for editing, and back. No Qt."""

from __future__ import annotations

import ast

from dlstudio.catalog.schema import Param
from dlstudio.catalog.typed_numbers import is_typed_number, typed_number
from dlstudio.catalog.value_checks import PLAIN_CHECKS
from dlstudio.document.values import Array, Spec, Value, freeze
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.number_text import plain_characters

NONE_WORDS = {"", "none", "null", "无"}


def value_text(value: object) -> str:
    """The text of a plain value in a field: `(28, 28, 1)` as "28, 28, 1"."""
    if value is None:
        return ""
    if isinstance(value, Spec):
        return value.kind.rpartition(".")[2]
    if isinstance(value, Array):
        return _item_text(value.data)
    if isinstance(value, (tuple, list)):
        return ", ".join(_item_text(item) for item in value)
    return _float_text(value) if isinstance(value, float) else str(value)


def _item_text(value: object) -> str:
    if isinstance(value, (tuple, list)):
        return f"({', '.join(_item_text(item) for item in value)})"
    return "?" if value is None else value_text(value)


def _float_text(value: float) -> str:
    if value == int(value) and abs(value) < 1e16:
        return f"{int(value)}.0"
    return repr(value)


def parse(param: Param, text: str) -> Value:
    """Parse a text as the parameter's type; bounds are not checked.

    Raises:
        UserError: The text is not a valid value.
    """
    plain = text.strip()
    if param.type in ("text", "path"):
        return plain or (None if param.optional else plain)
    if plain.lower() in NONE_WORDS:
        return None
    if is_typed_number(param, plain):
        return typed_number(param, plain)
    return _parse_sequence(param, plain)


def parse_checked(param: Param, text: str) -> Value:
    """Like `parse`, but also checks the bounds and whether None is allowed.

    Raises:
        UserError: The text is not a valid value.
    """
    value = parse(param, text)
    if value is None:
        if not param.optional:
            raise UserError(_("{name} must be set.").format(name=param.name))
        return value
    sentence = PLAIN_CHECKS[param.type](param, value)
    if sentence:
        raise UserError(sentence)
    return value


def _parse_sequence(param: Param, text: str) -> Value:
    words = text.replace("，", ",")  # names keep all other characters
    if param.type not in ("list", "json"):
        words = plain_characters(text).replace("?", "None")
    try:
        value = ast.literal_eval(words)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        value = _split_words(words) if param.type in ("list", "json") else None
        if value is None:
            raise UserError(
                _(
                    "“{text}” is not a list of numbers. Expected something like "
                    "28, 28, 1."
                ).format(text=text)
            ) from None
    if param.type == "array" and isinstance(value, (list, tuple)):
        frozen = freeze(list(value))
        assert isinstance(frozen, tuple)
        return Array(frozen)
    if param.type in ("shape", "list", "pair") and not isinstance(value, (list, tuple)):
        value = (value,)
    return freeze(value)


def _split_words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())
