"""Applying fixes of problems to a project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlstudio.cli.changes import change_line, changes_json, changes_of
from dlstudio.cli.command_text import command_text
from dlstudio.cli.opened_project import OpenedProject
from dlstudio.cli.output import Output
from dlstudio.document.edit_lock import edited_project
from dlstudio.document.layout import LayoutEdit
from dlstudio.document.problem_groups import numbered_fixes
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark
from dlstudio.json_values import JsonObject

if TYPE_CHECKING:
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.problems import Fix
    from dlstudio.document.project import Project

ALL = "all"
MOST_ROUNDS = 50
"""Most fixes applied in sequence, as each may uncover another problem."""


@dataclass(frozen=True)
class Applied:
    """The result of applying fixes.

    Attributes:
        labels: Labels of the fixes, in the order applied.
    """

    before: Project
    after: Project
    labels: tuple[str, ...]

    def to_json(self, catalog: Catalog) -> JsonObject:
        """The JSON entries besides "problems"."""
        changes = list(changes_of(self.before, self.after, catalog))
        return {"applied": list(self.labels), **changes_json(changes, ())}

    def show(self, output: Output, catalog: Catalog) -> None:
        """Print the fixes and their changes."""
        for label in self.labels:
            output.text(_("Applied: {change}.").format(change=label), "green")
        for key, old, new in changes_of(self.before, self.after, catalog):
            output.text("  " + change_line(key, old, new))
        if not self.labels:
            output.text(_("Nothing to fix."))
        output.text()


def apply_fixes(opened: OpenedProject, wanted: Sequence[str]) -> Applied:
    """Apply fixes to the project and save it; nothing is saved if one fails.

    Args:
        wanted: Numbers of fixes as printed by `check`, or "all".

    Raises:
        UserError: A fix does not exist, one cannot be applied after another, or a
            window holds the project.
    """
    with edited_project(opened.folder, mark("a command")) as (before, save):
        if any(each.strip().lower() == ALL for each in wanted):
            after, labels = _all(before, opened)
        else:
            after, labels = _some(before, opened, wanted)
        if after != before:
            save(after)
    return Applied(before, after, labels)


def _some(
    project: Project, opened: OpenedProject, wanted: Sequence[str]
) -> tuple[Project, tuple[str, ...]]:
    from dlstudio.engine.project.check import check_project

    problems = check_project(project, opened.folder, opened.catalog).problems
    known = {str(number): fix for number, _problem, fix in numbered_fixes(problems)}
    labels = []
    for number in dict.fromkeys(each.strip() for each in wanted):
        if number not in known:
            raise _no_such(number, len(known), opened)
        project = _after(project, known[number])
        labels.append(known[number].label)
    return project, tuple(labels)


def _all(project: Project, opened: OpenedProject) -> tuple[Project, tuple[str, ...]]:
    """Apply the first fix of each problem until all have been tried."""
    from dlstudio.engine.project.check import check_project

    labels: list[str] = []
    seen = [project]
    for _round in range(MOST_ROUNDS):
        problems = check_project(project, opened.folder, opened.catalog).problems
        for problem in problems:
            made = _after(project, problem.fixes[0]) if problem.fixes else project
            if made not in seen:
                project = made
                seen.append(made)
                labels.append(problem.fixes[0].label)
                break
        else:
            break
    return project, tuple(labels)


def _after(project: Project, fix: Fix) -> Project:
    return LayoutEdit(fix.edits).apply(project)


def _no_such(number: str, count: int, opened: OpenedProject) -> UserError:
    message = _("There is no fix {number}.").format(number=number)
    if not count:
        return UserError(message, _("None of the project's problems has a fix."))
    text = _("Fixes are numbered 1 to {count}; “{command}” lists them.")
    command = command_text("check", opened.folder)
    return UserError(message, text.format(count=count, command=command))
