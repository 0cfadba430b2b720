"""Places of code in a project, which may come from anywhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dlstudio.document.custom_code import CodeItem, code_place, entry_of
from dlstudio.document.moved_project import copy_files
from dlstudio.document.project import Project
from dlstudio.document.storage import project_from_json, project_to_json
from dlstudio.errors import UserError


@pytest.mark.parametrize(
    "entry",
    [
        "../layers.py", "code/../../layers.py", "/etc/passwd", "code/a/b.py",
        "code/.hidden.py", "code\\layers.py", "code/layers.pyc", "code/", "",
        "C:/layers.py", "code/a b.py", "code/layers.py\n",
    ],
)  # fmt: skip
def test_other_places_are_refused(entry: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not a code file"):
        code_place(tmp_path, entry)


def test_only_python_files_are_taken() -> None:
    assert entry_of("layers.py") == "code/layers.py"
    for name in ("layers.txt", "a/b.py", ".py", "1.py"):
        with pytest.raises(UserError, match="not the name of a Python file"):
            entry_of(name)


def test_a_project_names_its_code(tmp_path: Path) -> None:
    project = replace(Project(), code=("code/layers.py",))
    assert project_from_json(project_to_json(project)) == project
    assert "code" not in project_to_json(Project())
    old, new = tmp_path / "old", tmp_path / "new"
    (old / "code").mkdir(parents=True)
    (old / "code" / "layers.py").write_text("x = 1\n")
    copy_files([project], old, new)
    assert (new / "code" / "layers.py").read_text() == "x = 1\n"


def test_links_are_not_copied(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    (old / "code").mkdir(parents=True)
    (tmp_path / "secret").write_text("secret")
    (old / "code" / "layers.py").symlink_to(tmp_path / "secret")
    copy_files([replace(Project(), code=("code/layers.py",))], old, new)
    assert not (new / "code").exists()


def test_the_first_lines_are_shown() -> None:
    text = "\n".join(f"line {number}" for number in range(40))
    item = CodeItem("file", "layers.py", "0" * 64, len(text), text)
    assert item.first_lines.splitlines() == [f"line {n}" for n in range(12)]
    assert "text" not in item.to_json()
