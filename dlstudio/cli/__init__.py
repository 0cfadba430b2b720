"""The command line. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: What stands after the program's name; None for `sys.argv`.

    Returns:
        0; 1 for a user's error, told in a sentence; 2 for wrong usage; 130 when
        interrupted.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        from dlstudio.cli.run import run

        return run(given)
    except KeyboardInterrupt:  # while the imports above were going on
        return 130
