"""The file of class names: one name per line, in the order of the scores."""

from __future__ import annotations

from collections.abc import Sequence

READ_NAMES = """\
with open(@labels, encoding="utf-8") as file:
    names = file.read().splitlines()
"""
"""Python code that reads the file; see `Snippet`."""
PRINT_SCORES = """\
for name, score in zip(names, scores[0]):
    print(f"{name}: {score:.4f}")
"""


def labels_text(classes: Sequence[str]) -> str:
    """One class per line; a line break inside a name becomes a space."""
    return "".join(" ".join(name.splitlines()) + "\n" for name in classes)
