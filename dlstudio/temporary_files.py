"""Temporary files and folders with names that tell whose they are.

What is written beside a file before it takes its place stays behind when its process
is killed. The name says which machine and process wrote it, so that whoever comes
later can tell such a leftover from a file that is just being written, and from
everything of the user's.
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
"""Letters of the file's own name that its temporary one repeats."""
_NAME = re.compile(r"\..+\.([0-9a-f]{8})-([0-9]+)-[a-z0-9_]{8}\.tmp", re.DOTALL)
_EARLIER = re.compile(
    r"\.(project|run|report|done|listing|queue|settings|\.lock)\.json\.[a-z0-9_]{8}"
    r"|\.(error\.txt|journal\.bin)\.[a-z0-9_]{8}"
)
"""As dlstudio 0.1 called them, without their process."""
STALE_SECONDS = 60.0
"""Seconds after which nobody writes such a file any more."""


def temporary_file(path: Path) -> tuple[int, Path]:
    """An open file beside `path`, and its place."""
    handle, name = tempfile.mkstemp(SUFFIX, _prefix(path.name), path.parent)
    return handle, Path(name)


def temporary_folder(path: Path) -> Path:
    """A new folder beside `path`."""
    return Path(tempfile.mkdtemp(SUFFIX, _prefix(path.name), path.parent))


def is_stale(path: Path) -> bool:
    """Whether it is a temporary file or folder whose process is gone."""
    if _EARLIER.fullmatch(path.name):
        return _age(path) > STALE_SECONDS
    found = _NAME.fullmatch(path.name)
    if found is None or found[1] != _host():
        return False
    return not _is_running(int(found[2]), path)


def remove_stale(folder: Path) -> None:
    """Remove the leftovers in a folder; a link is removed, not what it leads to."""
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
    """Remove leftovers in a folder and those below, if there are no other files.

    Args:
        but: Names of files that do not count.

    Returns:
        Whether nothing but folders is left. Otherwise nothing was removed.

    Raises:
        OSError: It cannot be read.
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
    """Whether the process runs that has made a file; numbers are given again."""
    if process == os.getpid():
        return True
    import psutil

    try:
        began = float(psutil.Process(process).create_time())
    except psutil.Error:
        return False
    return began <= time.time() - _age(path) + 1.0


def _age(path: Path) -> float:
    """Seconds since it was changed."""
    try:
        return time.time() - os.lstat(path).st_mtime
    except OSError:
        return 0.0
