"""Draw the packages and their imports into dlstudio/ARCHITECTURE.md.

    python packaging/architecture.py          write the drawings
    python packaging/architecture.py --check  only report which are not up to date

A drawing is written in Mermaid, which GitHub renders, between two comments; the rest of
the document is unchanged. Arrows are the actual imports, without those for type
checkers; below a package's name is the beginning of its docstring.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "dlstudio" / "ARCHITECTURE.md"
BLOCK = re.compile(
    r"(<!-- drawing of (?P<name>[\w.]+)[^>]*-->\n).*?(<!-- end of the drawing -->)",
    re.DOTALL,
)
LIBRARIES = {
    "PySide6": "Qt",
    "pyqtgraph": "Qt",
    "keras": "Keras, TensorFlow",
    "tensorflow": "Keras, TensorFlow",
}
"""Libraries that are shown, with their names in the drawing."""
BESIDE: Mapping[str, Mapping[str, str]] = {
    "dlstudio": {"dlstudio.app": "dlstudio.app", **LIBRARIES},
    "dlstudio.engine": {},
    "dlstudio.ui": {},
}
"""What each drawing shows besides the subpackages, with the box of each."""
NEAREST = ("dlstudio.engine", "dlstudio.ui")
"""Drawings without transitive arrows, which would clutter them."""

Arrows = list[tuple[str, str]]


def drawing(package: str) -> str:
    """The Mermaid text of a package's subpackages and their imports.

    Args:
        package: A key of `BESIDE`.
    """
    inside = {name: name for name in packages_in(package)}
    boxes = {**inside, **BESIDE[package]}
    found = arrows(boxes)
    if package in NEAREST:
        found = nearest(found)
    lines = ["```mermaid", "flowchart TD"]
    for box in dict.fromkeys(boxes.values()):
        lines.append(f"    {key(box)}{labelled(box)}")
    lines += [f"    {key(start)} --> {key(end)}" for start, end in found]
    return "\n".join([*lines, "```", ""])


def packages_in(package: str) -> list[str]:
    """Full names of the direct subpackages of a package."""
    folders = ROOT.joinpath(*package.split(".")).glob("*/__init__.py")
    return sorted(f"{package}.{path.parent.name}" for path in folders)


def arrows(boxes: Mapping[str, str]) -> Arrows:
    """The pairs of boxes of which one imports the other, without duplicates, sorted.

    Args:
        boxes: Names of modules, packages or libraries by box. A package includes all of
            its modules.
    """
    graph = grimp.build_graph(
        "dlstudio",
        include_external_packages=True,
        exclude_type_checking_imports=True,
        cache_dir=None,
    )
    for name in boxes:
        if name in graph.modules and not graph.is_module_squashed(name):
            graph.squash_module(name)
    pairs = {
        (box, boxes[imported])
        for name, box in boxes.items()
        if name in graph.modules
        for imported in graph.find_modules_directly_imported_by(name)
        if imported in boxes
    }
    return sorted((start, end) for start, end in pairs if start != end)


def nearest(found: Arrows) -> Arrows:
    """The arrows without transitive ones."""
    left = list(found)
    for start, end in found:
        others = [each for each in left if each != (start, end)]
        if end in reached(start, others):
            left = others
    return left


def reached(start: str, found: Arrows) -> set[str]:
    """All boxes that are reachable from one."""
    known, new = set[str](), {start}
    while new:
        new = {end for begin, end in found if begin in new} - known
        known |= new
    return known


def key(box: str) -> str:
    """A valid name of a Mermaid node; "end" and the like are reserved."""
    return "box_" + re.sub(r"\W+", "_", box)


def labelled(box: str) -> str:
    """The shape and text of a box: round for libraries, with its docstring for ours."""
    if box in LIBRARIES.values():
        return f'(["{box}"])'
    name = box.rpartition(".")[2]
    return f'["<b>{name}</b><br>{beginning(box)}"]'


def beginning(module: str) -> str:
    """A module's docstring up to its first colon, period or semicolon."""
    path = ROOT.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return re.split(r"[:.;]", text, maxsplit=1)[0].replace("\n", " ")


def renewed(text: str) -> str:
    """The document with current drawings."""
    return BLOCK.sub(lambda block: block[1] + drawing(block["name"]) + block[3], text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the drawings, or only check them; the status is 1 if one is outdated."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing")
    options = parser.parse_args(arguments)
    text = DOCUMENT.read_text("utf-8")
    new = renewed(text)
    if options.check and new != text:
        print("Drawings are not up to date; run: python packaging/architecture.py")
        return 1
    if new != text:
        DOCUMENT.write_text(new, "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
