"""The command that opens the window with a file."""

from __future__ import annotations

import sys
from pathlib import Path

SCRIPT = "dlstudio-studio"
Command = tuple[str, ...]


def launcher_command(python: Path | None = None) -> Command:
    """Return the command without the file: the installed program, or Python itself.

    Args:
        python: The interpreter; None for the running one.
    """
    python = Path(sys.executable) if python is None else python
    script = python.with_name(SCRIPT + python.suffix)
    if script.is_file():
        return (str(script),)
    # On Windows, python.exe opens a console beside the window.
    windowed = python.with_name("pythonw.exe")
    if python.suffix and windowed.is_file():
        python = windowed
    return (str(python), "-m", "dlstudio.app")
