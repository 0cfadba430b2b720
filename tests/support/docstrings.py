"""Reads the docstrings of the package's public functions and methods."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "dlstudio"
MANY = 3  # from this number of parameters on, a docstring describes them
_FILLER = {"a", "an", "the", "its", "this", "that", "of", "it", "them", "is", "s"}
_REFERENCE = re.compile(r"[Ss]ee (`[^`]+`|Qt|the class|Q\w+)\.?")
_ENTRY = re.compile(r"(?m)^( {4})(\*{0,2}\w+(?:, \*{0,2}\w+)*):(?:\s|$)")

_HELPED = re.compile(r"Annotated\[|\w+(Option|Argument)$")  # typer's types
UNKNOWN = (
    object()
)  # a class of a library that is not installed: it may declare anything

Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A parsed file: its dotted name, its tree, and the imports of its names."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def package(self) -> str:
        """The package that contains it."""
        return self.name.rpartition(".")[0]


@dataclass(frozen=True)
class Routine:
    """A public function of a module, or a public method of a public class of it."""

    module: Module
    owner: ast.ClassDef | None
    node: Definition

    @property
    def place(self) -> str:
        """Its location: "dlstudio.data.images.scan:Class.method"."""
        owner = f"{self.owner.name}." if self.owner else ""
        return f"{self.module.name}:{owner}{self.node.name}"

    @property
    def docstring(self) -> str:
        """Its docstring; for a constructor, that of its class."""
        own = ast.get_docstring(self.node) or ""
        if self.owner is None or self.node.name != "__init__":
            return own
        return f"{ast.get_docstring(self.owner) or ''}\n\n{own}"

    @property
    def parameters(self) -> list[str]:
        """Without `self`, `cls`, and forwarded parameters (`*args: P.args`)."""
        given = self.node.args
        names = [each.arg for each in (*given.posonlyargs, *given.args)]
        bound = self.owner is not None and not _decorated(self.node, "staticmethod")
        stars = [
            each.arg
            for each in (given.vararg, given.kwarg)
            if each and not isinstance(each.annotation, ast.Attribute)
        ]
        keywords = [each.arg for each in given.kwonlyargs]
        return names[bound:] + stars + keywords


def helped(routine: Routine) -> set[str]:
    """Its parameters whose type has a help text for the command line."""
    given = (*routine.node.args.args, *routine.node.args.kwonlyargs)
    return {each.arg for each in given if _HELPED.match(_annotation(each))}


@cache
def modules() -> tuple[Module, ...]:
    """Every file of the package."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append(Module(name, path, ast.parse(path.read_text("utf-8"))))
    return tuple(found)


def routines(module: Module) -> Iterator[Routine]:
    """Its public functions and methods, without overrides and nested ones."""
    for node in module.tree.body:
        if isinstance(node, Definition) and _public(node.name):
            yield Routine(module, None, node)
        if not isinstance(node, ast.ClassDef) or not _public(node.name):
            continue
        for each in node.body:
            if not isinstance(each, Definition):
                continue
            own = _public(each.name) and not overrides(module, node, each.name)
            if own or each.name == "__init__":
                yield Routine(module, node, each)


def overrides(module: Module, owner: ast.ClassDef, method: str) -> bool:
    """Whether a base class declares the method, in the package or elsewhere."""
    for base in owner.bases:
        found = _resolve(module, _dotted(base))
        if isinstance(found, tuple):
            where, node = found
            if _declares(node, method) or overrides(where, node, method):
                return True
        elif found is UNKNOWN or (found is not None and hasattr(found, method)):
            return True
    return False


def only_repeats(routine: Routine) -> bool:
    """Whether the docstring only repeats the names, or only refers elsewhere."""
    text = ast.get_docstring(routine.node)
    if not text or "\n" in text or re.search(r"\d", text):
        return False
    if _REFERENCE.fullmatch(text):
        return True
    known = _words(routine.node.name)
    if routine.owner is not None:
        known |= _words(routine.owner.name)
    said = {word for word in _words(text) if word not in _FILLER}
    return {_stem(word) for word in said} <= {_stem(word) for word in known}


def entries(docstring: str, section: str = "Args") -> list[str]:
    """The names described in a section of a docstring."""
    found = re.search(rf"(?m)^{section}:\n((?:(?: {{4}}.*)?\n?)+)", docstring)
    if found is None:
        return []
    names = (match[2] for match in _ENTRY.finditer(found[1]))
    return [each.lstrip("*") for group in names for each in group.split(", ")]


def _resolve(module: Module, name: str) -> object:
    """Resolve a class name: its module and node, the class itself, or None."""
    head, _, rest = name.partition(".")
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return module, node
    for node in module.tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                if (alias.asname or alias.name) == head:
                    target = f"{alias.name}.{rest}" if rest else alias.name
                    return _find(node.module, target)
        if isinstance(node, ast.Import):
            for alias in node.names:
                if head in (alias.asname, alias.name):
                    return _find(alias.name, rest)
    return None


def _find(module: str, name: str) -> object:
    if module.partition(".")[0] == PACKAGE.name:
        for each in modules():
            if each.name == module:
                return _resolve(each, name)
            if f"{module}.{name.partition('.')[0]}" == each.name and "." in name:
                return _resolve(each, name.partition(".")[2])
        return None
    try:
        found: object = importlib.import_module(module)
    except ImportError:
        return UNKNOWN
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


def _declares(owner: ast.ClassDef, method: str) -> bool:
    return any(
        isinstance(each, Definition) and each.name == method for each in owner.body
    )


def _annotation(given: ast.arg) -> str:
    return ast.unparse(given.annotation) if given.annotation else ""


def _dotted(base: ast.expr) -> str:
    if isinstance(base, ast.Subscript):
        base = base.value
    return ast.unparse(base)


def _decorated(node: Definition, name: str) -> bool:
    return any(_dotted(each) == name for each in node.decorator_list)


def _public(name: str) -> bool:
    return not name.startswith("_")


def _words(text: str) -> set[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return {word.lower() for word in re.findall(r"[A-Za-z]+", spaced)}


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            word = word[: -len(ending)]
            break
    return word
