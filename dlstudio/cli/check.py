"""`check`: mistakes, before training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from dlstudio.cli.opened import Opened, open_project
from dlstudio.cli.options import JsonOption, ProjectArgument
from dlstudio.cli.output import Output
from dlstudio.document.project import MODEL
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.i18n import marked as mark

if TYPE_CHECKING:
    from dlstudio.document.problems import Problem
    from dlstudio.document.project import Project

SEVERITIES = {
    "error": (mark("error"), "bold red"),
    "warning": (mark("warning"), "yellow"),
    "hint": (mark("hint"), "cyan"),
}


def check(project: ProjectArgument, as_json: JsonOption = False) -> None:
    """Look for mistakes; the status is 1 when one keeps the project from training."""
    from dlstudio.engine.start import start_tensorflow

    output = Output(as_json)
    opened = open_project(project)
    with output.waiting(_("Checking …")):
        start_tensorflow()
        from dlstudio.engine.check_project import check_project

        problems = check_project(opened.project, opened.folder, opened.catalog)
    if as_json:
        output.json({"problems": [problem.to_json() for problem in problems]})
    else:
        _show_problems(output, problems)
    if any(problem.severity == "error" for problem in problems):
        raise typer.Exit(1)


def refuse_mistakes(project: Project, opened: Opened, output: Output) -> None:
    """Tell of warnings before a training; it does not begin with an error.

    Raises:
        UserError: There is one.
    """
    from dlstudio.engine.check_project import check_project

    for problem in check_project(project, opened.folder, opened.catalog):
        if problem.severity == "error":
            place = _place(problem)
            raise UserError(
                f"{place}: {problem.message}" if place else problem.message,
                " ".join(f"→ {fix.label}." for fix in problem.fixes),
            )
        if problem.severity == "warning":
            output.note(_line(problem))


def _line(problem: Problem) -> str:
    severity = _(SEVERITIES[problem.severity][0])
    return f"{severity} {_place(problem)}".rstrip() + f": {problem.message}"


def _place(problem: Problem) -> str:
    """The layer, after the name of the graph where it is not the one trained."""
    inside = problem.graph if problem.graph != MODEL else ""
    return " › ".join(part for part in (inside, problem.node) if part)


def _show_problems(output: Output, problems: tuple[Problem, ...]) -> None:
    """Each problem as a sentence with its cures, and how many there are."""
    for problem in problems:
        output.text(_line(problem), SEVERITIES[problem.severity][1])
        for fix in problem.fixes:
            output.text("  → " + fix.label)
    if not problems:
        output.text(_("No problems were found."), "green")
        return
    count = len(problems)
    output.text(
        ngettext("{count} problem.", "{count} problems.", count).format(count=count)
    )
