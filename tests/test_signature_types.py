"""Signatures have specific types: hardly any has `Any`."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import dlstudio

PACKAGE = Path(dlstudio.__file__).parent
HIGHEST = 0.04
"""Largest share of annotations in signatures that may contain `Any`."""


def _annotations(tree: ast.AST) -> Iterator[ast.expr]:
    """The annotations of parameters and returns, in functions of every level."""
    for each in ast.walk(tree):
        if not isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        named = [*each.args.posonlyargs, *each.args.args, *each.args.kwonlyargs]
        others = [each.args.vararg, each.args.kwarg]
        for arg in [*named, *(other for other in others if other is not None)]:
            if arg.annotation is not None:
                yield arg.annotation
        if each.returns is not None:
            yield each.returns


def _says_any(annotation: ast.expr) -> bool:
    """Whether it contains `Any` anywhere, as in `dict[str, Any]` or `typing.Any`."""
    names = (getattr(e, "id", getattr(e, "attr", "")) for e in ast.walk(annotation))
    return "Any" in names


def _count(source: str) -> tuple[int, int]:
    """The number of annotations with `Any`, and of all annotations."""
    found = [_says_any(each) for each in _annotations(ast.parse(source))]
    return sum(found), len(found)


def test_any_is_found_wherever_it_stands_in_an_annotation() -> None:
    source = """
def one(a: Any, b: dict[str, Any], *c: typing.Any, d: int = 0, **e: str) -> None: ...
def two(a: Literal["x"]) -> Callable[[Any], int]: ...
"""
    assert _count(source) == (4, 8)


def test_hardly_any_signature_says_any() -> None:
    said, all_of = Counter[str](), Counter[str]()
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).parts
        package = parts[0] if len(parts) > 1 else "top level"
        number, total = _count(path.read_text("utf-8"))
        said[package] += number
        all_of[package] += total
    for package, total in all_of.items():
        number = said[package]
        print(f"{package}: {number} of {total}, {number / total:.1%}")
    share = said.total() / all_of.total()
    assert share < HIGHEST, (
        f"{share:.1%} of the annotations contain `Any`; expected less than "
        f"{HIGHEST:.0%}. Say `object` where nothing is known, `JsonValue` for JSON, "
        "and a protocol of `dlstudio.engine.typing` for what comes from Keras."
    )
