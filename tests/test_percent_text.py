"""Shares are formatted as percentages in one style."""

from __future__ import annotations

import ast
import math
import re
from pathlib import Path

import dlstudio
from dlstudio.percent_text import percent

PACKAGE = Path(dlstudio.__file__).parent
BY_HAND = re.compile(r"%\}|\}\s?%")
"""Python's percent format, and a sign appended to a number."""


def test_a_share_and_its_sign_have_a_space_between() -> None:
    assert percent(0.9721) == "97.2 %"
    assert percent(0.15, 0) == "15 %"
    assert [percent(None), percent(math.nan)] == ["–", "–"]


def test_no_other_module_writes_percentages_itself() -> None:
    found = [
        path.name
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if path.name != "percent_text.py"
        and (
            (isinstance(node, ast.Constant) and BY_HAND.search(str(node.value)))
            or (isinstance(node, ast.JoinedStr) and BY_HAND.search(ast.unparse(node)))
        )
    ]
    assert found == []
