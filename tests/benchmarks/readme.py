"""Measures all results of the README and writes them there.

    python tests/benchmarks/readme.py [--write] [--busy] [--quick]

Without --write they are printed. It takes about eleven minutes on two cores; keep the
machine idle meanwhile. Results of a busy machine are not written, except with --busy.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE)]

from comparison import Comparison
from report import ratios

BENCHMARKS = ("bench_training.py", "bench_images.py", "bench_startup.py")
BEGIN = "<!-- figures: python tests/benchmarks/readme.py --write -->"
END = "<!-- end of figures -->"


def measured(name: str, quick: bool) -> dict[str, Any]:
    """Results of a benchmark."""
    command = [sys.executable, str(HERE / name), "--json"]
    command += ["--quick", "--rounds", "1"] if quick else []
    done = subprocess.run(
        command, stdout=subprocess.PIPE, check=True, text=True, encoding="utf-8"
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def section(found: dict[str, dict[str, Any]]) -> str:
    """The Markdown section: the machine, and a table for each benchmark."""
    machine = next(iter(found.values()))["machine"]
    parts = [f"Measured on: {machine}."]
    for name, result in found.items():
        parts.append(f"`python tests/benchmarks/{name}`:")
        parts.append(ratios([Comparison.from_json(c) for c in result["comparisons"]]))
    return "\n\n".join(parts)


def replaced(text: str, figures: str) -> str:
    """The README with new results.

    Raises:
        SystemExit: The comments that mark the section are missing.
    """
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"README.md has no “{BEGIN}” with “{END}” after it.")
    return f"{before}{BEGIN}\n\n{figures}\n\n{END}{after}"


def main(arguments: list[str] | None = None) -> int:
    """Measure; print or write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="into README.md")
    parser.add_argument("--busy", action="store_true", help="even if it is not quiet")
    parser.add_argument("--quick", action="store_true", help="only see that it runs")
    given = parser.parse_args(arguments)
    found = {name: measured(name, given.quick) for name in BENCHMARKS}
    print(section(found))
    if not given.write:
        return 0
    if any(result["warnings"] for result in found.values()) and not given.busy:
        print("Nothing was written: the machine was not quiet.", file=sys.stderr)
        return 1
    readme = ROOT / "README.md"
    text = readme.read_text("utf-8")
    readme.write_text(replaced(text, section(found)), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
