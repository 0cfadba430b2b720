"""The files of a SavedModel: which ones belong to it, their digest, and copies."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from dlstudio.engine.model.published_weights import file_digest
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import open_regular
from dlstudio.paths import atomic_file, user_errors
from dlstudio.safe_files import is_link

GRAPH, VARIABLES, ASSETS = "saved_model.pb", "variables", "assets"
IN_PIECES = "saved_model.cpb"
"""TensorFlow would prefer this file, of which the program is not read here."""
MOST_FILES = 10_000
LARGEST = 8 * 2**30
DEEPEST = 8


def saved_model_files(folder: Path) -> Mapping[str, Path]:
    """The files of a SavedModel by their names within it, with "/".

    Other files that lie in the folder are left out.

    Args:
        folder: Of the SavedModel.

    Raises:
        UserError: There is no program, or a link or a special file, or too much.
    """
    with user_errors(folder, writing=False):
        if (folder / IN_PIECES).exists() or not (folder / GRAPH).is_file():
            raise UserError(
                _("The folder {path} has no saved model.").format(path=folder.name),
                _("Choose the folder of a SavedModel, with the file saved_model.pb."),
            )
        found = {GRAPH: folder / GRAPH}
        for part in (VARIABLES, ASSETS):
            if (folder / part).exists():
                found |= dict(_files(folder / part, part))
        total = 0
        for path in found.values():
            kept = os.lstat(path)
            if is_link(path) or not stat.S_ISREG(kept.st_mode):
                raise _unusual(path)
            total += kept.st_size
    if len(found) > MOST_FILES or total > LARGEST:
        raise UserError(_("{path} is too large.").format(path=folder))
    return found


def _files(folder: Path, name: str, depth: int = 0) -> Iterator[tuple[str, Path]]:
    if is_link(folder) or depth > DEEPEST:
        raise _unusual(folder)
    with os.scandir(folder) as entries:
        for number, entry in enumerate(entries):
            if number > MOST_FILES:
                raise UserError(_("{path} is too large.").format(path=folder))
            path, inner = Path(entry.path), f"{name}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from _files(path, inner, depth + 1)
            else:
                yield inner, path


def _unusual(path: Path) -> UserError:
    return UserError(
        _("{path} is not a regular file, as those of a SavedModel are.").format(
            path=path
        ),
        _("Copy the files themselves into the folder."),
    )


def digest_of(files: Mapping[str, Path]) -> str:
    """The digest of all files and their names, hexadecimal.

    Raises:
        UserError: A file cannot be read.
    """
    whole = hashlib.sha256()
    for name, path in sorted(files.items()):
        with user_errors(path, writing=False):
            found = path.stat()
        own = file_digest(path, "sha256", found.st_size, found.st_mtime_ns)
        whole.update(f"{name}\0{own}\n".encode())
    return whole.hexdigest()


def copy_saved_model(source: Path, target: Path, below: Path) -> None:
    """Copy a SavedModel into a folder.

    Args:
        source: Of the SavedModel.
        target: Where to; created.
        below: The folder of the project: nothing below it may be a link.

    Raises:
        UserError: A file cannot be read or written.
    """
    for name, path in saved_model_files(source).items():
        place = target / name
        with (
            user_errors(place, writing=True),
            open_regular(path) as stream,
            atomic_file(place, below=below) as written,
        ):
            shutil.copyfileobj(stream, written)
