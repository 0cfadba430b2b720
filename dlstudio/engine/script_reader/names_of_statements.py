"""The names that statements give values to, or mention."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import lru_cache

CHANGING = ("add", "pop")
"""Methods that change which layers a Sequential has."""


def assigned(nodes: Sequence[ast.stmt]) -> set[str]:
    """Names that statements may assign."""
    found: set[str] = set()
    for each in _walk(nodes):
        if isinstance(each, ast.Name) and isinstance(each.ctx, (ast.Store, ast.Del)):
            found.add(each.id)
        elif isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(each.name)
        elif isinstance(each, ast.alias):
            found.add((each.asname or each.name).partition(".")[0])
    return found


def mentioned(nodes: Sequence[ast.stmt]) -> set[str]:
    """All names in statements."""
    return {each.id for each in _walk(nodes) if isinstance(each, ast.Name)}


def only_used(nodes: Sequence[ast.stmt]) -> set[str]:
    """Names of which only methods are called that add nothing, such as `summary`."""
    walked = _walk(nodes)
    used = [
        each.value
        for each in walked
        if isinstance(each, ast.Attribute)
        and isinstance(each.value, ast.Name)
        and each.attr not in CHANGING
    ]
    harmless = {id(each) for each in used}
    changed = {
        each.id
        for each in walked
        if isinstance(each, ast.Name) and id(each) not in harmless
    }
    return {each.id for each in used} - changed


def trainable_lines(nodes: Sequence[ast.stmt]) -> list[int]:
    """Lines that set `trainable` of something."""
    return [
        each.lineno
        for each in _walk(nodes)
        if isinstance(each, ast.Attribute)
        and each.attr == "trainable"
        and isinstance(each.ctx, ast.Store)
    ]


@lru_cache(maxsize=256)
def is_generator(node: ast.FunctionDef) -> bool:
    """Whether a function yields."""
    return any(isinstance(each, (ast.Yield, ast.YieldFrom)) for each in ast.walk(node))


def _walk(nodes: Sequence[ast.stmt]) -> list[ast.AST]:
    return [inner for node in nodes for inner in ast.walk(node)]
