"""How long `dlstudio --help` takes, beside Python itself and its command-line library.

    python tests/benchmarks/bench_startup.py

The programs take turns, so that whatever else the machine does hits them alike; the
median of each is told.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from time import perf_counter

TURNS = 15
LIMIT = 0.3  # seconds
PROGRAMS = {
    "python -c pass": ["-c", "pass"],
    'python -c "import typer"': ["-c", "import typer"],
    "dlstudio --help": ["-m", "dlstudio", "--help"],
}


def main() -> int:
    """Print the table; the status is 1 when the help takes too long."""
    seconds: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _turn in range(TURNS):
        for name, arguments in PROGRAMS.items():
            begun = perf_counter()
            command = [sys.executable, *arguments]
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            seconds[name].append(perf_counter() - begun)
    print("| program | median of 15 | slowest |\n|---|---|---|")
    for name, values in seconds.items():
        median = statistics.median(values)
        print(f"| `{name}` | {median:.3f} s | {max(values):.3f} s |")
    return int(statistics.median(seconds["dlstudio --help"]) >= LIMIT)


if __name__ == "__main__":
    sys.exit(main())
