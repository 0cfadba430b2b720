"""The rounds of comprehensions."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Protocol

from dlstudio.engine.script_reader.script_callables import Scope
from dlstudio.engine.script_reader.script_values import Unknown


class ItemEvaluator(Protocol):
    """Evaluates expressions."""

    def value(self, node: ast.expr, scope: Scope) -> object:
        """The value of an expression."""

    def iterate(self, value: object) -> list[object] | Unknown:
        """All items of a value."""

    def truth(self, node: ast.expr, scope: Scope) -> bool | Unknown:
        """Whether a condition holds."""

    def bind(self, target: ast.expr, value: object, scope: Scope) -> None:
        """Give a value to a name, or its items to several names.

        Args:
            target: What is assigned.
            value: The value.
            scope: Takes the names.
        """


def rounds(
    generators: Sequence[ast.comprehension], scope: Scope, evaluator: ItemEvaluator
) -> Iterator[Scope | Unknown]:
    """The names of each round; at last what is not known, if anything is not.

    Args:
        generators: Those of the comprehension.
        scope: Around it.
        evaluator: Evaluates what it goes over.
    """
    if not generators:
        yield scope
        return
    first, rest = generators[0], generators[1:]
    items = evaluator.iterate(evaluator.value(first.iter, scope))
    if isinstance(items, Unknown):
        yield items
        return
    for item in items:
        inner = Scope(outer=scope)
        evaluator.bind(first.target, item, inner)
        truths = [evaluator.truth(each, inner) for each in first.ifs]
        bad = [each for each in truths if isinstance(each, Unknown)]
        if bad:
            yield bad[0]
            return
        if all(truths):
            yield from rounds(rest, inner, evaluator)
