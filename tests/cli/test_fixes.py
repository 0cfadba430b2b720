"""`check --fix`: fixing problems from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_images import encoded, photo, write

from dlstudio.document.storage import load_project
from tests.cli.conftest import Run


@pytest.fixture
def project(run: Run, tmp_path: Path) -> Path:
    """A project of the digits with a wrong head and a redundant softmax."""
    folder = tmp_path / "digits"
    assert run("new", folder, "--template", "digits-cnn").status == 0
    run("layers", "set", folder, "head", "units=12")
    run("layers", "add", folder, "Dense", "--set", "units=9", "--name", "end")
    return folder


def test_fixes_are_numbered_and_applied(run: Run, project: Path) -> None:
    text = run("check", project).out
    assert "1 → " in text and "--fix N" in text
    label = text.split("1 → ")[1].splitlines()[0]
    done = run("check", project, "--fix", "1")
    assert f"Applied: {label}." in done.out
    assert f"→ {label}" not in done.out
    assert "layers." in done.out


def test_all_fixes_leave_no_error(run: Run, project: Path) -> None:
    assert run("check", project).status == 1
    done = run("check", project, "--fix", "all", "--json")
    assert done.status == 0
    assert done.json["applied"] and done.json["changed"]
    assert not [p for p in done.json["problems"] if p["fixes"]]
    again = run("check", project, "--fix", "all")
    assert again.status == 0 and "Nothing to fix" in again.out


@pytest.mark.parametrize("number", ["99", "0", "x"])
def test_a_fix_that_is_not_there_changes_nothing(
    run: Run, project: Path, number: str
) -> None:
    before = (project / "project.json").read_bytes()
    done = run("check", project, "--fix", "1", "--fix", number)
    assert done.status == 1 and f"no fix {number}" in done.err
    assert (project / "project.json").read_bytes() == before


def test_train_says_how_to_fix_what_prevents_it(run: Run, project: Path) -> None:
    done = run("train", project)
    assert done.status == 1
    commands = [line for line in done.err.splitlines() if "dlstudio check" in line]
    assert commands
    number = commands[0].rpartition("--fix ")[2]
    before = load_project(project)
    run("check", project, "--fix", number)
    assert load_project(project) != before


@pytest.fixture
def table(run: Run, tmp_path: Path) -> Path:
    """A project of an ambiguous table."""
    labels = ("Öl", "Süß", "süß", "Wein, alt", "Wein, neu")
    rows = ["Datei;Klasse"]
    for number in range(30):
        write(tmp_path / f"{number}.png", encoded(photo(number)))
        rows.append(f"{number}.png;{labels[number % 5]}")
    write(tmp_path / "table.csv", "\n".join(rows).encode("cp1252"))
    folder = tmp_path / "p"
    made = ("new", folder, "--template", "image-mlp", "--data", tmp_path / "table.csv")
    assert run(*made).status == 0
    return folder


def test_what_a_table_leaves_open_is_settled(run: Run, table: Path) -> None:
    found = {each["code"] for each in run("check", table, "--json").json["problems"]}
    assert {"table-encoding", "combined-labels", "similar-classes"} <= found
    done = run("check", table, "--fix", "all", "--json")
    assert done.status == 0 and not done.json["problems"]
    made = load_project(table)
    assert made.data.source.params["encoding"] == "cp1252"
    assert made.head.endswith("multi_label")
    assert made.model.nodes["head"].params["units"] == 5


def test_what_was_checked_is_no_problem(run: Run, table: Path) -> None:
    assert run("set", table, "data.checked+=similar-classes Süß").status == 0
    found = {each["code"] for each in run("check", table, "--json").json["problems"]}
    assert "similar-classes" not in found and "table-encoding" in found
