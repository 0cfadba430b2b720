"""`check`: problems that can be found before training, and their fixes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from dlstudio.cli.command_text import command_text
from dlstudio.cli.opened_project import OpenedProject, open_project
from dlstudio.cli.options import JsonOption, ProjectArgument
from dlstudio.cli.output import Output
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.i18n import marked as mark
from dlstudio.labelled_text import labelled

if TYPE_CHECKING:
    from dlstudio.data.prepared import Prepared
    from dlstudio.document.problems import Fix, Problem
    from dlstudio.document.project import Project
    from dlstudio.engine.runtime.stop_token import StopToken

SEVERITIES = {
    "error": (mark("error"), "bold red"),
    "warning": (mark("warning"), "yellow"),
    "hint": (mark("hint"), "cyan"),
}

EXAMPLES = 3
"""Problems of a kind that are listed if there are many."""

EXCLUSIONS = frozenset({"unusable-rows", "unusable-samples"})
"""Problems that the training itself reports: which samples are excluded."""


def check(
    project: ProjectArgument,
    fix: Annotated[
        list[str] | None,
        typer.Option(
            "--fix",
            metavar="N|all",
            help=mark(
                "Apply fix N, or the first fix of every problem; can be repeated."
            ),
        ),
    ] = None,
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose",
            help=mark("List every problem instead of grouping similar ones."),
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check a project; the exit status is 1 if a problem prevents training."""
    from dlstudio.engine.runtime.startup import start_tensorflow

    output = Output(as_json)
    opened = open_project(project)
    with output.progress(_("Checking…")) as report:
        start_tensorflow()
        from dlstudio.cli.fixes import apply_fixes
        from dlstudio.engine.project.check import check_project

        applied = apply_fixes(opened, fix) if fix else None
        after = applied.after if applied else opened.project
        checked = check_project(after, opened.folder, opened.catalog, report)
        problems = checked.problems
    if as_json:
        found = {"problems": [problem.to_json() for problem in problems]}
        output.json({**found, **(applied.to_json(opened.catalog) if applied else {})})
    else:
        if applied:
            applied.show(output, opened.catalog)
        _show_problems(output, problems, opened, verbose)
    if any(problem.severity == "error" for problem in problems):
        raise typer.Exit(1)


def refuse_mistakes(
    project: Project,
    opened: OpenedProject,
    output: Output,
    progress: Callable[[int, int], None],
    token: StopToken,
) -> Prepared:
    """Analyze the data of a training; prints warnings and raises on an error.

    Args:
        progress: Called with the number of prepared and of all images.

    Raises:
        UserError: A problem prevents training.
        Stopped: `token` requested it.
    """
    from dlstudio.engine.project.check import check_project, refuse_errors

    place = opened.folder, opened.catalog
    checked = check_project(project, *place, progress, token)
    problems = checked.problems
    try:
        prepared = refuse_errors(checked)
    except UserError as error:
        own = project == opened.project
        first = next(p for p in problems if p.severity == "error")
        hint = _how_to_fix(first, problems, opened) if own else ""
        raise UserError(error.message, hint) from None
    for problem in problems:
        if problem.severity == "warning" and problem.code not in EXCLUSIONS:
            output.note(_line(problem))
    return prepared


def _how_to_fix(
    problem: Problem, problems: tuple[Problem, ...], opened: OpenedProject
) -> str:
    """The commands that apply a problem's fixes, one per line."""
    from dlstudio.document.problem_groups import numbered_fixes

    lines = [_own_data(opened)] if _lacks_data(problem, opened) else []
    for number, each, fix in numbered_fixes(problems):
        if each is problem:
            command = command_text("check", opened.folder, "--fix", number)
            lines.append(_("→ {fix}: {command}").format(fix=fix.label, command=command))
    return "\n".join(lines)


def _lacks_data(problem: Problem, opened: OpenedProject) -> bool:
    """Whether the problem is that no data was chosen yet."""
    path = opened.project.data.source.params.get("path")
    return problem.code in ("no-data", "data") and not path


def _own_data(opened: OpenedProject) -> str:
    command = command_text("set", opened.folder, "data.source=PATH")
    return _("→ Use your own data: {command}").format(command=command)


def _line(problem: Problem) -> str:
    severity = _(SEVERITIES[problem.severity][0])
    return problem.placed(severity)


def _show_problems(
    output: Output, problems: tuple[Problem, ...], opened: OpenedProject, verbose: bool
) -> None:
    """Print each problem with its numbered fixes, and the number of problems.

    Many of one kind are summarized with a few examples, unless `verbose`.
    """
    from dlstudio.document.problem_groups import (
        group_problems,
        numbered_fixes,
        problem_count,
    )

    fixes = list(numbered_fixes(problems))
    for group in group_problems(problems):
        every = group.problems
        shown = every if verbose or len(every) == 1 else every[:EXAMPLES]
        if len(shown) < len(every):
            severity = _(SEVERITIES[group.severity][0])
            style = SEVERITIES[group.severity][1]
            output.text(labelled(severity, f"{group.message}."), style)
        for problem in shown:
            _show_problem(output, problem, fixes)
        if len(shown) < len(every):
            command = command_text("check", opened.folder, "--verbose")
            left = len(every) - len(shown)
            output.text(
                ngettext(
                    "{count} more like this: {command}",
                    "{count} more like these: {command}",
                    left,
                ).format(count=left, command=command)
            )
    if not problems:
        output.text(_("No problems found."), "green")
        return
    count = problem_count(problems)
    output.text(
        ngettext("{count} problem.", "{count} problems.", count).format(count=count)
    )
    if any(_lacks_data(problem, opened) for problem in problems):
        output.text(_own_data(opened))
    if fixes:
        command = command_text("check", opened.folder, "--fix", "N")
        output.text(_("Apply fix N: {command}").format(command=command))


def _show_problem(
    output: Output, problem: Problem, fixes: list[tuple[int, Problem, Fix]]
) -> None:
    output.text(_line(problem), SEVERITIES[problem.severity][1])
    for number, each, fix in fixes:
        if each is problem:
            output.text(f"  {number} → {fix.label}")
