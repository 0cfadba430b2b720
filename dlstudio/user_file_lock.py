"""A lock around changes of a file of the user's, which several windows may make."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dlstudio import paths
from dlstudio.safe_files import lock_file


@contextmanager
def user_file_lock(path: Path, seconds: float) -> Iterator[None]:
    """Lock a file; goes on without the lock where another program keeps it.

    Args:
        path: The file; its lock stands beside it.
        seconds: How long to wait.

    Raises:
        UserError: The folder cannot be written.
    """
    from filelock import Timeout

    with paths.user_errors(path, writing=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        place = path.with_suffix(".lock")
        lock = lock_file(place, place.parent, seconds)
        with suppress(Timeout):
            lock.acquire()
    try:
        yield
    finally:
        lock.release()
