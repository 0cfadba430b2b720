"""Temporary files and folders whose names identify their process.

A temporary file written beside its target stays behind when its process is killed. The
name contains the machine and the process, so that later processes can distinguish such
leftovers from files that are still being written, and from the user's files.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import tempfile
import time
import zlib
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

SUFFIX = ".tmp"
LONGEST_NAME = 64
"""Most characters of the target's name in the temporary one."""
_NAME = re.compile(r"\..+\.([0-9a-f]{8})-([0-9]+)-[a-z0-9_]{8}\.tmp", re.DOTALL)
_EARLIER = re.compile(
    r"\.(project|run|report|done|listing|queue|settings|\.lock)\.json\.[a-z0-9_]{8}"
    r"|\.(error\.txt|journal\.bin)\.[a-z0-9_]{8}"
)
"""Names of dlstudio 0.1, without the process."""
STALE_SECONDS = 60.0
"""Seconds after which such a file is no longer being written."""


def temporary_file(path: Path) -> tuple[int, Path]:
    """An open temporary file beside `path`, and its path."""
    handle, name = tempfile.mkstemp(SUFFIX, _prefix(path.name), path.parent)
    return handle, Path(name)


def temporary_folder(path: Path) -> Path:
    """A new temporary folder beside `path`."""
    return Path(tempfile.mkdtemp(SUFFIX, _prefix(path.name), path.parent))


def is_stale(path: Path) -> bool:
    """Whether a path is a temporary file or folder whose process is gone."""
    if _EARLIER.fullmatch(path.name):
        return _age(path) > STALE_SECONDS
    found = _NAME.fullmatch(path.name)
    if found is None or found[1] != _host():
        return False
    return not _is_running(int(found[2]), path)


def remove_stale(folder: Path) -> None:
    """Remove leftovers in a folder; a link is removed, not its target."""
    with suppress(OSError):
        with os.scandir(folder) as found:
            hidden = [Path(each.path) for each in found if each.name.startswith(".")]
        for path in filter(is_stale, hidden):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(OSError):
                    path.unlink()


def remove_stale_below(folder: Path, but: Collection[str] = ()) -> bool:
    """Remove leftovers in a folder and its subfolders, if there are no other files.

    Args:
        but: File names to ignore.

    Returns:
        Whether only folders are left. If not, nothing was removed.

    Raises:
        OSError: The folder cannot be read.
    """
    folders = [folder]
    for each in folders:
        for path in each.iterdir():
            if is_stale(path) or path.name in but:
                continue
            if path.is_symlink() or not path.is_dir():
                return False
            folders.append(path)
    for each in folders:
        remove_stale(each)
    return True


def _prefix(name: str) -> str:
    return f".{name[:LONGEST_NAME]}.{_host()}-{os.getpid()}-"


def _host() -> str:
    return f"{zlib.crc32(platform.node().encode('utf-8', 'replace')):08x}"


def _is_running(process: int, path: Path) -> bool:
    """Whether a file's process is still running; process ids are reused."""
    if process == os.getpid():
        return True
    import psutil

    try:
        began = float(psutil.Process(process).create_time())
    except psutil.Error:
        return False
    return began <= time.time() - _age(path) + 1.0


def _age(path: Path) -> float:
    """Seconds since the last modification."""
    try:
        return time.time() - os.lstat(path).st_mtime
    except OSError:
        return 0.0
