"""Output of commands: results on stdout, progress on stderr.

Uses colour and boxes (rich) on a terminal, plain aligned text in a pipe.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from dlstudio.cli.error_output import print_line
from dlstudio.i18n import _
from dlstudio.json_values import JsonValue

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

Report = Callable[[int, int], None]


class Output:
    """The output of one command."""

    def __init__(self, as_json: bool = False) -> None:
        self.as_json = as_json
        self._stderr = _own_stderr()

    @cached_property
    def console(self) -> Console:
        """The terminal's stdout, in colour if supported."""
        from rich.console import Console

        return Console(file=sys.stdout, highlight=False, soft_wrap=not self.pretty)

    @cached_property
    def progress_console(self) -> Console:
        """The terminal's stderr, separate from the output of libraries."""
        from rich.console import Console

        return Console(file=self._stderr, highlight=False, soft_wrap=True)

    @property
    def pretty(self) -> bool:
        """Whether stdout is a terminal for a person to read."""
        return sys.stdout.isatty()

    @property
    def live(self) -> bool:
        """Whether stderr is a terminal that can show a progress bar."""
        return self._stderr.isatty()

    def json(self, value: object) -> None:
        """Print one JSON value on one line."""
        print_line(json.dumps(plain(value), ensure_ascii=False, allow_nan=False))

    def text(self, line: str = "", style: str = "") -> None:
        """Print one line of the result."""
        if self.pretty:
            self.console.print(line, style=style or None, markup=False)
        else:
            print_line(line)

    def note(self, line: str) -> None:
        """One line of progress, on stderr."""
        self._stderr.write(line + "\n")
        self._stderr.flush()

    def table(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[str]],
        numbers: Sequence[int] = (),
    ) -> None:
        """Print rows in columns; the columns in `numbers` are right-aligned.

        Args:
            headings: One for each column.
            rows: Cells of each row; nothing is printed if there are none.
            numbers: Indices of right-aligned columns, from 0.
        """
        if not rows:
            return
        if self.pretty:
            self.console.print(_rich_table(headings, rows, numbers))
            return
        for line in _aligned([list(headings), *map(list, rows)], numbers):
            print_line(line)

    def columns(self, rows: Sequence[Sequence[str]]) -> None:
        """Print rows in columns without headings."""
        for line in _aligned([list(row) for row in rows], ()) if rows else ():
            self.text(line)

    @contextmanager
    def progress(self, title: str) -> Iterator[Report]:
        """A progress bar on a terminal; the block calls it with (done, total).

        A total of 0 means unknown.
        """
        if not self.live:
            yield lambda done, total: None
            return
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self.progress_console,
            transient=True,
        )
        with bar:
            task = bar.add_task(title, total=None)
            yield lambda done, total: bar.update(
                task, completed=done, total=total or None
            )

    @contextmanager
    def waiting(self, title: str) -> Iterator[None]:
        """A spinner on a terminal for the duration of the block."""
        if not self.live:
            yield
            return
        with self.progress_console.status(title):
            yield


def plain(value: object) -> JsonValue:
    """`value` in JSON types: NaN and infinity as null, paths as text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "tolist"):  # NumPy scalars and arrays
        return plain(value.tolist())
    raise TypeError(f"{type(value).__name__} has no JSON form")


def duration(seconds: float) -> str:
    """Human-readable seconds: "0.8 s", "2 min 5 s", "1 h 4 min"."""
    if seconds < 60:
        return _("{seconds} s").format(seconds=f"{seconds:.1f}")
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)
    return _("{hours} h {minutes} min").format(
        hours=minutes // 60, minutes=minutes % 60
    )


def _rich_table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int]
) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for index, heading in enumerate(headings):
        right = index in numbers
        table.add_column(
            Text(heading),
            justify="right" if right else "left",
            no_wrap=right,
            overflow="fold",
            style="cyan" if index == 0 else None,
        )
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _aligned(rows: Sequence[list[str]], numbers: Sequence[int]) -> Iterator[str]:
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = []
        for index, (cell, width) in enumerate(zip(row, widths, strict=True)):
            space = " " * (width - cell_len(cell))
            cells.append(space + cell if index in numbers else cell + space)
        yield "  ".join(cells).rstrip()


def _own_stderr() -> TextIO:
    """A separate stderr on a terminal, where library output may be silenced."""
    if not sys.stderr.isatty():
        return sys.stderr
    return os.fdopen(os.dup(sys.stderr.fileno()), "w", encoding=sys.stderr.encoding)
