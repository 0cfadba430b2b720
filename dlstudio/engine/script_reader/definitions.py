"""Names that a script gives to functions, methods and modules."""

from __future__ import annotations

import ast
from typing import Protocol

from dlstudio.engine.codegen.learning_layers import LEARNED_WORDS as WORDS_HELPER
from dlstudio.engine.script_reader.attributes import reference
from dlstudio.engine.script_reader.library_calls import LEARNED_WORDS
from dlstudio.engine.script_reader.script_callables import Function, Scope
from dlstudio.engine.script_reader.script_values import Reference, Unknown
from dlstudio.i18n import _


class DefaultEvaluator(Protocol):
    """Evaluates default values."""

    def value(self, node: ast.expr, scope: Scope) -> object:
        """The value of an expression."""


def defined_function(
    node: ast.FunctionDef, scope: Scope, evaluator: DefaultEvaluator
) -> object:
    """A function of the script, or what one of our scripts means.

    Args:
        node: Its definition.
        scope: Around it.
        evaluator: Evaluates default values.
    """
    if node.name == "learned_words" and _body(node) == WORDS_BODY:
        return Reference(LEARNED_WORDS)
    return _function(node, scope, evaluator)


def defined_method(
    node: ast.FunctionDef, scope: Scope, evaluator: DefaultEvaluator
) -> object:
    """A method of a class of the script; unknown if it is decorated.

    Args:
        node: Its definition.
        scope: Around the class.
        evaluator: Evaluates default values.
    """
    if all(ast.unparse(each) == "tf.function" for each in node.decorator_list):
        return _function(node, scope, evaluator)
    return Unknown(_("Decorated methods are not run."), node.lineno)


def _function(
    node: ast.FunctionDef, scope: Scope, evaluator: DefaultEvaluator
) -> Function:
    defaults = [evaluator.value(each, scope) for each in node.args.defaults]
    named = {
        each.arg: evaluator.value(default, scope)
        for each, default in zip(
            node.args.kwonlyargs, node.args.kw_defaults, strict=True
        )
        if default is not None
    }
    return Function(node.name, node, scope, tuple(defaults), named)


def import_modules(node: ast.Import, scope: Scope) -> None:
    """`import a.b as c`."""
    for each in node.names:
        if each.asname:
            scope.names[each.asname] = reference(each.name)
        else:
            first = each.name.partition(".")[0]
            scope.names[first] = reference(first)


def import_names(node: ast.ImportFrom, scope: Scope) -> None:
    """`from a import b as c`."""
    for each in node.names:
        path = f"{node.module or ''}.{each.name}"
        scope.names[each.asname or each.name] = reference(path)


def _body(node: ast.FunctionDef) -> str:
    """The code of a function without its docstring."""
    start = 1 if ast.get_docstring(node) is not None else 0
    return ast.unparse(ast.Module(node.body[start:], []))


def _words_body() -> str:
    (function,) = ast.parse("\n".join(WORDS_HELPER)).body
    assert isinstance(function, ast.FunctionDef)
    return _body(function)


WORDS_BODY = _words_body()
"""What our scripts write as `learned_words`."""
