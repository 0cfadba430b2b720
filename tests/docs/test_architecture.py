"""ARCHITECTURE.md names existing things, and its drawings show current imports."""

from __future__ import annotations

import ast
import importlib.util
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "dlstudio" / "ARCHITECTURE.md"
LINK = re.compile(r"\[`([^`]+)`\]\(([^)#]+)\)")


@pytest.fixture(scope="module")
def architecture() -> ModuleType:
    path = ROOT / "packaging" / "architecture.py"
    spec = importlib.util.spec_from_file_location("architecture", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def named() -> list[tuple[str, str]]:
    """Each name that the document links, with its file or folder."""
    return LINK.findall(DOCUMENT.read_text("utf-8"))


def test_the_drawings_are_up_to_date(architecture: ModuleType) -> None:
    text = DOCUMENT.read_text("utf-8")
    assert architecture.BLOCK.findall(text), "the comments around a drawing are gone"
    assert architecture.renewed(text) == text, "run python packaging/architecture.py"
    assert architecture.main(["--check"]) == 0


def test_an_arrow_is_an_import(architecture: ModuleType) -> None:
    drawing = architecture.drawing("dlstudio")
    assert "box_dlstudio_engine --> box_dlstudio_data" in drawing
    assert "box_dlstudio_ui --> box_dlstudio_engine" not in drawing
    assert "box_dlstudio_document --> box_Keras" not in drawing


def test_transitive_arrows_are_excluded(architecture: ModuleType) -> None:
    chain = [("a", "b"), ("b", "c")]
    assert architecture.nearest([*chain, ("a", "c")]) == chain
    circle = [*chain, ("c", "a")]
    assert architecture.nearest(circle) == circle


def test_every_name_is_defined_in_the_linked_file() -> None:
    assert len(named()) > 50
    assert [pair for pair in named() if not is_there(*pair)] == []


def is_there(name: str, target: str) -> bool:
    """Whether a linked file has this name, or defines the class or function."""
    path = (DOCUMENT.parent / target).resolve()
    if path.is_dir():
        return path.as_posix().endswith(name.rstrip("/"))
    if not path.is_file():
        return False
    called = (path.name, path.stem, path.relative_to(DOCUMENT.parent.parent).as_posix())
    return name in definitions(path) or any(
        each == name or each.endswith(f"/{name}") for each in called
    )


@cache
def definitions(path: Path) -> frozenset[str]:
    """Names a module defines: "Trainer", "Trainer.train", "check", "COMMANDS"."""
    found = set[str]()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef):
            methods = [each for each in node.body if isinstance(each, ast.FunctionDef)]
            found |= {node.name, *(f"{node.name}.{each.name}" for each in methods)}
        elif isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {each.id for each in targets if isinstance(each, ast.Name)}
    return frozenset(found)


def test_what_is_in_backticks_is_linked_or_no_path() -> None:
    """A module named without a link would not be checked."""
    text = LINK.sub("", DOCUMENT.read_text("utf-8"))
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    bare = re.findall(r"`([^`]+)`", text)
    assert [each for each in bare if each.endswith(".py")] == []
    assert [each for each in bare if re.fullmatch(r"[A-Z][a-z]+[A-Z]\w+", each)] == []
