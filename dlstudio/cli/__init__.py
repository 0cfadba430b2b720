"""The command line. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dlstudio.engine.subprocess_training import SWITCH


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: Command-line arguments without the program's name; None for
            `sys.argv`.

    Returns:
        The exit status: 0; 1 for a user error; 2 for wrong usage; 130 when interrupted.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == [SWITCH]:
        from dlstudio.engine.subprocess_training.main import main as train

        train()
    try:
        from dlstudio.cli.run import run

        return run(given)
    except KeyboardInterrupt:  # during the imports above
        return 130
    finally:
        _forget_interruption()


def _forget_interruption() -> None:
    """Keep a caught interruption from determining the exit status.

    Python remembers one that occurred in code run by `exec`, as in many libraries, even
    after it was caught, and finally kills itself with SIGINT instead of returning the
    status. Any other `exec` resets that.
    """
    exec("")
