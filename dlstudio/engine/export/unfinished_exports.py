"""Notes on exports at work, so that any later command can tidy up after a killed one.

An export may lie anywhere, so the user's state folder keeps the path of each folder
in which one is being made, for as long as that takes.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dlstudio.errors import UserError
from dlstudio.paths import user_state, write_text

FOLDER = "exports"
SUFFIX = ".path"


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
    from dlstudio.engine.export.atomic_publish import clear_folder

    try:
        done = clear_folder(Path(note.read_text("utf-8")))
    except ValueError:  # the note is damaged
        done = True
    if done:
        note.unlink(missing_ok=True)
