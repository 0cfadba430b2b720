"""Opening files below a project so that no write escapes through a link.

A project may come from an untrusted source and contain links to any file. Each function
here takes `below`, the trusted folder, such as the project's: it may be reached through
links, but nothing below it may be a link. Every component is checked with `lstat`, and
the last one is opened with `O_NOFOLLOW` where available.

Windows has no such flag. Symbolic links and junctions are distinguished from regular
files by their reparse tag (placeholders of a cloud drive have other tags and are
files), and there is a race between the check and the opening; an attacker who can
exploit it already runs programs as the same user and needs no link. A second hard link
to a file cannot be distinguished from the file itself: such a file is copied before it
is changed.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from filelock import FileLock

Mode = Literal["update", "append", "new"]
_WAYS = {
    "update": (os.O_RDWR | os.O_CREAT, "r+b"),
    "append": (os.O_RDWR | os.O_CREAT | os.O_APPEND, "ab"),
    "new": (os.O_WRONLY | os.O_CREAT | os.O_EXCL, "wb"),
}
_SAFE = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_LINK_TAGS = (
    getattr(stat, "IO_REPARSE_TAG_SYMLINK", 0xA000000C),
    getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", 0xA0000003),
)


def is_link(path: Path) -> bool:
    """Whether it is a symbolic link or, on Windows, a junction; False if missing."""
    try:
        found = os.lstat(path)
    except OSError:
        return False
    tag = getattr(found, "st_reparse_tag", 0)
    return stat.S_ISLNK(found.st_mode) or tag in _LINK_TAGS


def refuse_links(path: Path, below: Path) -> None:
    """Raise if anything between `below` and `path`, including `path`, is a link.

    Paths outside `below` are not checked: those are the user's choice.

    Raises:
        UserError: A component is a link.
    """
    root = Path(os.path.abspath(below))
    whole = Path(os.path.abspath(path))
    if not whole.is_relative_to(root):
        return
    place = root
    for part in whole.relative_to(root).parts:
        place = place / part
        if is_link(place):
            raise _is_link(place)


def refuse_links_in(folder: Path, below: Path) -> None:
    """Like `refuse_links`, for everything in a folder at any depth.

    Raises:
        UserError: The folder contains a link.
    """
    refuse_links(folder, below)
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            if is_link(Path(place, name)):
                raise _is_link(Path(place, name))


def check_plain(path: Path, below: Path) -> None:
    """Raise if an existing file is not regular; see `refuse_links`.

    Raises:
        UserError: The file is not regular.
    """
    refuse_links(path, below)
    with suppress(OSError):  # reported when it is opened
        _check_regular(os.lstat(path), path)


def make_folder(folder: Path, below: Path) -> None:
    """Create a folder with its parents, unless it exists.

    Raises:
        UserError: The path contains a link.
        OSError: The folder cannot be created.
    """
    refuse_links(folder, below)
    folder.mkdir(parents=True, exist_ok=True)


def open_file(path: Path, below: Path, mode: Mode) -> FileIO:
    """Open a regular file for unbuffered writing, creating it if it is missing.

    Args:
        mode: "update" to modify an existing file, "append" to write at its end, "new"
            to fail if it exists.

    Raises:
        UserError: The path contains a link, or is not a regular file.
        OSError: The file cannot be opened.
    """
    # Checked without opening: a pipe would block forever, a device may react.
    check_plain(path, below)
    flags, way = _WAYS[mode]
    try:
        handle = os.open(path, flags | _SAFE, 0o666)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _is_link(path) from error
        raise
    try:
        found = os.fstat(handle)
        _check_regular(found, path)
        if found.st_nlink > 1 and mode != "new":
            os.close(handle)
            handle = -1
            _copy_apart(path)
            handle = os.open(path, flags | _SAFE, 0o666)
        return os.fdopen(handle, way, buffering=0)  # type: ignore[return-value]
    except BaseException:
        if handle >= 0:
            os.close(handle)
        raise


def lock_file(
    path: Path, below: Path, timeout: float = 0, *, thread_local: bool = True
) -> FileLock:
    """A lock on a file, not yet acquired.

    Args:
        timeout: Seconds to wait for the lock.
        thread_local: Whether it is released on the thread that acquired it.

    Raises:
        UserError: The path contains a link, or is not a regular file.
    """
    from filelock import FileLock

    check_plain(path, below)
    return FileLock(path, timeout=timeout, thread_local=thread_local)


def remove_tree(folder: Path, below: Path) -> None:
    """Remove a folder as far as possible; if it is a link, only the link.

    Raises:
        UserError: The path to it contains a link.
    """
    refuse_links(folder.parent, below)
    if not is_link(folder):
        shutil.rmtree(folder, ignore_errors=True)
        return
    try:
        os.unlink(folder)
    except OSError:
        os.rmdir(folder)  # Windows treats a junction as a folder


def _copy_apart(path: Path) -> None:
    """Replace a file that has other hard links by a copy."""
    handle, name = tempfile.mkstemp(prefix=".apart-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as target, open(path, "rb") as source:
            shutil.copyfileobj(source, target)
        shutil.copymode(path, name)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _check_regular(found: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise UserError(
            _("{path} is not a regular file.").format(path=path),
            _("Move it away and try again."),
        )


def _is_link(path: Path) -> UserError:
    return UserError(
        _("{path} is a link, and files are not written through links.").format(
            path=path
        ),
        _("Delete the link, or replace it with a regular file or folder."),
    )
