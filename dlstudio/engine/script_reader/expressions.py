"""What an expression of a script means, without running it."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from dlstudio.engine.script_reader.attributes import attribute_of
from dlstudio.engine.script_reader.displays import (
    dict_of_rounds,
    dict_value,
    list_of_rounds,
    text_value,
)
from dlstudio.engine.script_reader.limits import MOST_ITEMS, ReadingContext
from dlstudio.engine.script_reader.literal_calls import (
    CONTAINER_FUNCTIONS,
    LITERAL_FUNCTIONS,
)
from dlstudio.engine.script_reader.operator_values import (
    binary_value,
    compared_value,
    resolved,
    unary_value,
)
from dlstudio.engine.script_reader.script_callables import Arguments, Function, Scope
from dlstudio.engine.script_reader.script_names import set_attribute
from dlstudio.engine.script_reader.script_values import (
    Reference,
    ScriptTensor,
    SeveralTensors,
    Unknown,
)
from dlstudio.engine.script_reader.value_items import (
    item_at,
    items_of,
    truth_of,
    unpacked,
)
from dlstudio.i18n import _

BUILTINS = frozenset(
    {*LITERAL_FUNCTIONS, *CONTAINER_FUNCTIONS, "isinstance", "print", "type", "super"}
)


class Caller(Protocol):
    """Calls what an expression names."""

    def call(self, callee: object, arguments: Arguments) -> object:
        """The value of a call."""


class Evaluator:
    """Evaluates expressions.

    Args:
        context: Counts steps and has the catalog.
        caller: Calls functions and layers.
    """

    def __init__(self, context: ReadingContext, caller: Caller) -> None:
        self._context = context
        self._caller = caller
        self._kinds: Mapping[type[ast.expr], Callable[[Any, Scope], object]] = {
            ast.Constant: lambda node, scope: node.value,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Call: self._call,
            ast.BinOp: self._binary,
            ast.UnaryOp: self._unary,
            ast.BoolOp: self._bool,
            ast.Compare: self._compare,
            ast.IfExp: self._if,
            ast.Subscript: self._subscript,
            ast.List: lambda node, scope: self.items(node.elts, scope),
            ast.Tuple: self._tuple,
            ast.Dict: lambda node, scope: dict_value(node, scope, self),
            ast.JoinedStr: lambda node, scope: text_value(node, scope, self),
            ast.ListComp: lambda node, scope: list_of_rounds(node, scope, self),
            ast.GeneratorExp: lambda node, scope: list_of_rounds(node, scope, self),
            ast.DictComp: lambda node, scope: dict_of_rounds(node, scope, self),
            ast.Lambda: self._lambda,
            ast.NamedExpr: self._named,
        }

    def value(self, node: ast.expr, scope: Scope) -> object:
        """The value of an expression.

        Args:
            node: The expression.
            scope: Has the names.

        Returns:
            A literal, a list, or one of `script_values`; `Unknown` at the worst.
        """
        self._context.step()
        self._context.line = node.lineno
        kind = self._kinds.get(type(node))
        if kind is None:
            return Unknown(_("This expression is not supported."), node.lineno)
        return kind(node, scope)

    def items(
        self, nodes: list[ast.expr], scope: Scope, *, whole: bool = True
    ) -> list[object] | Unknown:
        """The values of a list, those behind stars unpacked.

        Args:
            nodes: The expressions.
            scope: Has the names.
            whole: Whether all tensors of a call stay one value.
        """
        found: list[object] = [
            node.value for node in nodes if isinstance(node, ast.Constant)
        ]
        if len(found) == len(nodes):
            return found  # a long vocabulary, in one step
        found = []
        for node in nodes:
            if not isinstance(node, ast.Starred):
                found.append(self.value(node, scope))
                continue
            value = self.value(node.value, scope)
            if isinstance(value, SeveralTensors) and (whole or value.count is None):
                found.append(value)  # a model has all of them as outputs
                continue
            if isinstance(value, ScriptTensor):
                found.append(SeveralTensors(value.call, None))  # of an opaque block
                continue
            items = self.iterate(value)
            if isinstance(items, Unknown):
                return items
            found += items
            if len(found) > MOST_ITEMS:
                return Unknown(_("This value is too large to be read."), node.lineno)
        return found

    def iterate(self, value: object) -> list[object] | Unknown:
        """All items of a value."""
        return items_of(value, self._context)

    def truth(self, node: ast.expr, scope: Scope) -> bool | Unknown:
        """Whether a condition holds."""
        return truth_of(self.value(node, scope), self._context)

    def _name(self, node: ast.Name, scope: Scope) -> object:
        given = self._context.given.names
        if node.id in given:
            self._context.used_names.add(node.id)
            return given[node.id]
        found = scope.find(node.id)
        if found is not None:
            return found.names[node.id]
        if node.id in BUILTINS:
            return Reference(f"builtins.{node.id}")
        if hasattr(builtins, node.id):
            text = _("“{name}” is never run.").format(name=node.id)
            return Unknown(text, node.lineno)
        text = _("The name “{name}” is not defined.").format(name=node.id)
        return Unknown(text, node.lineno)

    def _attribute(self, node: ast.Attribute, scope: Scope) -> object:
        owner = self.value(node.value, scope)
        return attribute_of(owner, node.attr, node.lineno, self._context)

    def _call(self, node: ast.Call, scope: Scope) -> object:
        callee = self.value(node.func, scope)
        positional = self.items(node.args, scope, whole=False)
        unknown = positional if isinstance(positional, Unknown) else None
        named: dict[str, object] = {}
        for keyword in node.keywords:
            value = self.value(keyword.value, scope)
            if keyword.arg is not None:
                named[keyword.arg] = value
            elif isinstance(value, dict):
                named |= {str(key): each for key, each in value.items()}
            else:
                unknown = Unknown(_("Its arguments are not known."), node.lineno)
        self._context.line = node.lineno
        given = Arguments(
            () if isinstance(positional, Unknown) else tuple(positional),
            named,
            node.lineno,
            unknown,
        )
        return self._caller.call(callee, given)

    def _binary(self, node: ast.BinOp, scope: Scope) -> object:
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        return self.operate(type(node.op), left, right, node.lineno)

    def operate(
        self, kind: type[ast.operator], left: object, right: object, line: int
    ) -> object:
        """The value of an operator between two values.

        Args:
            kind: The operator.
            left, right: The values.
            line: Where.
        """
        return binary_value(kind, Arguments((left, right), {}, line), self._context)

    def _unary(self, node: ast.UnaryOp, scope: Scope) -> object:
        value = self.value(node.operand, scope)
        self._context.line = node.lineno
        return unary_value(type(node.op), value, self._context)

    def _bool(self, node: ast.BoolOp, scope: Scope) -> object:
        value: object = None
        for each in node.values:
            value = self.value(each, scope)
            truth = truth_of(value, self._context)
            if isinstance(truth, Unknown):
                return truth
            if truth == isinstance(node.op, ast.Or):
                return value
        return value

    def _compare(self, node: ast.Compare, scope: Scope) -> object:
        left = self.value(node.left, scope)
        for op, each in zip(node.ops, node.comparators, strict=True):
            right = self.value(each, scope)
            sides = Arguments((left, right), {}, node.lineno)
            found = compared_value(type(op), sides, self._context)
            if found is not True:
                return found
            left = right
        return True

    def _if(self, node: ast.IfExp, scope: Scope) -> object:
        truth = self.truth(node.test, scope)
        if isinstance(truth, Unknown):
            return truth
        return self.value(node.body if truth else node.orelse, scope)

    def _subscript(self, node: ast.Subscript, scope: Scope) -> object:
        owner = self.value(node.value, scope)
        index = self._index(node.slice, scope)
        self._context.line = node.lineno
        return item_at(owner, index, self._context)

    def _index(self, node: ast.expr, scope: Scope) -> object:
        """An index as a value: a number, a slice, or a tuple of these."""
        if isinstance(node, ast.Tuple):
            parts = [self._index(each, scope) for each in node.elts]
            bad = [each for each in parts if isinstance(each, Unknown)]
            return bad[0] if bad else tuple(parts)
        if not isinstance(node, ast.Slice):
            return resolved(self.value(node, scope), self._context)
        ends: list[object] = []
        for each in (node.lower, node.upper, node.step):
            end = None if each is None else self.value(each, scope)
            if isinstance(end, Unknown):
                return end
            ends.append(end)
        return slice(*ends)

    def _tuple(self, node: ast.Tuple, scope: Scope) -> object:
        found = self.items(node.elts, scope)
        return found if isinstance(found, Unknown) else tuple(found)

    def bind(self, target: ast.expr, value: object, scope: Scope) -> None:
        """Give a value to a name or an attribute, or its items to several of them.

        Args:
            target: What is assigned to.
            value: The value.
            scope: Takes the names.
        """
        if isinstance(target, ast.Name):
            scope.names[target.id] = value
            return
        if isinstance(target, ast.Attribute):
            set_attribute(self.value(target.value, scope), target.attr, value)
            return
        if not isinstance(target, (ast.Tuple, ast.List)):
            return
        stars = [isinstance(each, ast.Starred) for each in target.elts]
        items = unpacked(stars, value, self._context)
        for each, item in zip(target.elts, items, strict=True):
            inner = each.value if isinstance(each, ast.Starred) else each
            self.bind(inner, item, scope)

    def _lambda(self, node: ast.Lambda, scope: Scope) -> object:
        defaults = tuple(self.value(each, scope) for each in node.args.defaults)
        return Function("lambda", node, scope, defaults)

    def _named(self, node: ast.NamedExpr, scope: Scope) -> object:
        value = self.value(node.value, scope)
        self.bind(node.target, value, scope)
        return value
