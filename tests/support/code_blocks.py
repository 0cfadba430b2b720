"""The code blocks of a Markdown text, and running them unchanged."""

from __future__ import annotations

import contextlib
import io
import re
from dataclasses import dataclass
from typing import Any

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Ran:
    """The result of a Python block: its names, and the printed lines."""

    names: dict[str, Any]
    lines: list[str]


def blocks(markdown: str, language: str) -> list[str]:
    """The code of all blocks in one language."""
    return [code for name, code in _BLOCK.findall(markdown) if name == language]


def run_python(code: str) -> Ran:
    """Run a block in the working directory, in a new namespace."""
    names: dict[str, Any] = {"__name__": "shown"}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, "<shown>", "exec"), names)
    return Ran(names, printed.getvalue().splitlines())
