"""Notes on exports at work, so that any later command can tidy up after a killed one.

An export may lie anywhere, so the user's state folder keeps the path of each folder
in which one is being made, for as long as that takes.
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
    """While the block runs, a note says that an export is made in `folder`.

    Where none can be written, the next export to the same place tidies up.
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
    """Tidy up after exports that were killed: an earlier one is put back in place."""
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
    """Remove what killed exports left in `parent`; put back what they had moved."""
    for folder in parent.glob(f"{PREFIX}*"):
        clear_folder(folder)


def clear_folder(folder: Path) -> bool:
    """The same for one such folder; False if an export is at work in it."""
    from filelock import Timeout  # every command asks; few find anything

    if not folder.name.startswith(PREFIX) or is_link(folder) or not folder.is_dir():
        return True
    try:
        lock = lock_file(folder / LOCK, folder.parent)
        lock.acquire()
    except (Timeout, OSError, UserError):
        return False  # another export is at work, or it is not ours to touch
    try:
        put_back(folder / OLD, folder.parent)
    finally:
        lock.release()
    shutil.rmtree(folder, ignore_errors=True)
    return True
