"""Locations of problems in the output of `check`."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlstudio.cli.check import _line
from dlstudio.document.edits.nodes import AddNode
from dlstudio.document.graph import node
from dlstudio.document.problems import Problem
from dlstudio.document.storage import load_project, save_project
from tests.cli.conftest import Run


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


def test_many_of_one_kind_are_one_line_unless_all_are_wanted(
    run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "digits"
    assert run("new", folder, "--template", "digits-cnn").status == 0
    made = load_project(folder)
    for i in range(20):
        loose = node(f"loose_{i}", "keras.layers.Flatten")
        made = AddNode(loose).apply(made)
    save_project(made, folder)
    short = run("check", folder)
    assert short.status == 1
    assert (
        "error: 20 layers have no input: loose_0, loose_1, loose_2 and 17 more."
        in short.out
    )
    assert "17 more like these" in short.out and "--verbose" in short.out
    assert "loose_9" not in short.out
    whole = run("check", folder, "--verbose")
    assert all(f"error loose_{i}: " in whole.out for i in range(20))
    found = run("check", folder, "--json").json["problems"]
    assert len(found) >= 20
    assert f"{len(found)} problems." in short.out and f"{len(found)} " in whole.out
