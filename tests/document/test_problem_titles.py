"""Every kind of problem has a title."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import dlstudio
from dlstudio.document.problem_titles import TITLES, problem_title

ENGINE = Path(dlstudio.__file__).parent / "engine"
CODE = re.compile(r"[a-z]+(-[a-z]+)+")


def codes() -> Iterator[str]:
    """Every string that looks like a code in the modules that find problems."""
    for path in (*ENGINE.glob("problems/*.py"), *ENGINE.glob("check*.py")):
        for found in ast.walk(ast.parse(path.read_text("utf-8"))):
            value = found.value if isinstance(found, ast.Constant) else None
            if isinstance(value, str) and CODE.fullmatch(value):
                yield value


def test_every_code_has_a_title() -> None:
    found = set(codes())
    assert len(found) > 60, "they are looked for where they are"
    assert found <= TITLES.keys()


def test_titles_are_short() -> None:
    assert max(map(len, TITLES.values())) <= 32
    assert problem_title("shape-mismatch") == "shapes do not match"
    assert problem_title("something-new") == ""
