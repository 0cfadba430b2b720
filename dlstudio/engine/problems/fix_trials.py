"""Tries fixes before they are offered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from dlstudio.document.problems import Fix, Problem
from dlstudio.document.project import Project
from dlstudio.errors import UserError

MOST = 40
"""Maximum number of fixes tried per check, so that broken graphs are still fast."""


class FixTrials:
    """Keeps only those fixes that fix their problem.

    Args:
        project: The current project.
        found: Problems of the project.
        find_problems: Finds the problems of an edited project.
    """

    def __init__(
        self,
        project: Project,
        found: Iterable[Problem],
        find_problems: Callable[[Project], list[Problem]],
    ) -> None:
        self._project = project
        self._errors = _errors(found)
        self._find_problems = find_problems
        self._left = MOST

    def vet(self, problem: Problem) -> Problem:
        """The problem with only those fixes that fix it.

        A fix that causes another error (usually one hidden by this problem) is kept
        only if there is no better one.
        """
        clean: list[Fix] = []
        other: list[Fix] = []
        for fix in problem.fixes:
            if self._left == 0:
                break
            self._left -= 1
            after = self._after(fix)
            if after is None or any(_same(problem, each) for each in after):
                continue
            (other if _errors(after) - self._errors else clean).append(fix)
        return replace(problem, fixes=tuple(clean or other))

    def _after(self, fix: Fix) -> list[Problem] | None:
        project = self._project
        try:
            for edit in fix.edits:
                project = edit.apply(project)
        except UserError:
            return None
        return self._find_problems(project)


def _errors(problems: Iterable[Problem]) -> set[tuple[str, str, str]]:
    return {(p.code, p.graph, p.node) for p in problems if p.severity == "error"}


def _same(one: Problem, other: Problem) -> bool:
    """Whether `other`, found without fixes, is the same problem.

    A message may mention its fixes at the end.
    """
    at_one = (one.code, one.graph, one.node) == (other.code, other.graph, other.node)
    return at_one and one.message.startswith(other.message)
