"""A run's `events.jsonl`: appended while it trains, readable at any time."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from dlstudio import paths
from dlstudio.document.events import Event, event_from_json
from dlstudio.errors import UserError
from dlstudio.json_file import open_regular
from dlstudio.safe_files import open_file

LARGEST_PART = 2**18
"""Maximum number of bytes read at once."""
LONGEST_LINE = 2**20
"""Maximum number of bytes of a line; no event is that long."""
DAMAGE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


class Journal:
    """Appends events to a run's `events.jsonl`, one line each, unbuffered.

    Args:
        path: The file, in a run's folder of a project.

    Raises:
        UserError: It cannot be written, or is a symbolic link.
    """

    def __init__(self, path: Path) -> None:
        with paths.user_errors(path, writing=True):
            self._stream = open_file(path, path.parents[2], "append")
            # A truncated line must not merge with the next one.
            if _is_torn(path):
                self._stream.write(b"\n")
        self._path = path

    def write(self, item: Mapping[str, object]) -> None:
        """Append one event in its JSON form.

        Raises:
            UserError: The disk is full or the file cannot be written.
        """
        line = json.dumps(item, ensure_ascii=False) + "\n"
        with paths.user_errors(self._path, writing=True):
            self._stream.write(line.encode("utf-8"))

    def close(self) -> None:
        """Close the file."""
        self._stream.close()


def read_events(path: Path) -> Iterator[Event]:
    """The events of a journal; truncated or unknown lines are skipped.

    Raises:
        UserError: It exists but cannot be read.
    """
    for line in read_lines(path):
        with suppress(*DAMAGE):
            yield event_from_json(json.loads(line))


def read_lines(path: Path) -> Iterator[bytes]:
    """The lines of a journal, none if it is missing; overlong lines are skipped.

    Raises:
        UserError: It exists but cannot be read, or is not a regular file.
    """
    if not os.path.lexists(path):
        return
    with paths.user_errors(path, writing=False), open_regular(path) as stream:
        whole = True
        while line := stream.readline(LONGEST_LINE):
            if whole and line.endswith(b"\n"):
                yield line
            whole = line.endswith(b"\n")


def read_on(path: Path, offset: int) -> tuple[list[Event], int]:
    """Complete lines written since `offset`, and the next offset.

    Args:
        offset: Number of bytes already read; 0 for all.
    """
    try:
        with open_regular(path) as stream:
            stream.seek(offset)
            data = stream.read(LARGEST_PART)
    except (OSError, UserError):
        return [], offset
    whole = data.rfind(b"\n") + 1
    if not whole and len(data) == LARGEST_PART:
        return [], offset + len(data)  # no event is this long: skip it
    events = []
    for line in data[:whole].split(b"\n"):
        with suppress(*DAMAGE):
            events.append(event_from_json(json.loads(line)))
    return events, offset + whole


def _is_torn(path: Path) -> bool:
    with open_regular(path) as stream:
        if not stream.seek(0, os.SEEK_END):
            return False
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) != b"\n"
