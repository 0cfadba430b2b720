"""Lines of text as a table with one column."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

LINES_FILE = "pasted.jsonl"
"""Name of a table of pasted lines."""


def save_lines(path: Path, column: str, lines: Sequence[str]) -> None:
    """Write a JSON Lines file, in which no sign of a text separates columns.

    Args:
        path: Of the file, which is replaced.
        column: Name of the column.
        lines: One text each.

    Raises:
        OSError: The file cannot be written.
    """
    rows = (json.dumps({column: each}, ensure_ascii=False) for each in lines)
    path.write_text("".join(row + "\n" for row in rows), "utf-8")
