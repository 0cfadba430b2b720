"""Options and output of all comparisons: text, Markdown, JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from comparison import Comparison, Spread, smallest_first
from machine import Quiet, describe

HEAD = "| what | compared with | wall time | CPU time |\n|---|---|---:|---:|"


def options(doc: str | None, rounds: int) -> argparse.ArgumentParser:
    """The options of all comparisons.

    Args:
        doc: The program's docstring.
        rounds: Default number of turns of each side.
    """
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="only see that it runs")
    parser.add_argument(
        "--rounds", type=int, default=rounds, help="turns of each side (%(default)s)"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="the README's table")
    form.add_argument("--json", action="store_true", help="everything, as JSON")
    return parser


def ratios(comparisons: Sequence[Comparison]) -> str:
    """The Markdown table of ratios, smallest first."""
    rows = [
        f"| {each.what} | {each.against} | {each.ratio('wall').text()} "
        f"| {each.ratio('cpu').text()} |"
        for each in smallest_first(comparisons)
    ]
    return "\n".join([HEAD, *rows])


def seconds(comparisons: Sequence[Comparison]) -> str:
    """The Markdown table of the times of each side."""
    lines = [
        "| what | side | wall time, s | CPU time, s |",
        "|---|---|---:|---:|",
    ]
    for each in smallest_first(comparisons):
        for name, side in (("dlstudio", each.ours), (each.against, each.theirs)):
            wall, cpu = (
                Spread.of([getattr(one, clock) for one in side]).text(3)
                for clock in ("wall", "cpu")
            )
            lines.append(f"| {each.what} | {name} | {wall} | {cpu} |")
    return "\n".join(lines)


def show(
    given: argparse.Namespace, comparisons: Sequence[Comparison], quiet: Quiet
) -> None:
    """Print the results in the requested format."""
    if given.json:
        print(json.dumps(everything(comparisons, quiet), ensure_ascii=False))
        return
    print(f"Measured on: {describe()}.\n")
    for warning in quiet.warnings():
        print(f"**{warning}**\n")
    if given.markdown:
        print(ratios(comparisons))
        return
    least = smallest_first(comparisons)[0]
    print(f"Smallest ratio: {least.smallest:.2f} ({least.what}, {least.against})\n")
    print("Ratios: the other's time ÷ dlstudio's, median (range); more is better\n")
    print(f"{ratios(comparisons)}\n\n{seconds(comparisons)}")


def everything(comparisons: Sequence[Comparison], quiet: Quiet) -> dict[str, Any]:
    return {
        "machine": describe(),
        "warnings": quiet.warnings(),
        "others": quiet.others(),
        "comparisons": [each.to_json() for each in smallest_first(comparisons)],
    }
