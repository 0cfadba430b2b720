"""Where things lie on disk, and how files are written so none is ever half-written."""

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
    """Folder for what can be made again (downloads, compiled things)."""
    from platformdirs import user_cache_path

    return user_cache_path("dlstudio", appauthor=False)


def user_config() -> Path:
    """Folder of the user's settings."""
    from platformdirs import user_config_path

    return user_config_path("dlstudio", appauthor=False)


def user_state() -> Path:
    """Folder for what is to be remembered between two starts."""
    from platformdirs import user_state_path

    return user_state_path("dlstudio", appauthor=False)


@contextmanager
def user_errors(path: Path | str, *, writing: bool) -> Iterator[None]:
    """Turn an `OSError` inside the block into a sentence that names `path`."""
    try:
        yield
    except OSError as error:
        raise os_error(error, path, writing=writing) from error


def os_error(error: OSError, path: Path | str, *, writing: bool) -> UserError:
    """The message for an `OSError` on `path`.

    Args:
        error: What the system raised.
        path: Shown as it is.
        writing: Whether it was written; otherwise read.
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
    """Open a file beside `path`; on success it is synced and takes its place at once.

    On any error the old file stays as it was and the new one is removed. A link that
    is there is replaced, never followed. What earlier writers left in the folder when
    they were killed is removed.

    Args:
        below: The project's folder: no folder between it and the file may be a link.

    Raises:
        UserError: The folder cannot be written, a link leads to it, or the disk is
            full.
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
            # mkstemp makes private files; give the usual rights of a new file.
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
        path: Replaced if it is there.
        text: Written with the line ends that it has.
        below: The folder that must not be left through a link; see `atomic_file`.

    Raises:
        UserError: It cannot be written; what was there is unchanged.
    """
    write_bytes(path, text.encode("utf-8"), below=below)


def write_bytes(path: Path, data: bytes, *, below: Path | None = None) -> None:
    """Write bytes atomically; see `atomic_file`.

    Args:
        path: Replaced if it is there.
        data: The whole content.
        below: The folder that must not be left through a link; see `atomic_file`.

    Raises:
        UserError: It cannot be written; what was there is unchanged.
    """
    with atomic_file(path, below=below) as stream:
        stream.write(data)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut (a no-op where not supported)."""
    if os.name == "nt":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def umask() -> int:
    """The rights that new files do not get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
