"""What names of a script stand for, and what is forgotten of them."""

from __future__ import annotations

from dlstudio.engine.script_reader.names_of_statements import NamesOf
from dlstudio.engine.script_reader.script_callables import Scope, ScriptObject
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
        if isinstance(value, list):
            value[:] = [unknown]
        elif isinstance(value, dict):
            value.clear()
        elif isinstance(value, ScriptSequential) and name in names.changed:
            value.items.append(unknown)
    for name in names.assigned:
        scope.names[name] = unknown
    return 4 * (len(names.mentioned) + len(names.assigned))
