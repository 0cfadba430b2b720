"""What was edited in a script and is not read: noted, so that no edit is lost."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.engine.script_reader.limits import ScriptProblem
from dlstudio.engine.script_reader.merged_metrics import STOPPING, metrics_are_read
from dlstudio.engine.script_reader.model_choice import BUILD
from dlstudio.engine.script_reader.reader import CONSTANTS, ScriptReading
from dlstudio.engine.script_reader.script_before import ScriptBefore
from dlstudio.i18n import _

MADE = " - made with dlstudio"
READ = frozenset({"optimizer", "loss", "loss_weights", "epochs", "batch_size"})
"""Arguments of `compile` and `fit` that go into the project."""
UNREAD = ("metrics", "callbacks", "class_weight", "validation_split")
POLICIES = ("set_dtype_policy", "set_global_policy")
Named = dict[str, ast.stmt]


def reading_notes(
    text: str,
    reading: ScriptReading,
    project: Project,
    written: ScriptBefore,
    catalog: Catalog,
) -> tuple[ScriptProblem, ...]:
    """Notes of what a script says and the project does not take.

    Args:
        text: The script.
        reading: What was read of it.
        project: What it is read into.
        written: The script of that project.
        catalog: Describes layers.
    """
    edited = _named(text)
    found = [*reading.notes]
    metrics = metrics_are_read(reading.settings.get("metrics"), catalog)
    read = READ | {"metrics"} if metrics else READ
    title, made, _version = reading.title.partition(MADE)
    if made and title.strip() != project.name:
        other = _(
            "This is the script of the project “{name}”. Its data and the code that "
            "reads them are not taken."
        )
        return (ScriptProblem(1, other.format(name=title.strip())), *found)
    if written.text and {BUILD, "compile_model"} <= set(edited):
        notes = written.reading.notes if written.reading is not None else ()
        known = {note.text for note in notes}
        found = [note for note in found if note.text not in known]
        found += _Comparison(reading, read).changes(edited, _named(written.text))
    else:
        found += [
            ScriptProblem(setting.line, _not_read(name))
            for name, setting in reading.settings.items()
            if name in UNREAD and name not in read and not _stops(setting.value)
        ]
    return tuple(dict.fromkeys(found))


def _not_read(name: str) -> str:
    text = _(
        "“{name}” is not read. A script changes layers, optimizer, loss, metrics, "
        "early stopping, epochs, batch size, seed and precision."
    )
    return text.format(name=name)


def _line_not_read(function: str) -> str:
    text = _(
        "This line of “{name}” is not read. A script changes layers, optimizer, loss, "
        "metrics, early stopping, epochs, batch size, seed and precision."
    )
    return text.format(name=function)


def _named(text: str) -> Named:
    """The functions, classes and constants of a script by name."""
    found: Named = {}
    for node in ast.parse(text).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found[node.name] = node
        elif isinstance(node, ast.Assign):
            names = [ast.unparse(each) for each in node.targets]
            if not any(name in names[0] for name in CONSTANTS):
                found[names[0]] = node
    return found


class _Comparison:
    """Compares two scripts, apart from what goes into the project.

    Args:
        reading: What was read of the edited one.
        read: Arguments of `compile` and `fit` that were.
    """

    def __init__(self, reading: ScriptReading, read: frozenset[str]) -> None:
        self._builders = {call.block[-1][0] for call in reading.calls if call.block}
        self._applied = reading.applied
        self._read = read

    def changes(self, edited: Named, written: Named) -> Iterator[ScriptProblem]:
        """A note for each part that differs and does not build layers."""
        for name, node in edited.items():
            before = written.get(name)
            if before is None or name in self._builders:
                continue
            if self._code(node) == self._code(before):
                continue
            functions = isinstance(node, ast.FunctionDef)
            if functions and isinstance(before, ast.FunctionDef):
                assert isinstance(node, ast.FunctionDef)
                yield from self._statements(node, before)
            else:
                yield ScriptProblem(node.lineno, _not_read(name))

    def _statements(
        self, node: ast.FunctionDef, before: ast.FunctionDef
    ) -> Iterator[ScriptProblem]:
        """A note for each statement that is new, or else for the function."""
        old = {self._code(each) for each in before.body}
        new = [each for each in node.body if self._code(each) not in old]
        for place in new:
            if self._applied.intersection(range(place.lineno, _end(place) + 1)):
                continue
            argument = self._argument(place, before.body)
            text = _not_read(argument) if argument else _line_not_read(node.name)
            yield ScriptProblem(place.lineno, text)
        if not new:
            yield ScriptProblem(node.lineno, _not_read(node.name))

    def _code(self, node: ast.stmt) -> str:
        """The code of a statement without what goes into the plan."""
        tree = ast.parse(ast.unparse(node))
        for each in ast.walk(tree):
            if isinstance(each, ast.Call):
                self._strip(each)
            if isinstance(each, ast.FunctionDef):
                each.body = [inner for inner in each.body if not _is_policy(inner)]
        return ast.dump(tree)

    def _strip(self, call: ast.Call) -> None:
        name = _called(call)
        if name == STOPPING.rpartition(".")[2]:
            call.args, call.keywords = [], []
        if name not in ("compile", "fit"):
            return
        call.keywords = [word for word in call.keywords if word.arg not in self._read]
        for word in call.keywords:
            if word.arg == "callbacks" and isinstance(word.value, ast.List):
                word.value.elts = [
                    each for each in word.value.elts if not _is_stopping(each)
                ]
        call.keywords = [
            word
            for word in call.keywords
            if not (isinstance(word.value, ast.List) and not word.value.elts)
        ]

    def _argument(self, place: ast.stmt, before: Sequence[ast.stmt]) -> str:
        """Which argument of a call differs from before; "" if there was none."""
        if not isinstance(place, ast.Expr) or not isinstance(place.value, ast.Call):
            return ""
        name = ast.unparse(place.value.func)
        for each in before:
            old = each.value if isinstance(each, ast.Expr) else None
            if isinstance(old, ast.Call) and ast.unparse(old.func) == name:
                new, known = self._words(place.value), self._words(old)
                return next(
                    (key for key in (*new, *known) if new.get(key) != known.get(key)),
                    "",
                )
        return ""

    def _words(self, call: ast.Call) -> dict[str, str]:
        """The arguments by keyword that do not go into the plan."""
        copy = ast.parse(ast.unparse(call), mode="eval").body
        assert isinstance(copy, ast.Call)
        for each in ast.walk(copy):
            if isinstance(each, ast.Call):
                self._strip(each)
        return {word.arg: ast.dump(word.value) for word in copy.keywords if word.arg}


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _is_stopping(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _called(node) == STOPPING.rpartition(".")[2]


def _stops(callbacks: object) -> bool:
    """Whether stopping early, which is read, is the only callback."""
    return isinstance(callbacks, (list, tuple)) and all(
        isinstance(each, Spec) and each.kind == STOPPING for each in callbacks
    )


def _is_policy(node: ast.stmt) -> bool:
    """Whether a statement sets the precision, or is a docstring."""
    if not isinstance(node, ast.Expr):
        return False
    value = node.value
    policy = isinstance(value, ast.Call) and _called(value) in POLICIES
    return policy or isinstance(value, ast.Constant)
