"""A run's `events.jsonl`: appended while it trains, readable at any time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from dlstudio import paths
from dlstudio.document.events import Event, event_from_json

LARGEST_PART = 2**18
"""Bytes that are read at once."""


class Journal:
    """Appends events to a run's `events.jsonl`, one line each, at once."""

    def __init__(self, path: Path) -> None:
        with paths.user_errors(path, writing=True):
            # A line that was cut off must not swallow the next one.
            torn = _is_torn(path)
            self._stream = path.open("ab", buffering=0)
            if torn:
                self._stream.write(b"\n")
        self._path = path

    def write(self, item: Mapping[str, Any]) -> None:
        """Append one event in its JSON form.

        Raises:
            UserError: The disk is full or the file cannot be written.
        """
        line = json.dumps(item, ensure_ascii=False) + "\n"
        with paths.user_errors(self._path, writing=True):
            self._stream.write(line.encode("utf-8"))

    def close(self) -> None:
        """No more events."""
        self._stream.close()


def read_events(path: Path) -> Iterator[Event]:
    """The events of a journal; lines that are cut off or unknown are left out."""
    if not path.is_file():
        return
    with paths.user_errors(path, writing=False):
        lines = path.read_bytes().split(b"\n")
    for line in lines:
        try:
            yield event_from_json(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue


def read_on(path: Path, offset: int) -> tuple[list[Event], int]:
    """What was written since `offset`, whole lines alone, and the next offset.

    Args:
        offset: Bytes that were read before; 0 for all.
    """
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            data = stream.read(LARGEST_PART)
    except OSError:
        return [], offset
    whole = data.rfind(b"\n") + 1
    events = []
    for line in data[:whole].split(b"\n"):
        with suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
            events.append(event_from_json(json.loads(line)))
    return events, offset + whole


def _is_torn(path: Path) -> bool:
    if not path.exists() or path.stat().st_size == 0:
        return False
    with open(path, "rb") as stream:
        stream.seek(-1, 2)
        return stream.read(1) != b"\n"
