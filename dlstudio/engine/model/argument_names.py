"""Names of arguments and results that are valid in Python and in TensorFlow."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Sequence


def argument_names(names: Sequence[str], other: str) -> tuple[str, ...]:
    """Names that are valid arguments in Python and in TensorFlow, all different.

    Args:
        names: Any names.
        other: What one is called that has no letter or digit of ASCII.
    """
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        plain = re.sub(r"[^0-9A-Za-z]+", "_", name).strip("_") or other
        if plain[0].isdigit() or keyword.iskeyword(plain):
            plain = f"{other}_{plain}"
        found.append(_free(plain, taken))
        # TensorFlow does not tell upper from lower case everywhere.
        taken.add(found[-1].lower())
    return tuple(found)


def _free(name: str, taken: Iterable[str]) -> str:
    number, free = 2, name
    while free.lower() in taken:
        number, free = number + 1, f"{name}_{number}"
    return free
