"""Findings as `scan` prints them: by kind, copies by their original, few of each."""

from __future__ import annotations

from pathlib import Path

from small_images import class_folders, encoded, photo, write

from tests.cli.conftest import Run


def test_copies_share_a_line_and_the_rest_is_counted(run: Run, tmp_path: Path) -> None:
    root = class_folders(tmp_path / "pets", count=12)
    for number in range(30):
        write(root / "cat" / f"copy {number:02}.png", encoded(photo(1001)))
    text = run("scan", root).out
    assert text.count("copy 05.png") == 1 and "copy 29.png" not in text
    assert "cat/copy 00.png and 29 others" in text and text.count("dog/1.png") == 1
    found = run("scan", root, "--json").json["findings"]
    assert len([each for each in found if each["kind"] == "conflicting-labels"]) == 1


def test_of_each_kind_the_first_ten_are_listed(run: Run, tmp_path: Path) -> None:
    root = class_folders(tmp_path / "pets", count=12)
    for number in range(25):
        write(root / "cat" / f"note {number:02}.xml", b"<a/>")
    text = run("scan", root).out
    assert "note 09.xml" in text and "note 10.xml" not in text
    assert "… and 15 more; use --json to list all." in text
    assert len(run("scan", root, "--json").json["findings"]) == 25


def test_questions_are_printed_with_their_answers(run: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        class_folders(tmp_path / name, count=12)
    text = run("scan", tmp_path).out
    assert "→ Use “cat”, “dog” as classes: --layout=subfolders" in text
    assert "--split-folders=a=train,b=test" in text
