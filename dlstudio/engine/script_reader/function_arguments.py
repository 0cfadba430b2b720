"""Arguments of a script's own functions."""

from __future__ import annotations

from dlstudio.engine.script_reader.script_callables import Arguments, Function, Scope
from dlstudio.engine.script_reader.script_values import Unknown
from dlstudio.i18n import _


def bind_arguments(
    function: Function, arguments: Arguments, scope: Scope
) -> Unknown | None:
    """Give the arguments of a function their names.

    Args:
        function: Of the script.
        arguments: Of the call.
        scope: Takes the names.

    Returns:
        What is not known, if the call does not fit.
    """
    if arguments.unknown is not None:
        return arguments.unknown
    args = function.node.args
    names = [each.arg for each in (*args.posonlyargs, *args.args)]
    given = list(arguments.positional)
    first_default = len(names) - len(function.defaults)
    for place, default in enumerate(function.defaults):
        scope.names[names[first_default + place]] = default
    scope.names |= function.named_defaults
    scope.names |= dict(zip(names, given, strict=False))
    rest = given[len(names) :]
    if args.vararg is not None:
        scope.names[args.vararg.arg] = tuple(rest)
    elif rest:
        text = _("“{name}” is called with too many arguments.")
        return Unknown(text.format(name=function.name), arguments.line)
    keywords = {*names, *(each.arg for each in args.kwonlyargs)}
    more: dict[str, object] = {}
    for name, value in arguments.named.items():
        if name in keywords:
            scope.names[name] = value
        else:
            more[name] = value
    if args.kwarg is not None:
        scope.names[args.kwarg.arg] = more
    elif more:
        text = _("“{name}” has no argument “{argument}”.")
        text = text.format(name=function.name, argument=next(iter(more)))
        return Unknown(text, arguments.line)
    missing = [name for name in keywords if name not in scope.names]
    for name in missing:
        text = _("“{name}” is called without “{argument}”.")
        text = text.format(name=function.name, argument=name)
        scope.names[name] = Unknown(text, arguments.line)
    return None
