"""Docstrings add to the name, and describe each of several parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.support.docstrings import (
    MANY,
    Module,
    Routine,
    entries,
    helped,
    modules,
    only_repeats,
    routines,
)

# It declares interfaces that Keras and TensorFlow document.
FOREIGN = "dlstudio.engine.typing"


def test_no_docstring_only_repeats_the_name_or_points_elsewhere() -> None:
    assert [each.place for each in everything() if only_repeats(each)] == []


def test_functions_with_several_parameters_describe_them() -> None:
    assert [each.place for each in everything() if not described(each)] == []


def test_constructors_with_several_parameters_describe_them() -> None:
    assert [
        f"{module.name}:{owner.name}: {name}"
        for module in modules()
        for owner in classes(module)
        if not owner.name.startswith("_")
        for name in undescribed(owner)
    ] == []


def test_described_parameters_exist() -> None:
    assert [
        f"{each.place}: {name}"
        for each in everything()
        for name in entries(each.docstring)
        if name not in each.parameters
    ] == []


def test_described_signals_exist() -> None:
    assert [
        f"{module.name}:{owner.name}: {name}"
        for module in modules()
        for owner in classes(module)
        for name in entries(ast.get_docstring(owner) or "", "Signals")
        if name not in assigned(owner)
    ] == []


@pytest.mark.parametrize(
    ("docstring", "repeats"),
    [
        ("See `Base.apply`.", True),
        ("See Qt.", True),
        ("Apply the edit.", True),
        ("An edit, applied; the project itself stays as it was.", False),
    ],
)
def test_what_repeats_a_name(docstring: str, repeats: bool) -> None:
    source = f'class Edit:\n    def apply(self):\n        """{docstring}"""'
    assert only_repeats(routine_of(source)) == repeats


def test_overrides_need_no_description() -> None:
    base = "class Base:\n    def put(self, a, b, c): ..."
    source = f"{base}\n\nclass Edit(Base):\n    def put(self, a, b, c): ..."
    tree = ast.parse(source)
    found = routines(Module("dlstudio.example", MODULE.path, tree))
    assert [each.place for each in found] == ["dlstudio.example:Base.put"]


def test_entries_of_a_section() -> None:
    docstring = "One.\n\nArgs:\n    a, b: Two\n        lines: here.\n    *c: Rest.\n"
    assert entries(docstring) == ["a", "b", "c"]
    assert entries(f"{docstring}\nReturns:\n    d: No.") == ["a", "b", "c"]


MODULE = modules()[0]


def classes(module: Module) -> Iterator[ast.ClassDef]:
    return (each for each in module.tree.body if isinstance(each, ast.ClassDef))


def undescribed(owner: ast.ClassDef) -> list[str]:
    """Parameters of a constructor that neither it nor its class describes."""
    for each in owner.body:
        if isinstance(each, ast.FunctionDef) and each.name == "__init__":
            given = [*each.args.posonlyargs, *each.args.args, *each.args.kwonlyargs]
            names = [arg.arg for arg in given if arg.arg not in ("self", "parent")]
            texts = [ast.get_docstring(owner) or "", ast.get_docstring(each) or ""]
            known = {name for text in texts for name in entries(text)}
            return [n for n in names if n not in known] if len(names) >= MANY else []
    return []


def assigned(owner: ast.ClassDef) -> set[str]:
    found = (each.targets for each in owner.body if isinstance(each, ast.Assign))
    return {
        name.id for targets in found for name in targets if isinstance(name, ast.Name)
    }


def everything() -> Iterator[Routine]:
    for module in modules():
        yield from routines(module)


def described(routine: Routine) -> bool:
    """Whether it has few parameters, or they are in its or its module's docstring."""
    counted = set(routine.parameters) - helped(routine)
    if routine.node.name == "__init__" or len(counted) < MANY:
        return True
    if routine.module.name == FOREIGN:
        return True
    whole = ast.get_docstring(routine.module.tree) or ""
    shared = set(routine.parameters) <= set(entries(whole))
    return shared or bool(entries(routine.docstring))


def routine_of(source: str) -> Routine:
    module = Module("dlstudio.example", MODULE.path, ast.parse(source))
    return next(routines(module))
