"""Locations of files, and writing files atomically."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from dlstudio import temporary_files
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.safe_files import refuse_links


def resource(*parts: str) -> Path:
    """Path of a file shipped with dlstudio (`resources/` in a checkout or a wheel)."""
    package = Path(__file__).resolve().parent
    for root in (package / "resources", package.parent / "resources"):
        if root.is_dir():
            return root.joinpath(*parts)
    raise UserError(
        _("The files that come with dlstudio are missing."),
        _("Reinstall dlstudio."),
    )


def user_cache() -> Path:
    """Folder of data that can be recreated (downloads, compiled files)."""
    from platformdirs import user_cache_path

    return user_cache_path("dlstudio", appauthor=False)


def user_config() -> Path:
    """Folder of the user's settings."""
    from platformdirs import user_config_path

    return user_config_path("dlstudio", appauthor=False)


def user_state() -> Path:
    """Folder of state that persists between sessions."""
    from platformdirs import user_state_path

    return user_state_path("dlstudio", appauthor=False)


@contextmanager
def user_errors(path: Path | str, *, writing: bool) -> Iterator[None]:
    """Convert an `OSError` inside the block to a `UserError` that names `path`."""
    try:
        yield
    except OSError as error:
        raise os_error(error, path, writing=writing) from error


def os_error(error: OSError, path: Path | str, *, writing: bool) -> UserError:
    """The message for an `OSError` on `path`.

    Args:
        error: The original error.
        path: Path to name in the message.
        writing: Whether the path was being written; otherwise read.
    """
    import errno

    if error.errno == errno.ENOSPC:
        return UserError(
            _("The disk is full: {path} could not be written.").format(path=path),
            _("Free some disk space and try again. Nothing was overwritten."),
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        text = (
            _("{path} could not be written: permission denied, or read-only.")
            if writing
            else _("{path} could not be read: permission denied.")
        )
        return UserError(
            text.format(path=path), _("Check the permissions of the folder.")
        )
    if error.errno == errno.ENOENT:
        return UserError(
            _("{path} does not exist.").format(path=path),
            _("Check the name, or whether it was moved."),
        )
    text = (
        _("{path} could not be written: {reason}.")
        if writing
        else _("{path} could not be read: {reason}.")
    )
    return UserError(text.format(path=path, reason=error.strerror or error))


@contextmanager
def atomic_file(
    path: Path, mode: str = "wb", *, below: Path | None = None
) -> Iterator[IO[bytes]]:
    """Open a temporary file beside `path`; on success it atomically replaces `path`.

    On any error the old file is unchanged and the new one removed. An existing link is
    replaced, never followed. Leftovers of killed writers in the folder are removed.

    Args:
        below: Project folder: no folder between it and the file may be a link.

    Raises:
        UserError: The folder cannot be written, is reached through a link, or the disk
            is full.
    """
    with user_errors(path, writing=True):
        if below is not None:
            refuse_links(path.parent, below)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = temporary_files.temporary_file(path)
        try:
            with os.fdopen(handle, mode) as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            # mkstemp creates private files; set the usual permissions of a new file.
            with suppress(OSError):
                os.chmod(temporary, 0o666 & ~umask())
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
        temporary_files.remove_stale(path.parent)


def write_text(path: Path, text: str, *, below: Path | None = None) -> None:
    """Write UTF-8 text atomically; see `atomic_file`.

    Args:
        path: File to create or replace.
        text: Content; line endings are written unchanged.
        below: Folder that must not be left through a link; see `atomic_file`.

    Raises:
        UserError: The file cannot be written; an existing one is unchanged.
    """
    write_bytes(path, text.encode("utf-8"), below=below)


def write_bytes(path: Path, data: bytes, *, below: Path | None = None) -> None:
    """Write bytes atomically; see `atomic_file`.

    Args:
        path: File to create or replace.
        data: Content.
        below: Folder that must not be left through a link; see `atomic_file`.

    Raises:
        UserError: The file cannot be written; an existing one is unchanged.
    """
    with atomic_file(path, below=below) as stream:
        stream.write(data)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power failure (no-op where not supported)."""
    if os.name == "nt":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def umask() -> int:
    """The process's file mode creation mask."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
