"""What code the models that are made now may run: that of their project, if trusted.

It holds for the block of code that opened it, on its thread, and for nothing else.
Outside of such a block nothing is trusted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dlstudio.document.project import Project
from dlstudio.engine.custom_code.code_files import CodeFile, read_code
from dlstudio.engine.custom_code.code_module import code_objects
from dlstudio.engine.custom_code.lambda_code import NAMED, LambdaCode
from dlstudio.engine.custom_code.restored_lambda import (
    NAME,
    restorable,
    restoring_class,
)
from dlstudio.errors import UserError
from dlstudio.trusted_code import TrustStore

MOST_FILES = 32
"""Of one project; others are not looked at."""
ACTIVATION = "activation"
ScopeKey = tuple[frozenset[str], tuple[str, ...]]


@dataclass(frozen=True)
class CodeScope:
    """Trusted code.

    Attributes:
        trusted: Digests of what the user trusts.
        files: Code files, trusted or not.
        objects: Classes and functions of the trusted files, by name.
        problems: Why other files have none.
    """

    trusted: frozenset[str] = frozenset()
    files: tuple[CodeFile, ...] = ()
    objects: Mapping[str, object] = field(default_factory=dict)
    problems: tuple[UserError, ...] = ()

    @property
    def key(self) -> ScopeKey:
        """Differs where layers may be made differently."""
        return self.trusted, tuple(each.digest for each in self.files)

    @property
    def untrusted(self) -> tuple[CodeFile, ...]:
        """Code files that are not trusted, and so were not run."""
        return tuple(each for each in self.files if each.digest not in self.trusted)

    def trusts(self, code: LambdaCode) -> bool:
        """Whether the functions of a Lambda may be run."""
        if not code.is_plain:
            return False
        if code.bytecode:
            return code.digest in self.trusted
        return bool(code.named) and all(map(self._has_function, code.named))

    @property
    def custom_objects(self) -> dict[str, object]:
        """What Keras may find in configurations that were `prepared`, by name."""
        return {**self.objects, NAME: restoring_class(self.trusts, self.objects)}

    def prepared(self, item: Any) -> Any:
        """A configuration in which Keras finds trusted code by `custom_objects`.

        Args:
            item: As JSON; it stays as it is.
        """
        if isinstance(item, list):
            return [self.prepared(each) for each in item]
        if not isinstance(item, dict):
            return item
        code = LambdaCode.of(item)
        if code is not None and self.trusts(code):
            item = restorable(code, item)
        made = {
            key: self._function(value) if key.endswith(ACTIVATION) else value
            for key, value in item.items()
        }
        made = {key: self.prepared(value) for key, value in made.items()}
        name = self._name(item)
        if name and item["class_name"] == NAMED:
            made["config"] = made["registered_name"] = name
        elif name:
            made["registered_name"] = name
        return made

    def _function(self, value: Any) -> Any:
        """A function that Keras 2 has named, in Keras 3's form; else the same."""
        if not isinstance(value, str) or value not in self.objects:
            return value
        return {"class_name": NAMED, "config": value, "module": "builtins"}

    def is_named_in(self, config: object) -> bool:
        """Whether a configuration names something of the trusted files.

        Args:
            config: As JSON.
        """
        waiting = [config]
        while waiting:
            each = waiting.pop()
            if isinstance(each, dict):
                if "class_name" in each and self._name(each):
                    return True
                waiting += each.values()
            elif isinstance(each, list):
                waiting += each
        return False

    def _name(self, item: Mapping[str, Any]) -> str:
        """The name of a trusted class or function that is meant; "" if it is none."""
        kind, module = item.get("class_name"), item.get("module")
        if module is not None and str(module).split(".")[0] == "keras":
            return ""
        last = item.get("config") if kind == NAMED else kind
        for name in (item.get("registered_name"), last):
            if isinstance(name, str) and name in self.objects:
                return name
        return ""

    def _has_function(self, item: Mapping[str, Any]) -> bool:
        return bool(self._name(item))


_scope: ContextVar[CodeScope | None] = ContextVar("code", default=None)
_NOTHING = CodeScope()


def current_code() -> CodeScope:
    """What may be run now."""
    return _scope.get() or _NOTHING


@contextmanager
def code_scope(files: Sequence[CodeFile]) -> Iterator[CodeScope]:
    """Let the layers that are made inside use code, as far as the user trusts it.

    Args:
        files: Code files.
    """
    with _entered(_scope_of(tuple(files), [])) as scope:
        yield scope


@contextmanager
def project_code(project: Project, folder: Path | None) -> Iterator[CodeScope]:
    """Let the layers of a project use its code, as far as the user trusts it.

    Args:
        project: Names its code files.
        folder: Of the project; None if it has none yet.
    """
    files: list[CodeFile] = []
    problems: list[UserError] = []
    for entry in project.code[:MOST_FILES] if folder is not None else ():
        try:
            assert folder is not None
            files.append(read_code(folder, entry))
        except UserError as error:
            problems.append(error)
    with _entered(_scope_of(tuple(files), problems)) as scope:
        yield scope


def _scope_of(files: tuple[CodeFile, ...], problems: list[UserError]) -> CodeScope:
    trusted = TrustStore().digests()
    objects: dict[str, object] = {}
    for file in files:
        if file.digest not in trusted:
            continue
        try:
            objects |= code_objects(file)
        except UserError as error:
            problems.append(error)
    return CodeScope(trusted, files, objects, tuple(problems))


@contextmanager
def _entered(scope: CodeScope) -> Iterator[CodeScope]:
    token = _scope.set(scope)
    try:
        yield scope
    finally:
        _scope.reset(token)
