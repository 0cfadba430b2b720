"""Grouping and counting problems of one kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dlstudio.document.name_lists import list_names
from dlstudio.document.problem_titles import problem_title
from dlstudio.document.problems import Fix, Problem, Severity
from dlstudio.i18n import _, ngettext
from dlstudio.labelled_text import labelled

FEWEST = 4
"""Fewer problems of one kind are not grouped."""
NAMED = 3
"""Most layers that a group's message names."""


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems of one kind; most kinds have one.

    Attributes:
        problems: At least one, in the order found.
    """

    problems: tuple[Problem, ...]

    @property
    def first(self) -> Problem:
        """The first problem, which represents the group."""
        return self.problems[0]

    @property
    def severity(self) -> Severity:
        """The severity that all of them have."""
        return self.first.severity

    @property
    def message(self) -> str:
        """The problem's message, or one for the whole group."""
        count = len(self.problems)
        if count == 1:
            return self.first.message
        places = [each.place for each in self.problems if each.place]
        named = list_names(places, NAMED)
        text = _sentence(self.first.code, count)
        return labelled(text, named) if named else text


def group_problems(problems: Iterable[Problem]) -> tuple[ProblemGroup, ...]:
    """Group many problems of one kind in the place of the first one.

    All others keep their order.
    """
    kinds: dict[tuple[str, str], list[Problem]] = {}
    every = tuple(problems)
    for each in every:
        kinds.setdefault((each.severity, each.code), []).append(each)
    found = []
    for each in every:
        same_kind = kinds[each.severity, each.code]
        if len(same_kind) < FEWEST:
            found.append(ProblemGroup((each,)))
        elif same_kind[0] is each:
            found.append(ProblemGroup(tuple(same_kind)))
    return tuple(found)


def problem_count(problems: Iterable[Problem]) -> int:
    """The number of problems, including hints, as shown everywhere."""
    return sum(1 for _each in problems)


def problem_count_text(problems: Iterable[Problem]) -> str:
    """ "3 problems"; "No problems" for none."""
    count = problem_count(problems)
    if not count:
        return _("No problems")
    return ngettext("{count} problem", "{count} problems", count).format(count=count)


def _sentence(code: str, count: int) -> str:
    if code == "not-connected":
        text = ngettext(
            "{count} layer has no input", "{count} layers have no input", count
        )
    elif code == "dangling":
        text = ngettext("{count} dangling output", "{count} dangling outputs", count)
    else:
        text = _("{count} problems: {title}")
    return text.format(count=count, title=problem_title(code) or code)


def numbered_fixes(
    problems: Iterable[Problem],
) -> Iterator[tuple[int, Problem, Fix]]:
    """The fixes of all problems, numbered from 1 as `check` prints them."""
    number = 0
    for problem in problems:
        for fix in problem.fixes:
            number += 1
            yield number, problem, fix
