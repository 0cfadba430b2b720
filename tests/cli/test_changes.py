"""Changes of a project as lines of the command line."""

from __future__ import annotations

from dlstudio.cli.changes import change_line


def test_long_lists_are_shown_by_their_first_values() -> None:
    assert change_line("data.leave_out", (), ("1", "2")) == "data.leave_out: [] → 1,2"
    many = tuple(map(str, range(403)))
    line = change_line("data.leave_out", (), many)
    assert line == "data.leave_out: [] → 0,1,2,3,4,5,6,7,8,9,10,11,… (403)"
