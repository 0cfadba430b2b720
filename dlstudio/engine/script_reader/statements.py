"""The statements of a script, one after the other, without running any."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from dlstudio.engine.script_reader.definitions import (
    defined_function,
    defined_method,
    import_modules,
    import_names,
)
from dlstudio.engine.script_reader.expressions import Evaluator
from dlstudio.engine.script_reader.frozen_layers import set_trainable
from dlstudio.engine.script_reader.function_arguments import bind_arguments
from dlstudio.engine.script_reader.function_calls import FunctionCaller
from dlstudio.engine.script_reader.limits import (
    DEEPEST_CALL,
    MOST_ITEMS,
    ReadingContext,
)
from dlstudio.engine.script_reader.names_of_statements import (
    StatementNames,
    is_generator,
)
from dlstudio.engine.script_reader.network_layers import (
    BackboneLayers,
    note_frozen_layers,
)
from dlstudio.engine.script_reader.network_loops import read_network_loop
from dlstudio.engine.script_reader.script_callables import (
    Arguments,
    Function,
    Scope,
    ScriptClass,
)
from dlstudio.engine.script_reader.script_names import (
    forget,
    functions_in,
    note_variable,
    set_attribute,
)
from dlstudio.engine.script_reader.script_values import SeveralTensors, Unknown
from dlstudio.i18n import _

MOST_ROUNDS = 20_000
MOST_LOOP_STEPS = 20_000
"""Steps of a loop that builds no layers, such as one that trains."""


class _ReturnError(Exception):
    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


class _BreakError(Exception):
    pass


class _ContinueError(Exception):
    pass


class StatementReader:
    """Reads statements.

    Args:
        context: Counts steps and takes problems.
    """

    def __init__(self, context: ReadingContext) -> None:
        self._context = context
        self._depth = 0
        self._names = StatementNames()
        context.run = self.run
        self._evaluator = Evaluator(context, FunctionCaller(context, self.run))
        self._kinds: Mapping[type[ast.stmt], Callable[[Any, Scope], None]] = {
            ast.Assign: self._assign,
            ast.AugAssign: self._augmented,
            ast.AnnAssign: self._annotated,
            ast.Expr: self._expression,
            ast.If: self._if,
            ast.For: self._for,
            ast.While: self._while,
            ast.FunctionDef: self._function,
            ast.ClassDef: self._class,
            ast.Return: self._return,
            ast.Import: import_modules,
            ast.ImportFrom: import_names,
            ast.With: self._with,
            ast.Try: self._try,
            ast.Break: self._break,
            ast.Continue: self._continue,
            ast.Pass: lambda node, scope: None,
            ast.Assert: lambda node, scope: None,
            ast.Global: self._global,
            ast.Nonlocal: self._global,
            ast.Delete: lambda node, scope: None,
        }

    def block(self, nodes: Sequence[ast.stmt], scope: Scope) -> None:
        """Read statements in their order."""
        for node in nodes:
            self._context.step()
            kind = self._kinds.get(type(node))
            if kind is not None:
                kind(node, scope)
            else:
                self._forget([node], scope, _("This statement is not supported."))

    def module(self, nodes: Sequence[ast.stmt], scope: Scope) -> None:
        """Read a whole script."""
        try:
            self.block(nodes, scope)
        except (_ReturnError, _BreakError, _ContinueError):
            return

    def run(self, function: Function, arguments: Arguments) -> object:
        """Call a function of the script, by reading it."""
        if self._depth >= DEEPEST_CALL:
            text = _("Functions call each other too deeply.")
            return Unknown(text, arguments.line)
        scope = Scope(outer=function.scope)
        bad = bind_arguments(function, arguments, scope)
        if bad is not None:
            return bad
        if isinstance(function.node, ast.Lambda):
            return self._evaluator.value(function.node.body, scope)
        if is_generator(function.node):
            return Unknown(_("Generators are not run."), arguments.line)
        self._context.block_count += 1
        self._context.blocks.append((function.name, self._context.block_count))
        self._depth += 1
        try:
            self.block(function.node.body, scope)
        except _ReturnError as returned:
            return returned.value
        except (_BreakError, _ContinueError):
            return None
        finally:
            self._depth -= 1
            self._context.blocks.pop()
        return None

    def _forget(
        self,
        nodes: Sequence[ast.stmt],
        scope: Scope,
        reason: str,
        line: int | None = None,
    ) -> None:
        """Skip statements, which takes longer the more names they have."""
        names = self._names.of(nodes)
        for each in names.trainable:
            note_frozen_layers(each, self._context)
        line = line or nodes[0].lineno
        waiting, seen = [(names, scope)], set[int]()
        while waiting:
            names, place = waiting.pop()
            for made in functions_in(names, place):  # they change what they use, too
                if id(made.node) not in seen and isinstance(made.node, ast.FunctionDef):
                    seen.add(id(made.node))
                    waiting.append((self._names.around(made.node), made.scope))
            self._context.count_items(forget(names, place, reason, line))

    def _assign(self, node: ast.Assign, scope: Scope) -> None:
        value = self._evaluator.value(node.value, scope)
        for target in node.targets:
            self._store(target, value, scope)

    def _store(self, target: ast.expr, value: object, scope: Scope) -> None:
        """Assign a value to a name, several names, an attribute or an item."""
        if isinstance(target, ast.Name):
            note_variable(value, target.id)
            scope.names[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            if isinstance(value, SeveralTensors):
                names = [each for each in target.elts if isinstance(each, ast.Name)]
                if names:
                    note_variable(value, names[0].id)
            self._evaluator.bind(target, value, scope)
        elif isinstance(target, ast.Attribute):
            owner = self._evaluator.value(target.value, scope)
            self._context.line = target.lineno
            if target.attr == "trainable":
                set_trainable(owner, value, self._context)
            else:
                set_attribute(owner, target.attr, value)
        elif isinstance(target, ast.Subscript):
            owner = self._evaluator.value(target.value, scope)
            index = self._evaluator.value(target.slice, scope)
            if isinstance(owner, dict) and isinstance(index, (int, str)):
                owner[index] = value
            elif isinstance(owner, list) and isinstance(index, int):
                with suppress(LookupError):
                    owner[index] = value

    def _augmented(self, node: ast.AugAssign, scope: Scope) -> None:
        left = self._evaluator.value(node.target, scope)
        right = self._evaluator.value(node.value, scope)
        if isinstance(left, list) and isinstance(node.op, ast.Add):
            items = self._evaluator.iterate(right)
            if not isinstance(items, Unknown) and len(left) + len(items) <= MOST_ITEMS:
                left += items  # in place, as Python does
                return
        value = self._evaluator.operate(type(node.op), left, right, node.lineno)
        self._store(node.target, value, scope)

    def _annotated(self, node: ast.AnnAssign, scope: Scope) -> None:
        if node.value is not None:
            self._store(node.target, self._evaluator.value(node.value, scope), scope)

    def _expression(self, node: ast.Expr, scope: Scope) -> None:
        self._evaluator.value(node.value, scope)

    def _if(self, node: ast.If, scope: Scope) -> None:
        truth = self._evaluator.truth(node.test, scope)
        if isinstance(truth, Unknown):
            text = _("It depends on a condition that is not known.")
            self._forget([*node.body, *node.orelse], scope, text, node.lineno)
            return
        self.block(node.body if truth else node.orelse, scope)

    def _for(self, node: ast.For, scope: Scope) -> None:
        over = self._evaluator.value(node.iter, scope)
        if isinstance(over, BackboneLayers) and read_network_loop(node, over):
            return
        items = self._evaluator.iterate(over)
        if isinstance(items, Unknown) or len(items) > MOST_ROUNDS:
            text = _("It depends on a loop whose length is not known.")
            self._forget([node], scope, text)
            return
        start, calls = self._context.steps, len(self._context.calls)
        for item in items:
            if self._is_idle(start, calls):
                text = _("It depends on a loop that is too long to be read.")
                self._forget([node], scope, text)
                return
            self._context.step()
            self._evaluator.bind(node.target, item, scope)
            try:
                self.block(node.body, scope)
            except _BreakError:
                return
            except _ContinueError:
                continue
        self.block(node.orelse, scope)

    def _is_idle(self, start: int, calls: int) -> bool:
        """Whether a loop took long and has not built a layer.

        Args:
            start: Steps before it.
            calls: Calls of layers before it.
        """
        context = self._context
        long = context.steps - start > MOST_LOOP_STEPS
        return long and len(context.calls) == calls

    def _while(self, node: ast.While, scope: Scope) -> None:
        start, calls = self._context.steps, len(self._context.calls)
        for _round in range(MOST_ROUNDS):
            if self._is_idle(start, calls):
                break
            truth = self._evaluator.truth(node.test, scope)
            if isinstance(truth, Unknown):
                break
            if not truth:
                self.block(node.orelse, scope)
                return
            try:
                self.block(node.body, scope)
            except _BreakError:
                return
            except _ContinueError:
                continue
        text = _("It depends on a loop whose length is not known.")
        self._forget([node], scope, text)

    def _function(self, node: ast.FunctionDef, scope: Scope) -> None:
        scope.names[node.name] = defined_function(node, scope, self._evaluator)

    def _class(self, node: ast.ClassDef, scope: Scope) -> None:
        inner = Scope(outer=scope)
        for each in node.body:
            if isinstance(each, ast.FunctionDef):
                inner.names[each.name] = defined_method(each, scope, self._evaluator)
            elif isinstance(each, (ast.Assign, ast.AnnAssign)):
                self.block([each], inner)
        parents = tuple(self._evaluator.value(each, scope) for each in node.bases)
        scope.names[node.name] = ScriptClass(node.name, node, parents, inner.names)

    def _return(self, node: ast.Return, scope: Scope) -> None:
        value = None if node.value is None else self._evaluator.value(node.value, scope)
        raise _ReturnError(value)

    def _with(self, node: ast.With, scope: Scope) -> None:
        for item in node.items:
            self._evaluator.value(item.context_expr, scope)
            if item.optional_vars is not None:
                unknown = Unknown(_("This is never opened."), node.lineno)
                self._store(item.optional_vars, unknown, scope)
        self.block(node.body, scope)

    def _try(self, node: ast.Try, scope: Scope) -> None:
        self.block([*node.body, *node.orelse, *node.finalbody], scope)

    def _break(self, node: ast.Break, scope: Scope) -> None:
        raise _BreakError

    def _continue(self, node: ast.Continue, scope: Scope) -> None:
        raise _ContinueError

    def _global(self, node: ast.Global | ast.Nonlocal, scope: Scope) -> None:
        return
