"""Left and right classes: no flip in a new model, a fix for an existing one."""

from __future__ import annotations

from pathlib import Path

from small_images import class_folders, encoded, photo, write

from tests.cli.conftest import Run

CODE = "mirrored-classes"


def codes(run: Run, project: Path) -> list[str]:
    found = run("check", project, "--json").json["problems"]
    return [each["code"] for each in found]


def test_a_new_model_does_not_mirror_left_and_right(run: Run, tmp_path: Path) -> None:
    data = class_folders(tmp_path / "arrows", ("left", "right"), count=12)
    project = tmp_path / "project"
    made = run("new", project, "--data", data, "--template", "image-cnn")
    assert made.status == 0
    assert "RandomFlip" not in (project / "project.json").read_text("utf-8")
    run("layers", "add", project, "RandomFlip", "--after", "scale")
    assert CODE in codes(run, project)
    text = run("check", project).out
    assert "“left”" in text and "“right”" in text
    label = "Flip vertically only"
    line = next(each for each in text.splitlines() if each.endswith(label))
    done = run("check", project, "--fix", line.split()[0])
    assert f"Applied: {label}." in done.out
    assert CODE not in codes(run, project)


def test_images_say_it_where_names_do_not(run: Run, tmp_path: Path) -> None:
    for number in range(24):
        image = photo(5, 48, 48).rotate(number % 3)
        if number % 2:
            image = image.transpose(0)  # from left to right
        name = ("one", "two")[number % 2]
        write(tmp_path / f"data/{name}/{number}.png", encoded(image))
        other = photo(50 + number, 48, 48)
        write(tmp_path / f"data/three/{number}.png", encoded(other))
    project = tmp_path / "project"
    data = tmp_path / "data"
    assert run("new", project, "--data", data, "--template", "image-cnn").status == 0
    assert "RandomFlip" in (project / "project.json").read_text("utf-8")
    assert CODE in codes(run, project)
    done = run("check", project, "--fix", "all")
    assert "Applied: Remove mirror." in done.out
    assert CODE not in codes(run, project)
