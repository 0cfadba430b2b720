"""What names of a script stand for, and what is forgotten of them."""

from __future__ import annotations

from dlstudio.engine.script_reader.names_of_statements import NamesOf
from dlstudio.engine.script_reader.script_callables import Function, Scope, ScriptObject
from dlstudio.engine.script_reader.script_values import (
    ScriptLayer,
    ScriptSequential,
    ScriptTensor,
    SeveralTensors,
    Unknown,
)


def note_variable(value: object, name: str) -> None:
    """Remember the first name of what a script assigns."""
    if isinstance(value, (ScriptTensor, SeveralTensors)):
        if not value.call.variable:
            value.call.variable = name
    elif isinstance(value, ScriptLayer) and not value.variable:
        value.variable = name


def set_attribute(owner: object, name: str, value: object) -> None:
    """Remember an attribute of an object of the script; nothing else has any.

    Args:
        owner: Whose attribute it is.
        name: Of the attribute.
        value: What is assigned.
    """
    if isinstance(owner, ScriptObject):
        note_variable(value, name)
        owner.attributes[name] = value


def forget(names: NamesOf, scope: Scope, reason: str, line: int) -> int:
    """Skip statements: what they may change is unknown from here on.

    Args:
        names: In the statements.
        scope: Has the names.
        reason: Why they are skipped.
        line: Where.

    Returns:
        How many items were walked through.
    """
    unknown = Unknown(reason, line)
    for name in names.mentioned:
        found = scope.find(name)
        value = found.names[name] if found is not None else None
        if isinstance(value, ScriptSequential) and name in names.changed:
            value.items.append(unknown)
        elif isinstance(value, ScriptObject) and name in names.passed:
            value.broken = unknown
        else:
            _empty(value, unknown)
    for name, attribute, is_set in names.attributes:
        found = scope.find(name)
        value = found.names[name] if found is not None else None
        if isinstance(value, ScriptObject):
            if is_set:
                value.attributes[attribute] = unknown
            else:
                _forget_attribute(value, attribute, unknown)
    for name in names.assigned:
        scope.names[name] = unknown
    return 4 * (len(names.mentioned) + len(names.assigned))


def functions_in(names: NamesOf, scope: Scope) -> list[Function]:
    """The functions of the script among names.

    Args:
        names: Some statements' own.
        scope: Has their values.
    """
    scopes = [(name, scope.find(name)) for name in names.mentioned]
    values = [found.names[name] for name, found in scopes if found is not None]
    return [value for value in values if isinstance(value, Function)]


def _empty(value: object, unknown: Unknown) -> None:
    """Forget what a list or a dictionary holds."""
    if isinstance(value, list):
        value[:] = [unknown]
    elif isinstance(value, dict):
        value.clear()


def _forget_attribute(owner: ScriptObject, name: str, unknown: Unknown) -> None:
    """Forget an attribute of an object; a method of it may have changed any."""
    value = owner.attributes.get(name)
    if name in owner.kind.members:
        owner.broken = unknown
    elif isinstance(value, ScriptSequential):
        value.items.append(unknown)
    else:
        _empty(value, unknown)
