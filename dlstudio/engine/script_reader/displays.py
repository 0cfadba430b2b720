"""Dictionaries, f-strings and comprehensions of a script."""

from __future__ import annotations

import ast

from dlstudio.engine.script_reader.comprehensions import ItemEvaluator, rounds
from dlstudio.engine.script_reader.limits import MOST_ITEMS
from dlstudio.engine.script_reader.literals import NoLiteralError, formatted
from dlstudio.engine.script_reader.script_callables import Scope
from dlstudio.engine.script_reader.script_values import Unknown
from dlstudio.engine.script_reader.value_items import is_key
from dlstudio.i18n import _


def dict_value(node: ast.Dict, scope: Scope, evaluator: ItemEvaluator) -> object:
    """A dictionary.

    Args:
        node: The expression.
        scope: Has the names.
        evaluator: Evaluates what is in it.
    """
    found: dict[object, object] = {}
    for key, each in zip(node.keys, node.values, strict=True):
        value = evaluator.value(each, scope)
        if key is None:
            if not isinstance(value, dict):
                return Unknown(_("This dictionary is not known."), node.lineno)
            found |= value
            continue
        name = evaluator.value(key, scope)
        if not is_key(name):
            return Unknown(_("This dictionary is not known."), node.lineno)
        found[name] = value
    return found


def text_value(node: ast.JoinedStr, scope: Scope, evaluator: ItemEvaluator) -> object:
    """An f-string.

    Args:
        node: The expression.
        scope: Has the names.
        evaluator: Evaluates what is in it.
    """
    parts: list[str] = []
    for each in node.values:
        if not isinstance(each, ast.FormattedValue):
            parts.append(str(evaluator.value(each, scope)))
            continue
        value = evaluator.value(each.value, scope)
        form = evaluator.value(each.format_spec, scope) if each.format_spec else ""
        if isinstance(value, Unknown):
            return value
        try:
            parts.append(formatted(value, str(form), each.conversion))
        except NoLiteralError:
            return Unknown(_("This text is not known."), node.lineno)
    if sum(map(len, parts)) > MOST_ITEMS:
        return Unknown(_("This value is too large to be read."), node.lineno)
    return "".join(parts)


def list_of_rounds(
    node: ast.ListComp | ast.GeneratorExp, scope: Scope, evaluator: ItemEvaluator
) -> object:
    """The list of a comprehension, or of a generator.

    Args:
        node: The expression.
        scope: Has the names.
        evaluator: Evaluates what is in it.
    """
    found: list[object] = []
    for inner in rounds(node.generators, scope, evaluator):
        if isinstance(inner, Unknown):
            return inner
        found.append(evaluator.value(node.elt, inner))
    return found


def dict_of_rounds(
    node: ast.DictComp, scope: Scope, evaluator: ItemEvaluator
) -> object:
    """The dictionary of a comprehension.

    Args:
        node: The expression.
        scope: Has the names.
        evaluator: Evaluates what is in it.
    """
    found: dict[object, object] = {}
    for inner in rounds(node.generators, scope, evaluator):
        if isinstance(inner, Unknown):
            return inner
        key = evaluator.value(node.key, inner)
        if not is_key(key):
            return Unknown(_("This dictionary is not known."), node.lineno)
        found[key] = evaluator.value(node.value, inner)
    return found
