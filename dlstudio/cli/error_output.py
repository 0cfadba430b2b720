"""Error reporting: a message for the user, details in a log file."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
import traceback
from pathlib import Path

from dlstudio import __version__
from dlstudio.errors import UserError
from dlstudio.i18n import _


def report(error: UserError, as_json: bool) -> int:
    """Report an error that the user can fix; returns the exit status."""
    if as_json:
        item = {"error": {"message": error.message, "hint": error.hint}}
        print_line(json.dumps(item, ensure_ascii=False))
        return 1
    sys.stderr.write(_("Error: {message}").format(message=error.message) + "\n")
    if error.hint:
        sys.stderr.write(f"{error.hint}\n")
    return 1


def report_interrupted() -> int:
    """Report that the user stopped the command; returns the exit status."""
    sys.stderr.write("\n" + _("Interrupted.") + "\n")
    return 130


def report_unexpected(error: Exception, as_json: bool) -> int:
    """Report an internal error in one line, with the details in a log file.

    Of an error in code that the user has trusted, its line says enough.
    """
    from dlstudio.engine.runtime.code_place import code_place
    from dlstudio.engine.runtime.error_text import plain

    if code_place(error) is not None:
        hint = _("Correct the file, and trust it again.")
        return report(UserError(plain(error), hint), as_json)
    summary = f"{type(error).__name__}: {error}".splitlines()[0]
    message = _("Something unexpected happened: {summary}.").format(
        summary=summary.rstrip(".")
    )
    log = _write_log(error)
    hint = (
        _("See {path} for details.").format(path=log)
        if log
        else _("The details could not be saved.")
    )
    return report(UserError(message, hint), as_json)


class StdoutClosed(Exception):
    """The reader of stdout has closed it, as in `dlstudio layers | head`."""


def print_line(line: str) -> None:
    """Print one line on stdout and flush it, as programs read it immediately.

    Raises:
        StdoutClosed: The reader has closed stdout.
    """
    print_text(line + "\n")


def print_text(text: str) -> None:
    """The same of a part of a line, or of several lines.

    Raises:
        StdoutClosed: The reader has closed stdout.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError as error:
        # Keep the buffered rest from failing again when Python exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise StdoutClosed from error


def _write_log(error: Exception) -> Path | None:
    from dlstudio import paths

    head = (
        f"dlstudio {__version__}, Python {platform.python_version()}, "
        f"{platform.platform()}\n{sys.argv}\n\n"
    )
    details = "".join(
        traceback.format_exception(type(error), error, error.__traceback__)
    )
    try:
        path = paths.user_cache() / "logs" / time.strftime("error-%Y%m%d-%H%M%S.log")
        paths.write_text(path, head + details)
    except (UserError, OSError):
        return None
    return path
