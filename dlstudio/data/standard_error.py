"""The process's standard error, kept free of what libraries in C print there.

libjpeg and libtiff write about damaged images, and TensorFlow about itself, past
Python. That is silenced while they work; Python has a way of its own to the same place.
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
    """Points the process's stderr to nowhere while any thread is inside.

    What Python prints is lost as well, unless it has a stderr of its own: see
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
    """A handle that swallows what is written to it, for as long as the process lives.

    Raises:
        OSError: The process has as many handles as it may have.
    """
    return os.open(os.devnull, os.O_WRONLY)


def _silenced() -> int | None:
    """A copy of stderr, which now leads nowhere; None if it stays as it is."""
    if sys.__stderr__ is None:  # under pythonw the number may be that of any file
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
    """Let Python print to stderr past `quiet_stderr`: for the start of a program.

    A copy of stderr takes the place of `sys.stderr`, unless that leads elsewhere.
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
