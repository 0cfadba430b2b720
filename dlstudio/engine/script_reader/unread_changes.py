"""What was edited in a script and is not read: noted, so that no edit is lost."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.engine.script_reader.limits import ScriptProblem
from dlstudio.engine.script_reader.model_choice import BUILD
from dlstudio.engine.script_reader.reader import (
    CONSTANTS,
    ScriptReading,
    read_script,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _

MADE = " - made with dlstudio"
READ = frozenset({"optimizer", "loss", "epochs", "batch_size"})
"""Arguments of `compile` and `fit` that go into the plan."""
UNREAD = ("metrics", "loss_weights", "callbacks", "class_weight", "validation_split")
POLICIES = ("set_dtype_policy", "set_global_policy")
Named = dict[str, ast.stmt]


def reading_notes(
    text: str, reading: ScriptReading, project: Project, written: str, catalog: Catalog
) -> tuple[ScriptProblem, ...]:
    """Notes of what a script says and the project does not take.

    Args:
        text: The script.
        reading: What was read of it.
        project: What it is read into.
        written: The script of that project as it was before; "" if it has none.
        catalog: Describes layers.
    """
    edited = _named(text)
    found = [*reading.notes]
    title, made, _version = reading.title.partition(MADE)
    if made and title.strip() != project.name:
        other = _(
            "This is the script of the project “{name}”. Its data and the code that "
            "reads them are not taken."
        )
        return (ScriptProblem(1, other.format(name=title.strip())), *found)
    if written and {BUILD, "compile_model"} <= set(edited):
        try:
            known = {note.text for note in read_script(written, catalog).notes}
        except UserError:
            known = set()
        found = [note for note in found if note.text not in known]
        found += _changes(edited, _named(written), reading)
    else:
        found += [
            ScriptProblem(setting.line, _not_read(name))
            for name, setting in reading.settings.items()
            if name in UNREAD
        ]
    return tuple(dict.fromkeys(found))


def _not_read(name: str) -> str:
    text = _(
        "“{name}” is not read. A script changes layers, optimizer, loss, epochs, batch "
        "size, seed and precision."
    )
    return text.format(name=name)


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


def _changes(
    edited: Named, written: Named, reading: ScriptReading
) -> Iterator[ScriptProblem]:
    """A note for each part that differs and does not build layers."""
    builders = {call.block[-1][0] for call in reading.calls if call.block}
    for name, node in edited.items():
        before = written.get(name)
        if before is None or name in builders or _code(node) == _code(before):
            continue
        place, argument = _difference(node, before)
        yield ScriptProblem(place.lineno, _not_read(argument or name))


def _code(node: ast.stmt) -> str:
    """The code of a statement without what goes into the plan."""
    tree = ast.parse(ast.unparse(node))
    for each in ast.walk(tree):
        if isinstance(each, ast.Call) and _called(each) in ("compile", "fit"):
            each.keywords = [word for word in each.keywords if word.arg not in READ]
        if isinstance(each, ast.FunctionDef):
            each.body = [inner for inner in each.body if not _is_policy(inner)]
    return ast.dump(tree)


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _is_policy(node: ast.stmt) -> bool:
    """Whether a statement sets the precision, or is a docstring."""
    if not isinstance(node, ast.Expr):
        return False
    value = node.value
    policy = isinstance(value, ast.Call) and _called(value) in POLICIES
    return policy or isinstance(value, ast.Constant)


def _difference(node: ast.stmt, before: ast.stmt) -> tuple[ast.stmt, str]:
    """The first statement that differs, and which argument of it, if it is a call."""
    if not isinstance(node, ast.FunctionDef) or not isinstance(before, ast.FunctionDef):
        return node, ""
    old = [_code(each) for each in before.body]
    place = next((each for each in node.body if _code(each) not in old), node)
    calls = [each for each in before.body if isinstance(each, ast.Expr)]
    if isinstance(place, ast.Expr) and isinstance(place.value, ast.Call):
        for each in calls:
            same = isinstance(each.value, ast.Call) and ast.unparse(
                each.value.func
            ) == ast.unparse(place.value.func)
            if same and isinstance(each.value, ast.Call):
                return place, _argument(place.value, each.value)
    return place, ""


def _argument(call: ast.Call, before: ast.Call) -> str:
    """The first argument by keyword that differs."""
    new, old = (
        {word.arg: ast.dump(word.value) for word in each.keywords if word.arg}
        for each in (call, before)
    )
    names = [name for name in (*new, *old) if name not in READ]
    return next((name for name in names if new.get(name) != old.get(name)), "")
