"""Arguments of layers, optimizers and other objects as parameters of a project."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from dlstudio.catalog.schema import Description, Param
from dlstudio.catalog.validation import check_params
from dlstudio.document.values import Array, FrozenMap, Json, Spec, Value
from dlstudio.engine.script_reader.limits import MOST_ITEMS, ReadingContext
from dlstudio.engine.script_reader.literals import is_plain
from dlstudio.engine.script_reader.old_arguments import modern_arguments
from dlstudio.engine.script_reader.script_callables import Arguments
from dlstudio.engine.script_reader.script_values import (
    Reference,
    ScriptLayer,
    ShapeOf,
    Unknown,
)
from dlstudio.engine.script_reader.tensor_shapes import plain_shape
from dlstudio.errors import UserError
from dlstudio.i18n import _

IGNORED = frozenset({"autocast", "sparse", "ragged"})
"""Arguments that change nothing where they have their defaults."""


def named_arguments(
    description: Description, arguments: Arguments, context: ReadingContext
) -> dict[str, object] | Unknown:
    """The arguments of a constructor by name.

    Args:
        description: Of what is created.
        arguments: As written.
        context: Takes problems.
    """
    line = arguments.line
    if arguments.unknown is not None:
        return context.use_unknown(arguments.unknown, description.name, line)
    names = [param.name for param in description.params]
    if len(arguments.positional) > len(names):
        text = _("{kind} takes fewer arguments.").format(kind=description.name)
        return context.report(line, text)
    found = dict(zip(names, arguments.positional, strict=False))
    context.line = line
    return modern_arguments(description, {**found, **arguments.named}, context)


def frozen_params(
    description: Description, given: Mapping[str, object], context: ReadingContext
) -> dict[str, Value] | Unknown:
    """Arguments as checked parameters.

    Args:
        description: Of what is created.
        given: Values of the script, by name.
        context: Takes problems; knows the line.
    """
    line, found = context.line, dict[str, Value]()
    bad: Unknown | None = None
    for name, value in given.items():
        param = description.param(name)
        if param is None and name in IGNORED and value in (None, False, True):
            continue
        what = f"{description.name}, {name}"
        if isinstance(value, ShapeOf):
            value = plain_shape(value, context)
        unknown = first_unknown(value)
        if unknown is not None:
            bad = context.use_unknown(unknown, what, line)
            continue
        try:
            found[name] = frozen_value(param, value, context)
        except UserError as error:
            bad = context.report(line, f"{what}: {error.message}")
    if bad is not None:
        return bad
    for _name, text in check_params(description, FrozenMap(found), context.catalog):
        named = text.startswith(f"{description.name} ")
        bad = context.report(line, text if named else f"{description.name}: {text}")
    return found if bad is None else bad


def first_unknown(given: object) -> Unknown | None:
    """What is not known of a value, also within lists."""
    waiting = deque([given])
    while waiting:
        value = waiting.popleft()
        if isinstance(value, Unknown):
            return value
        if isinstance(value, (list, tuple)) and len(value) < 1000:
            waiting.extend(value)
        elif isinstance(value, dict):
            waiting.extend(value.values())
    return None


def frozen_value(param: Param | None, value: object, context: ReadingContext) -> Value:
    """One value as a project keeps it.

    Args:
        param: What it is for; None if it is not known.
        value: Of the script.
        context: Has the catalog.

    Raises:
        UserError: A project cannot keep such a value.
    """
    if isinstance(value, ScriptLayer):
        return value.spec
    if isinstance(value, (Spec, Array)):
        return value
    if isinstance(value, Reference):
        return _referred(param, value, context)
    if isinstance(value, dict) and is_plain(value):
        return Json.of(value)
    if isinstance(value, range):
        value = list(value)
    if isinstance(value, (list, tuple)) and len(value) <= MOST_ITEMS:
        return tuple(frozen_value(param, each, context) for each in value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise UserError(_("This value cannot be kept in a project."))


def _referred(param: Param | None, value: Reference, context: ReadingContext) -> Value:
    """A function, a class or a dtype that is named without a call."""
    if param is not None and param.family:
        found = context.catalog.search(param.family, value.name)
        if found is not None:
            return Spec(found.kind)
    if value.path.startswith(("numpy.", "tensorflow.")):
        return value.name  # a dtype
    raise UserError(
        _("“{name}” is not a value that a project can keep.").format(name=value.path)
    )
