"""What a script can call, with which arguments, and the names around it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from dlstudio.engine.script_reader.script_values import (
    Unknown,
)


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of the script, with the names around it."""

    name: str
    node: ast.FunctionDef | ast.Lambda
    scope: Scope
    defaults: tuple[object, ...] = ()
    named_defaults: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class ScriptClass:
    """A class of the script.

    Attributes:
        parents: The values of its bases.
        members: Its methods and other values by name.
    """

    name: str
    node: ast.ClassDef
    parents: tuple[object, ...] = ()
    members: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class ScriptObject:
    """A layer or a model that is an object of a class of the script.

    Attributes:
        kind: Its class.
        attributes: By name.
        is_built: Whether its `build` has run.
        broken: Why it is not known what it does to tensors.
    """

    kind: ScriptClass
    line: int
    attributes: dict[str, object] = field(default_factory=dict)
    is_built: bool = False
    broken: Unknown | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ScriptSuper:
    """What `super()` gives in a method.

    Attributes:
        kind: The class that defines the method.
    """

    owner: ScriptObject
    kind: ScriptClass


@dataclass(frozen=True, slots=True, eq=False)
class PartialCall:
    """What `functools.partial` gives: something to call, with some of its arguments."""

    callee: object
    arguments: Arguments


@dataclass(frozen=True, slots=True, eq=False)
class BoundMethod:
    """A method that is about to be called."""

    owner: object
    name: str


@dataclass(slots=True, eq=False)
class Scope:
    """Names and their values, and the scope around."""

    names: dict[str, object] = field(default_factory=dict)
    outer: Scope | None = None

    def find(self, name: str) -> Scope | None:
        """The scope that has the name."""
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.outer
        return scope


@dataclass(frozen=True, slots=True, eq=False)
class Arguments:
    """What something is called with.

    Attributes:
        unknown: A list or dictionary of arguments that is not known.
    """

    positional: tuple[object, ...]
    named: Mapping[str, object]
    line: int
    unknown: Unknown | None = None

    def get(self, place: int, name: str, default: object = None) -> object:
        """An argument by its place or name.

        Args:
            place: Among the positional arguments.
            name: Of the keyword.
            default: What it is where it is not given.
        """
        if place < len(self.positional):
            return self.positional[place]
        return self.named.get(name, default)

    def before(self, other: Arguments) -> Arguments:
        """These arguments, and then those of another call."""
        return Arguments(
            (*self.positional, *other.positional),
            {**self.named, **other.named},
            other.line,
            self.unknown or other.unknown,
        )
