"""Lines that are the same for several columns, written once in a loop."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence

from dlstudio.engine.codegen.literals import INDENT, WIDTH, quoted

PLACE = "{name}"


def column_rows(lines: Mapping[str, Sequence[str]]) -> list[str]:
    """The lines of each column, those of columns with the same lines in one loop.

    Args:
        lines: Of each column, by its name; “{name}” stands for the name.

    Returns:
        Lines indented as in a function.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, rows in lines.items():
        if rows:
            groups.setdefault(tuple(rows), []).append(name)
    found: list[str] = []
    for rows, names in groups.items():
        if len(names) == 1:
            found += [INDENT + row.replace(PLACE, quoted(names[0])) for row in rows]
            continue
        found += list_rows(f"{INDENT}for name in ", map(quoted, names), ":")
        found += [2 * INDENT + row.replace(PLACE, "name") for row in rows]
    return found


def list_rows(start: str, items: Iterable[str], end: str = "") -> list[str]:
    """`start [items] end` on one line if it fits, else on as few as needed.

    Args:
        start: What stands before the list, with its indent.
        items: Expressions.
        end: What follows it.
    """
    written = list(items)
    line = f"{start}[{', '.join(written)}]{end}"
    if len(line) <= WIDTH:
        return [line]
    own = start[: len(start) - len(start.lstrip())]
    return [f"{start}[", *packed(written, own + INDENT), f"{own}]{end}"]


def packed(items: Sequence[str], indent: str, width: int = WIDTH) -> list[str]:
    """Items with commas behind them, as many on a line as fit.

    Args:
        items: Expressions.
        indent: What stands before each line.
        width: Of a line.
    """
    rows, row = [], indent
    for item in items:
        more = f"{item}," if row == indent else f" {item},"
        if len(row) + len(more) > width and row != indent:
            rows.append(row)
            row, more = indent, f"{item},"
        row += more
    return [*rows, row] if row != indent else rows


def comment(text: str, indent: str = INDENT) -> list[str]:
    """A comment, wrapped."""
    return [
        f"{indent}# {line}" for line in textwrap.wrap(text, WIDTH - len(indent) - 2)
    ]
