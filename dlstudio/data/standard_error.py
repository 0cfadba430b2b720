"""Silencing output of C libraries on the process's standard error.

libjpeg and libtiff report damaged files, and TensorFlow its internals, bypassing
Python. That is silenced while they run; Python can use a separate handle.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache

STDERR = 2


class QuietStderr:
    """Redirects the process's stderr to the null device while any thread is inside.

    Python's output is lost as well, unless it has its own stderr: see
    `keep_python_stderr`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._kept: int | None = None

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._kept = _silenced()
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if self._inside == 0 and self._kept is not None:
                    os.dup2(self._kept, STDERR)
                    os.close(self._kept)
                    self._kept = None


@lru_cache(maxsize=1)
def _nowhere() -> int:
    """A handle of the null device, kept open as long as the process lives.

    Raises:
        OSError: The process has no file handles left.
    """
    return os.open(os.devnull, os.O_WRONLY)


def _silenced() -> int | None:
    """Redirect stderr and return a copy of it; None if it is unchanged."""
    if sys.__stderr__ is None:  # under pythonw the descriptor may belong to any file
        return None
    with suppress(OSError, ValueError):
        sys.__stderr__.flush()
    try:
        nowhere, kept = _nowhere(), os.dup(STDERR)
    except OSError:
        return None
    os.dup2(nowhere, STDERR)
    return kept


def keep_python_stderr() -> None:
    """Give Python a stderr that `quiet_stderr` does not silence: for program start.

    A copy of stderr replaces `sys.stderr`, unless that is already redirected.
    """
    stream = sys.stderr
    try:
        if stream is None or stream.fileno() != STDERR:
            return
        copy = os.dup(STDERR)
    except (OSError, ValueError, AttributeError):
        return
    sys.stderr = open(  # noqa: SIM115 - for as long as the process lives
        copy,
        "w",
        buffering=1,
        encoding=stream.encoding,
        errors=stream.errors,
        closefd=False,
    )


quiet_stderr = QuietStderr()
