"""Keeping what image libraries print away from the user.

Pillow warns through Python, libjpeg and libtiff write to the process's stderr past
Python. Both are turned off while an image is read, whichever threads do it; what
matters of it is reported as a finding or an error.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from PIL import Image

STDERR = 2

# Python prints errors that are logged where nobody listens.
logging.getLogger("PIL").addHandler(logging.NullHandler())


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


def _silenced() -> int | None:
    """A copy of stderr, which now leads nowhere; None if it stays as it is."""
    if sys.__stderr__ is None:  # under pythonw the number may be that of any file
        return None
    with suppress(OSError, ValueError):
        sys.__stderr__.flush()
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
    except OSError:
        return None
    try:
        kept = os.dup(STDERR)
        os.dup2(nowhere, STDERR)
    except OSError:
        return None
    finally:
        os.close(nowhere)
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


class QuietPillow:
    """Silences Pillow's warnings while any thread is inside."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._filters: Any = None

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._filters = warnings.catch_warnings()
                self._filters.__enter__()
                warnings.filterwarnings("ignore", module=r"PIL\.")
                warnings.filterwarnings(
                    "ignore", category=Image.DecompressionBombWarning
                )
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if self._inside == 0:
                    self._filters.__exit__(None, None, None)


quiet_stderr = QuietStderr()
quiet_pillow = QuietPillow()
