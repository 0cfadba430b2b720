"""Messages name their subject once."""

from __future__ import annotations

import pytest

from dlstudio.errors import UserError, about


@pytest.mark.parametrize(
    ("name", "message", "expected"),
    [
        ("a.png", "It is empty.", "a.png: It is empty."),
        ("a.png", "a.png does not exist.", "a.png does not exist."),
        ("x/a.png", "“x/a.png” is empty.", "“x/a.png” is empty."),
        ("a", "Many are empty.", "a: Many are empty."),
        (
            "run-1",
            "/p/runs/run-1/run.json is empty.",
            "/p/runs/run-1/run.json is empty.",
        ),
    ],
)
def test_a_name_appears_once(name: str, message: str, expected: str) -> None:
    assert about(name, message) == expected


@pytest.mark.parametrize(
    ("message", "hint", "text"),
    [
        ("It is empty.", "Choose another one.", "It is empty. Choose another one."),
        ("文件是空的。", "请选择其他文件。", "文件是空的。请选择其他文件。"),
        ("It is empty.", "", "It is empty."),
    ],
)
def test_a_hint_follows_as_sentences_do(message: str, hint: str, text: str) -> None:
    assert str(UserError(message, hint)) == text
