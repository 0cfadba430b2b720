"""Startup of the window and the command line, compared with their libraries.

    python tests/benchmarks/bench_startup.py [--markdown | --json] [--rounds N]
        [--quick]

The window: from the start of the process until it is painted and responds to a key,
compared with an empty QMainWindow in a program that imports PySide6 and pyqtgraph. The
command line: all of `dlstudio --help`, compared with `import typer`, the library that
parses its arguments. Each start is a new process, and the sides take turns. Seconds
depend on the machine; the README has only the ratios.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT, SIDES = HERE.parents[1], HERE / "sides"
sys.path[:0] = [str(HERE)]

from comparison import Comparison, Spent, in_turns, process, reported
from machine import Quiet
from report import options, show

OURS = "dlstudio"


def surroundings(home: Path, quick: bool) -> dict[str, str]:
    """An environment with separate settings and caches, without a display.

    Args:
        home: Folder for them.
        quick: Whether byte code that is there already may be used.
    """
    folders = ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    own = {name: str(home / name.lower()) for name in folders}
    for path in own.values():
        Path(path).mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, **own, "PYTHONPATH": str(ROOT)}
    # Byte code is compiled once and kept, as for installed programs.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if not quick:
        environment["PYTHONPYCACHEPREFIX"] = str(home / "compiled")
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    return environment


def answering(name: str, environment: Mapping[str, str]) -> Spent:
    """Seconds from the start of a process until it reports."""
    begun = time.time()
    found = reported(process([str(SIDES / name)], environment)[1])
    return Spent(found["at"] - begun, found["cpu"])


def whole(command: tuple[str, ...], environment: Mapping[str, str]) -> Spent:
    """Seconds from the start of a process to its end."""
    return process(command, environment)[0]


def compared(
    what: str,
    against: str,
    sides: tuple[Callable[[], Spent], Callable[[], Spent]],
    rounds: int,
) -> Comparison:
    """Measure both sides in turns; several turns after a warm-up of each."""
    theirs, ours = sides
    if rounds > 1:
        theirs(), ours()
    found = in_turns({against: theirs, OURS: ours}, rounds)
    return Comparison(what, against, tuple(found[OURS]), tuple(found[against]))


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    given = options(__doc__, rounds=9).parse_args(arguments)
    rounds = 1 if given.quick else given.rounds
    quiet = Quiet()
    with tempfile.TemporaryDirectory(prefix="bench-startup-") as home:
        environment = surroundings(Path(home), given.quick)
        window = [
            partial(answering, name, environment)
            for name in ("window_empty.py", "window_studio.py")
        ]
        command = [
            partial(whole, each, environment)
            for each in (("-c", "import typer"), ("-m", "dlstudio", "--help"))
        ]
        found = [
            compared(what, against, (theirs, ours), rounds)
            for what, against, (theirs, ours) in (
                ("window", "an empty window, `import pyqtgraph`", window),
                ("`dlstudio --help`", "`import typer`", command),
            )
        ]
    show(given, found, quiet)
    return 0


if __name__ == "__main__":
    sys.exit(main())
