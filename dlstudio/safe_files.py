"""Opening files below a project so that no link leads a write out of it.

A project may come from a stranger, who can put links to any file into it. Each
function here takes `below`, the folder that is trusted, such as the project's: it may
be reached through links, but nothing below it may be one. Every component is looked
at with `lstat`, and the last one is opened with `O_NOFOLLOW` where the system has it.

Windows has no such flag. Symbolic links and junctions are told from plain files by
their reparse tag (placeholders of a cloud drive have other tags and are files), and
there is a moment between the look and the opening; whoever can use it runs programs
as the same user and needs no link. A further hard link to a file cannot be told from
the file itself: such a file is copied before it is changed.
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
    """Make sure that nothing between `below` and `path`, itself included, is a link.

    What is not below `below` is not looked at: that is a place of the user's choice.

    Raises:
        UserError: Something is.
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
    """As `refuse_links`, for everything in a folder, however deep.

    Raises:
        UserError: Something is a link.
    """
    refuse_links(folder, below)
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            if is_link(Path(place, name)):
                raise _is_link(Path(place, name))


def check_plain(path: Path, below: Path) -> None:
    """Make sure that a file, if it is there, is a plain one; see `refuse_links`.

    Raises:
        UserError: It is not.
    """
    refuse_links(path, below)
    with suppress(OSError):  # whoever opens it will say so
        _check_regular(os.lstat(path), path)


def make_folder(folder: Path, below: Path) -> None:
    """Make a folder with its parents, unless it is there.

    Raises:
        UserError: A link is in the way.
        OSError: It cannot be made.
    """
    refuse_links(folder, below)
    folder.mkdir(parents=True, exist_ok=True)


def open_file(path: Path, below: Path, mode: Mode) -> FileIO:
    """Open a plain file for writing, unbuffered; it is made where it is missing.

    Args:
        mode: "update" changes what is there, "append" writes at its end, "new" must
            be the first.

    Raises:
        UserError: A link is in the way, or it is no plain file.
        OSError: It cannot be opened.
    """
    # Not opened to find out: a pipe would wait for ever, a device may react.
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
        timeout: Seconds to wait for it.
        thread_local: It is released on the thread that acquired it.

    Raises:
        UserError: A link is in the way, or it is no plain file.
    """
    from filelock import FileLock

    check_plain(path, below)
    return FileLock(path, timeout=timeout, thread_local=thread_local)


def remove_tree(folder: Path, below: Path) -> None:
    """Remove a folder as far as that is possible; of a link, only the link itself.

    Raises:
        UserError: A link is in the way to it.
    """
    refuse_links(folder.parent, below)
    if not is_link(folder):
        shutil.rmtree(folder, ignore_errors=True)
        return
    try:
        os.unlink(folder)
    except OSError:
        os.rmdir(folder)  # a junction is a folder to Windows


def _copy_apart(path: Path) -> None:
    """Give a file that has other names too a content of its own."""
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
