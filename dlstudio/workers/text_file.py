"""Reading the text of a file that is dropped on a field."""

from __future__ import annotations

from pathlib import Path

from dlstudio.data.tables.file_lines import file_lines
from dlstudio.data.tables.text_encoding import decode
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors
from dlstudio.workers.jobs import JobContext

LARGEST = 2**22
"""Most bytes of a file that is one text."""


def read_text(context: JobContext, path: Path) -> str:
    """The text of a file, whatever its encoding.

    Args:
        context: Of the job.
        path: Of the file.

    Raises:
        UserError: The file cannot be read, or is too large for one text.
    """
    del context
    with user_errors(path, writing=False):
        if path.stat().st_size > LARGEST:
            raise UserError(
                _("{path} is too large for a single text.").format(path=path),
                _("Predict many texts as the rows of a table."),
            )
        return decode(path.read_bytes()).text.removeprefix("\ufeff")


def read_lines(path: Path) -> tuple[str, ...]:
    """The lines of a small file that are not blank; fast enough for the user interface.

    Args:
        path: Of the file.

    Raises:
        UserError: It cannot be read, is too large, or has no lines.
    """
    return file_lines(path)
