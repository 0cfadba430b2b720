"""Untrusted files: read within limits, or refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dlstudio.errors import UserError
from dlstudio.json_file import DEEPEST, read_json

UNIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")


@pytest.mark.parametrize(
    "text",
    [
        '{"a": NaN}',
        '{"a": Infinity}',
        '{"a": 1e400}',
        '{"a": ' + "9" * 30 + "}",
        "[" * (DEEPEST + 2) + "]" * (DEEPEST + 2),
        "[" * 100_000,
        "{",
        "",
    ],
    ids=["nan", "infinity", "too large", "digits", "deep", "endless", "torn", "empty"],
)
def test_what_no_program_can_use_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(UserError):
        read_json(path)


def test_ordinary_json_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"a": [1, 2.5, null, "ü"]}', "utf-8")
    assert read_json(path) == {"a": [1, 2.5, None, "ü"]}


def test_a_file_larger_than_it_may_be_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(" " * 100 + "1")
    with pytest.raises(UserError, match="too large"):
        read_json(path, largest=100)


@UNIX
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    os.mkfifo(path)
    with pytest.raises(UserError, match="regular file"):
        read_json(path)


@UNIX
def test_a_link_to_an_endless_device_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.symlink_to("/dev/zero")
    with pytest.raises(UserError, match="regular file"):
        read_json(path)
