"""Starts and ends the training process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import IO

from dlstudio.engine.subprocess_training import SWITCH
from dlstudio.errors import UserError
from dlstudio.i18n import _

ROOT = Path(__file__).resolve().parents[3]
CODE = """
import sys
sys.path[:] = [p for p in sys.path if p]
if sys.argv[1] not in sys.path:
    sys.path.insert(0, sys.argv[1])
from dlstudio.engine.subprocess_training.main import main
main()
"""
PATIENCE = 10.0
"""Seconds for a process to end after its last message."""
LAST_WORDS = 8192
"""Bytes of its stderr that are kept."""


def start(complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the training process; it waits for its job.

    Args:
        complaints: A file for its stderr.

    Raises:
        UserError: The system cannot start it.
    """
    command = [sys.executable, SWITCH]
    if not getattr(sys, "frozen", False):
        command = [sys.executable, "-X", "utf8", "-c", CODE, str(ROOT)]
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise UserError(
            _("The training process could not be started: {reason}.").format(
                reason=error.strerror or error
            ),
            _("Set plan.process to thread."),
        ) from error


def status_of(process: subprocess.Popen[bytes]) -> int:
    """The exit status of a process that has closed its output."""
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def ended(process: subprocess.Popen[bytes]) -> None:
    """Ensure that the process has ended, and close its pipes."""
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except OSError:  # unread data
                continue


def last_words(complaints: IO[bytes]) -> str:
    """The last lines of its stderr."""
    size = complaints.seek(0, 2)
    complaints.seek(max(size - LAST_WORDS, 0))
    return complaints.read().decode("utf-8", "replace")
