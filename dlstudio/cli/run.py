"""One run of the command line: language, signals, errors and the exit status."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dlstudio.cli import error_output
from dlstudio.cli.app import make_app
from dlstudio.cli.signals import Interrupts
from dlstudio.data.standard_error import keep_python_stderr
from dlstudio.errors import UserError
from dlstudio.i18n import named_language, preferred_language, translator

INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Run one command and return the exit status; see `dlstudio.cli.main`."""
    language, arguments = _language(arguments)
    translator.use(named_language(language) if language else preferred_language())
    as_json = "--json" in arguments
    _prepare_streams()
    status = INTERRUPTED
    with Interrupts() as interrupts:
        try:
            status = _dispatch(arguments, language)
        except UserError as error:
            status = error_output.report(error, as_json)
        except error_output.StdoutClosed:
            status = 0
        except KeyboardInterrupt:
            status = INTERRUPTED
        except Exception as error:
            if not interrupts.count:
                return error_output.report_unexpected(error, as_json)
        # Typer, or an interrupted library, may have changed it.
        return error_output.report_interrupted() if interrupts.count else status


def _dispatch(arguments: Sequence[str], language: str) -> int:
    try:
        make_app(arguments)(list(arguments), prog_name="dlstudio", obj=language)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _language(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """Extract `--lang`, which is needed first as the help of other options uses it.

    Returns:
        The requested language, or "", and the arguments without the option.
    """
    left = list(arguments)
    for at, argument in enumerate(left):
        if argument == "--":
            break
        if argument.startswith("--lang="):
            return argument.partition("=")[2], left[:at] + left[at + 1 :]
        if argument == "--lang" and at + 1 < len(left):
            return left[at + 1], left[:at] + left[at + 2 :]
    return "", left


def _prepare_streams() -> None:
    """Use UTF-8 in pipes, and never fail on a name that cannot be encoded."""
    keep_python_stderr()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            encoding = None if stream.isatty() else "utf-8"
            reconfigure(encoding=encoding, errors="backslashreplace")
