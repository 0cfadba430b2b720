"""Where in a person's own code an error arose."""

from __future__ import annotations

import re

_FILENAME = re.compile(r"<(?P<name>[^<>/\\]+\.py) [0-9a-f]{12}>")


def code_filename(name: str, digest: str) -> str:
    """The name under which code is compiled: it is not a path, so nothing is re-read.

    Args:
        name: Of the file.
        digest: Of its bytes.
    """
    return f"<{name} {digest[:12]}>"


def code_place(error: BaseException) -> tuple[str, int] | None:
    """The innermost file and line of custom code that raised; None if it was none."""
    found = None
    waiting: BaseException | None = error
    while waiting is not None:
        if isinstance(waiting, SyntaxError) and waiting.filename and not found:
            found = _place(waiting.filename, waiting.lineno or 1)
        trace = waiting.__traceback__
        inner = None
        while trace is not None:
            place = _place(trace.tb_frame.f_code.co_filename, trace.tb_lineno)
            inner = place or inner
            trace = trace.tb_next
        found = found or inner
        waiting = waiting.__cause__ or waiting.__context__
    return found


def _place(filename: str, line: int) -> tuple[str, int] | None:
    match = _FILENAME.fullmatch(filename)
    return (match["name"], line) if match else None
