"""Reading and replacing a project file that other programs may change.

A caller that reads a project to save it later keeps the digest of the file and passes
it on saving: a file that was changed in the meantime is never overwritten.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from dlstudio import paths
from dlstudio.document.project import Project
from dlstudio.document.storage import (
    load_project,
    project_file,
    project_text,
    save_project,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import LARGEST, read_regular

NO_FILE = ""


class ProjectChanged(UserError):
    """The file on disk differs from the one that was read."""


class ProjectMissing(UserError):
    """The file that was read no longer exists."""


def file_digest(folder: Path) -> str:
    """Hexadecimal SHA-256 of a project's file; `NO_FILE` if it does not exist.

    Raises:
        UserError: The file cannot be read.
    """
    path = project_file(folder)
    with paths.user_errors(path, writing=False):
        try:
            return hashlib.sha256(read_regular(path, LARGEST)).hexdigest()
        except (FileNotFoundError, NotADirectoryError):
            return NO_FILE


def read_project(folder: Path) -> tuple[Project, str]:
    """A project and the digest of its file.

    Raises:
        UserError: It is missing, unreadable, damaged, too large or too new.
    """
    # Computed before reading the project: a change between the two is then detected on
    # saving, and never mistaken for what was read.
    digest = file_digest(folder)
    return load_project(folder), digest


def replace_project(project: Project, folder: Path, known: str) -> str:
    """Replace the project file that has the digest `known`.

    Args:
        known: Digest returned by `read_project`; `NO_FILE` if no file is expected.

    Returns:
        The digest of the new file.

    Raises:
        ProjectChanged: The file has changed; nothing was written.
        ProjectMissing: The file no longer exists; nothing was written.
        UserError: It cannot be written.
    """
    found = file_digest(folder)
    if known != NO_FILE and found == NO_FILE:
        raise ProjectMissing(
            _("{path} no longer exists.").format(path=project_file(folder)),
            _("If the project folder was moved, find it again, or use Save as…"),
        )
    if found != known:
        raise ProjectChanged(
            _("{path} was changed by another program.").format(
                path=project_file(folder)
            ),
            _(
                "Nothing was overwritten. Open the project again and repeat your "
                "change."
            ),
        )
    save_project(project, folder)
    return hashlib.sha256(project_text(project).encode("utf-8")).hexdigest()
