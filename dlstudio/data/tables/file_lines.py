"""The lines of a small file, such as a list of words."""

from __future__ import annotations

from pathlib import Path

from dlstudio.data.tables.text_encoding import decode
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors

LARGEST = 2**20
"""Most bytes of such a file."""


def file_lines(path: Path) -> tuple[str, ...]:
    """The lines that are not blank, without blanks around them, whatever the encoding.

    Args:
        path: Of the file.

    Raises:
        UserError: It cannot be read, is too large, or has no lines.
    """
    with user_errors(path, writing=False):
        if path.stat().st_size > LARGEST:
            raise UserError(
                _("{path} is too large for a list.").format(path=path),
                _("Keep only the lines that are needed."),
            )
        text = decode(path.read_bytes()).text.removeprefix("\ufeff")
    lines = tuple(line.strip() for line in text.splitlines() if line.strip())
    if not lines:
        raise UserError(_("{path} has no lines.").format(path=path))
    return lines
