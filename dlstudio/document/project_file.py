"""A project file that others may change too: read with its digest, never overwritten.

Whoever reads a project to save it later keeps the digest of what was read, and saves
with it: a file that somebody else changed meanwhile is left as it is.
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
    """The file on disk is not the one that was read."""


class ProjectMissing(UserError):
    """The file that was read is no longer there."""


def file_digest(folder: Path) -> str:
    """SHA-256 of a project's file as hexadecimal digits; `NO_FILE` without one.

    Raises:
        UserError: It cannot be read.
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
    # Read before the project: a change between the two is then noticed later, and
    # never taken for what was read.
    digest = file_digest(folder)
    return load_project(folder), digest


def replace_project(project: Project, folder: Path, known: str) -> str:
    """Save a project in the place of the file that has the digest `known`.

    Args:
        known: As `read_project` gave it; `NO_FILE` where no file is expected.

    Returns:
        The digest of the new file.

    Raises:
        ProjectChanged: Another file is there; nothing was written.
        ProjectMissing: None is there any more; nothing was written.
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
