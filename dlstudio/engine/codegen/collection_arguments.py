"""Lists, and dictionaries by the name of an output, as arguments of a call."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.engine.codegen.literals import INDENT, WIDTH


def dictionary(name: str, keys: list[str], values: Sequence[str | list[str]]) -> str:
    """`name={…}` with a key on each line; a list that is long, on several lines.

    Args:
        name: Of the argument.
        keys: Names of outputs, quoted.
        values: The expression of each, or several in a list.

    Returns:
        Lines that are joined, indented as those of a call.
    """
    rows = [f"{name}={{"]
    for key, value in zip(keys, values, strict=True):
        items = value if isinstance(value, list) else []
        text = f"[{', '.join(items)}]" if isinstance(value, list) else value
        line = f"{2 * INDENT}{key}: {text},"
        if items and len(line) + len(INDENT) > WIDTH:
            rows.append(f"{2 * INDENT}{key}: [")
            rows += [f"{3 * INDENT}{each}," for each in items]
            line = f"{2 * INDENT}],"
        rows.append(line)
    return "\n".join([*rows, f"{INDENT}}}"])


def listing(name: str, values: list[str]) -> str:
    """`name=[…]`, with a value on each line where it is long.

    Args:
        name: Of the argument.
        values: Their expressions.

    Returns:
        Lines that are joined, indented as those of a call.
    """
    line = f"{name}=[{', '.join(values)}]"
    if len(line) + 2 * len(INDENT) < WIDTH and "\n" not in line:
        return line
    rows = [f"{name}=[", *(f"{2 * INDENT}{each}," for each in values), f"{INDENT}]"]
    return "\n".join(rows)
