"""What `check` says of where a problem is."""

from __future__ import annotations

import pytest

from dlstudio.cli.check import _line
from dlstudio.document.problems import Problem


@pytest.mark.parametrize(
    ("node", "graph", "line"),
    [
        ("", "model", "error: It is wrong."),
        ("conv_1", "model", "error conv_1: It is wrong."),
        ("conv_1", "encoder", "error encoder › conv_1: It is wrong."),
        ("", "encoder", "error encoder: It is wrong."),
    ],
)
def test_a_problem_inside_another_graph_names_the_graph(
    node: str, graph: str, line: str
) -> None:
    assert _line(Problem("error", "x", "It is wrong.", node, graph)) == line
