"""Messages name their subject once."""

from __future__ import annotations

import pytest

from dlstudio.errors import about


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
