"""The command line. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dlstudio.engine.subprocess_training import SWITCH


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: What stands after the program's name; None for `sys.argv`.

    Returns:
        0; 1 for a user's error, reported in a sentence; 2 for wrong usage; 130 when
        interrupted.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == [SWITCH]:
        from dlstudio.engine.subprocess_training.main import main as train

        train()
    try:
        from dlstudio.cli.run import run

        return run(given)
    except KeyboardInterrupt:  # while the imports above were going on
        return 130
    finally:
        _forget_interruption()


def _forget_interruption() -> None:
    """Let an interruption that was caught not decide how the process ends.

    Python remembers one that struck in code made from text, as many libraries' is,
    even after it was caught, and at the end kills itself with SIGINT instead of
    giving the status. Any other code made from text makes it forget.
    """
    exec("")
