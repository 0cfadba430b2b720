"""Grouping many problems of one kind; counting problems."""

from __future__ import annotations

from dlstudio.document.problem_groups import (
    group_problems,
    problem_count,
    problem_count_text,
)
from dlstudio.document.problems import Problem

OTHER = Problem("error", "cycle", "In a circle.", "a")
HINT = Problem("hint", "learning-rate", "It is high.")


def unconnected(count: int) -> list[Problem]:
    return [
        Problem("error", "not-connected", f"add_{i} has no input.", f"add_{i}")
        for i in range(count)
    ]


def test_many_of_one_kind_are_one_line_where_the_first_stood() -> None:
    first, *rest = unconnected(64)
    groups = group_problems([first, OTHER, *rest, HINT])
    assert [len(each.problems) for each in groups] == [64, 1, 1]
    message = groups[0].message
    assert message == "64 layers have no input: add_0, add_1, add_2 and 61 more"
    assert groups[1].message == OTHER.message


def test_a_few_stand_by_themselves_and_in_order() -> None:
    first, *rest = unconnected(3)
    groups = group_problems([first, OTHER, *rest])
    assert [each.first for each in groups] == [first, OTHER, *rest]


def test_a_kind_without_its_own_message_has_its_title() -> None:
    many = [Problem("hint", "no-activation", "It has none.", "d")] * 4
    assert (
        group_problems(many)[0].message
        == "4 problems: no activation: d, d, d and 1 more"
    )


def test_everything_is_counted_in_one_way() -> None:
    problems = [*unconnected(64), OTHER, HINT]
    assert problem_count(problems) == 66
    assert problem_count_text(problems) == "66 problems"
    assert problem_count_text([HINT]) == "1 problem"
    assert problem_count_text([]) == "No problems"
