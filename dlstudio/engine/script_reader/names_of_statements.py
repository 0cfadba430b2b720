"""The names that statements give values to, or mention."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

CHANGING = ("add", "pop")
"""Methods that change which layers a Sequential has."""


@dataclass(frozen=True, slots=True)
class NamesOf:
    """The names in statements.

    Attributes:
        assigned: Those that may get a value.
        mentioned: All that are used.
        changed: Those that are passed on, or of which a method adds or takes layers.
        passed: Those that are passed on, of which anything may change.
        attributes: Names with the attributes of theirs that are used, and whether these
            may get a value.
        trainable: Lines that set `trainable` of something.
    """

    assigned: frozenset[str] = frozenset()
    mentioned: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()
    attributes: frozenset[tuple[str, str, bool]] = frozenset()
    trainable: tuple[int, ...] = ()

    def __or__(self, other: NamesOf) -> NamesOf:
        return NamesOf(
            self.assigned | other.assigned,
            self.mentioned | other.mentioned,
            self.changed | other.changed,
            self.passed | other.passed,
            self.attributes | other.attributes,
            self.trainable + other.trainable,
        )

    def without(self, names: set[str]) -> NamesOf:
        """What is used of names around a function.

        Args:
            names: Those that belong to the function.
        """
        return NamesOf(
            mentioned=self.mentioned - names,
            changed=self.changed - names,
            passed=self.passed - names,
            attributes=frozenset(e for e in self.attributes if e[0] not in names),
        )


class StatementNames:
    """Finds the names of statements; each is walked through once."""

    def __init__(self) -> None:
        self._known: dict[ast.stmt, NamesOf] = {}

    def of(self, nodes: Sequence[ast.stmt]) -> NamesOf:
        """The names in statements, and in those within them."""
        found = NamesOf()
        for node in nodes:
            if node not in self._known:
                self._known[node] = _names_of(node)
            found |= self._known[node]
        return found

    def around(self, function: ast.FunctionDef) -> NamesOf:
        """The names around a function that calling it may change."""
        found, args = self.of(function.body), function.args
        own = [*args.posonlyargs, *args.args, *args.kwonlyargs]
        rest = [each for each in (args.vararg, args.kwarg) if each is not None]
        return found.without({each.arg for each in (*own, *rest)} | found.assigned)


def _names_of(node: ast.stmt) -> NamesOf:
    assigned: set[str] = set()
    used: list[ast.Name] = []
    harmless: set[int] = set()
    called: set[int] = set()
    attributes: set[tuple[str, str, bool]] = set()
    trainable: list[int] = []
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            used.append(each)
            if isinstance(each.ctx, (ast.Store, ast.Del)):
                assigned.add(each.id)
        elif isinstance(each, ast.Call):
            called.add(id(each.func))
            harmless.add(id(each.func))
        elif isinstance(each, ast.Attribute):
            if isinstance(each.value, ast.Name):
                stored = isinstance(each.ctx, ast.Store)
                attributes.add((each.value.id, each.attr, stored))
                called.add(id(each.value))
                if each.attr not in CHANGING:
                    harmless.add(id(each.value))
            if each.attr == "trainable" and isinstance(each.ctx, ast.Store):
                trainable.append(each.lineno)
        elif isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            assigned.add(each.name)
        elif isinstance(each, ast.alias):
            assigned.add((each.asname or each.name).partition(".")[0])
    return NamesOf(
        frozenset(assigned),
        frozenset(each.id for each in used),
        frozenset(each.id for each in used if id(each) not in harmless),
        frozenset(each.id for each in used if id(each) not in called),
        frozenset(attributes),
        tuple(trainable),
    )


@lru_cache(maxsize=256)
def is_generator(node: ast.FunctionDef) -> bool:
    """Whether a function yields."""
    return any(isinstance(each, (ast.Yield, ast.YieldFrom)) for each in ast.walk(node))
