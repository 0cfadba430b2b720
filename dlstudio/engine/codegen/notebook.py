"""A script as a Jupyter notebook: the same code in cells, below headings."""

from __future__ import annotations

import ast
import json
import textwrap
from collections.abc import Iterator

from dlstudio.i18n import _
from dlstudio.i18n import marked as mark
from dlstudio.json_values import JsonObject

ENDING = ".ipynb"
IMPORTS, SETTINGS, DATA = mark("Imports"), mark("Settings"), mark("Data")
MODEL, TRAINING, RUN = mark("Model"), mark("Training"), mark("Run")
LAYERS = mark("Layers")
OF_MODEL = ("adapted", "learned_words")
OWN_LAYERS = ("Sampling", "SubwordLayer", "WordPiece", "BytePair", "RandomTokens")
BUILD = "build_"


def notebook_text(script: str) -> str:
    """The JSON of a notebook, nbformat 4.

    Args:
        script: As `ProjectScripts` writes it.
    """
    cells = [
        _cell(number, kind, source)
        for number, (kind, source) in enumerate(_sources(script), 1)
    ]
    notebook = {
        "cells": cells,
        "metadata": {
            "kernelspec": {
                "display_name": "Python 3",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _cell(number: int, kind: str, source: str) -> JsonObject:
    cell: JsonObject = {
        "cell_type": kind,
        "id": f"cell-{number}",
        "metadata": {},
        "source": list(source.splitlines(keepends=True)),
    }
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def _sources(script: str) -> Iterator[tuple[str, str]]:
    """Kind and source of each cell."""
    tree, lines = ast.parse(script), script.splitlines()
    title = (ast.get_docstring(tree) or "").partition("\n")[0]
    name, _dash, made = title.partition(" - ")
    yield "markdown", f"# {name}" + (f"\n\n{made}" if made else "")
    heading, pending, end = "", list[str](), 0
    modelled = False
    for statement in tree.body:
        last = statement.end_lineno or statement.lineno
        code = "\n".join(lines[end:last])
        begun, end = end == 0, last
        if begun and isinstance(statement, ast.Expr):
            continue  # the title
        modelled |= getattr(statement, "name", "").startswith(BUILD)
        found = _heading(statement, after_model=modelled)
        alone = not isinstance(statement, (ast.Import, ast.ImportFrom, ast.Assign))
        if pending and (found != heading or alone):
            yield "code", "\n".join(pending).strip("\n")
            pending = []
        if found != heading:
            heading = found
            yield "markdown", f"## {_(heading)}"
        pending.append(_body(statement, lines) if heading == RUN else code)
    rest = "\n".join(lines[end:]).strip("\n")
    yield "code", "\n".join([*pending, *([rest] if rest else [])]).strip("\n")


def _heading(statement: ast.stmt, *, after_model: bool) -> str:
    """The heading that a statement stands below."""
    name = getattr(statement, "name", "")
    if isinstance(statement, (ast.Import, ast.ImportFrom, ast.Expr)):
        return IMPORTS
    if isinstance(statement, ast.If):
        return RUN
    if name in OWN_LAYERS:
        return LAYERS
    if name.startswith(BUILD) or name in OF_MODEL:
        return MODEL
    if isinstance(statement, ast.Assign) and not after_model:
        return SETTINGS
    return TRAINING if after_model else DATA


def _body(statement: ast.stmt, lines: list[str]) -> str:
    """What stands below `if __name__ == "__main__"`, without its indent."""
    if not isinstance(statement, ast.If):
        return "\n".join(lines[statement.lineno - 1 : statement.end_lineno])
    inner = lines[statement.body[0].lineno - 1 : statement.end_lineno]
    return textwrap.dedent("\n".join(inner))
