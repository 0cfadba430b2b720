"""Notes about exports in progress, so that later commands clean up after a kill.

An export may be anywhere, so the path of each folder being exported to is kept in the
user's state folder for that time.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dlstudio.engine.export.previous_export import OLD, put_back
from dlstudio.errors import UserError
from dlstudio.paths import user_state, write_text
from dlstudio.safe_files import is_link, lock_file

FOLDER = "exports"
SUFFIX = ".path"
PREFIX = ".dlstudio-export-"
LOCK = "lock"


@contextmanager
def noted(folder: Path) -> Iterator[None]:
    """While the block runs, keep a note that an export is written to `folder`.

    If the note cannot be written, the next export to the same folder cleans up.
    """
    note = user_state() / FOLDER / f"{uuid.uuid4().hex}{SUFFIX}"
    with suppress(UserError):
        write_text(note, str(folder))
    try:
        yield
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)


def recover() -> None:
    """Clean up after killed exports: restore the earlier ones."""
    try:
        with os.scandir(user_state() / FOLDER) as found:
            notes = [Path(each.path) for each in found if each.name.endswith(SUFFIX)]
    except OSError:
        return
    for note in notes:
        with suppress(OSError):
            _recover(note)


def _recover(note: Path) -> None:
    try:
        done = clear_folder(Path(note.read_text("utf-8")))
    except ValueError:  # the note is damaged
        done = True
    if done:
        note.unlink(missing_ok=True)


def clear(parent: Path) -> None:
    """Remove leftovers of killed exports in `parent`; restore the files they moved."""
    for folder in parent.glob(f"{PREFIX}*"):
        clear_folder(folder)


def clear_folder(folder: Path) -> bool:
    """The same for one such folder; False if an export is still running in it."""
    from filelock import Timeout  # imported here: every command calls this, few need it

    if not folder.name.startswith(PREFIX) or is_link(folder) or not folder.is_dir():
        return True
    try:
        lock = lock_file(folder / LOCK, folder.parent)
        lock.acquire()
    except (Timeout, OSError, UserError):
        return False  # another export is running, or no permission
    try:
        put_back(folder / OLD, folder.parent)
    finally:
        lock.release()
    shutil.rmtree(folder, ignore_errors=True)
    return True
