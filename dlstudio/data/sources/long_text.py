"""Running text in files: one after the other, in windows, split by position."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dlstudio.data.data_source import Certainty, DataSource, Recognizer
from dlstudio.data.fileinfo import resolve
from dlstudio.data.findings import Finding
from dlstudio.data.row_ids import RowIds
from dlstudio.data.samples import SPLITS, Samples
from dlstudio.data.sources.continuous_text import (
    SUFFIX,
    find,
    is_continuous_text,
    split_of,
)
from dlstudio.data.sources.folder_tree import files_in
from dlstudio.document.values import Value
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors

if TYPE_CHECKING:
    from dlstudio.data.text_windows import TextWindows

TEXT = "text"
"""Name of the column."""
CHARACTERS, WORDS = "characters", "words"
SIZES = {CHARACTERS: 128, WORDS: 32}
"""Tokens of a window, unless the user says otherwise."""
SMALLEST = 8
FEWEST = 2
"""Windows for training."""
IN_MEMORY = 64 * 2**20
"""Bytes of a text that is not mapped from a file."""
LINE = 4096
"""Bytes within which a split begins with a line."""
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class SplitRange:
    """Bytes of the buffer that belong to one split.

    Attributes:
        split: "train", "validation" or "test".
        start, end: Where it begins and ends, in bytes.
    """

    split: str
    start: int
    end: int


def read(params: Mapping[str, Any], base: Path) -> Samples:
    """The windows of a text, as rows of one column.

    Args:
        params: "path" of a file or folder, and perhaps "files", "unit", "window",
            "validation", "test" and "encoding".
        base: Folder of the project.

    Raises:
        UserError: There is no such file, it is no text, or too short for a window.
    """
    from dlstudio.data.text_windows import (  # every path is shown to this source
        WindowCells,
        character_windows,
        word_windows,
    )

    path = resolve(params["path"], base)
    files = text_files(path, [str(each) for each in params.get("files") or ()])
    unit = str(params.get("unit") or CHARACTERS)
    size = max(SMALLEST, int(params.get("window") or SIZES[unit]))
    with user_errors(path, writing=False):
        buffer, bounds, notes = _buffer(files, str(params.get("encoding") or ""))
    shares = [float(params.get(name) or 0) for name in ("validation", "test")]
    parts = _parts(buffer, files, bounds, *shares)
    windows_of = character_windows if unit == CHARACTERS else word_windows
    made = [windows_of(buffer, each.start, each.end, size) for each in parts]
    splits = np.repeat([each.split for each in parts], [len(each) for each in made])
    if (splits == "train").sum() < FEWEST:
        raise UserError(
            _("The text in {path} is too short.").format(path=path),
            _("Use a longer text, or a smaller window."),
        )
    cells = WindowCells(_joined(buffer, made), unit, size, TEXT)
    numbers = np.arange(1, len(cells) + 1, dtype=np.int64)
    return Samples(RowIds(numbers), {TEXT: cells}, splits.astype("<U10"), notes)


def _joined(buffer: Bytes, made: Sequence[TextWindows]) -> TextWindows:
    from dlstudio.data.text_windows import TextWindows

    starts = np.concatenate([each.starts for each in made])
    return TextWindows(buffer, starts, np.concatenate([each.ends for each in made]))


def text_files(path: Path, chosen: Sequence[str]) -> list[Path]:
    """The files of a text, in their order.

    Args:
        path: A file, or a folder of them.
        chosen: Names of files of the folder; () for all.

    Raises:
        UserError: There are none such.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise UserError(
            _("{path} does not exist.").format(path=path),
            _("Check the name, or whether it was moved."),
        )
    with user_errors(path, writing=False):
        found = [each for each in files_in(path) if each.suffix.lower() == SUFFIX]
    if chosen:
        missing = sorted({*chosen} - {each.name for each in found})
        if missing:
            raise UserError(
                _("{path} does not exist.").format(path=path / missing[0]),
                _("Check the name, or whether it was moved."),
            )
        found = [each for each in found if each.name in chosen]
    if not found:
        raise UserError(
            _("There are no .txt files in {path}.").format(path=path),
            _("Choose a text file, or a folder of them."),
        )
    return found


def _buffer(
    files: Sequence[Path], encoding: str
) -> tuple[Bytes, list[int], tuple[Finding, ...]]:
    """The texts in UTF-8, one after the other; where each ends; what was found."""
    from dlstudio.data.tables.text_chunks import open_text

    opened = [open_text(path, encoding) for path in files]
    ends, total = [], 0
    if sum(path.stat().st_size for path in files) > IN_MEMORY:
        from dlstudio.data.tables.scratch_file import ScratchFile

        file = ScratchFile()
        for text in opened:
            for chunk in _plain_lines(text.chunks()):
                total += file.append(chunk).size
            ends.append(total)
        buffer = np.frombuffer(file.mapped(), np.uint8) if total else _bytes(b"")
    else:
        pieces = [b"".join(_plain_lines(text.chunks())) for text in opened]
        ends = np.cumsum([len(each) for each in pieces]).tolist()
        buffer = _bytes(b"".join(pieces))
    notes = tuple(note for text in opened for note in text.notes)
    return buffer, ends, notes


def _bytes(content: bytes) -> Bytes:
    return np.frombuffer(content, np.uint8)


def _plain_lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Text whose lines end as everywhere, with a line feed alone."""
    held = b""
    for chunk in chunks:
        whole = held + chunk
        held = b"\r" if whole.endswith(b"\r") else b""
        yield whole[: len(whole) - len(held)].replace(b"\r\n", b"\n")
    yield held


def _parts(
    buffer: Bytes,
    files: Sequence[Path],
    bounds: Sequence[int],
    validation: float,
    test: float,
) -> list[SplitRange]:
    """What of the text is in which split; no split has a part of another's windows.

    Args:
        buffer: The text.
        files: Of which it consists; their names may say their splits.
        bounds: Where each ends.
        validation, test: Shares of the text, if no name says a split.
    """
    ends = list(bounds)
    starts = [0, *ends[:-1]]
    named = [split_of(each) for each in files]
    if "train" in named:
        pairs = zip(named, starts, ends, strict=True)
        found = [SplitRange(name or "train", a, b) for name, a, b in pairs]
        return sorted(found, key=lambda each: SPLITS.index(each.split))
    total = len(buffer)
    first = _line_start(buffer, round(total * (1 - validation - test)))
    second = max(first, _line_start(buffer, round(total * (1 - test))))
    areas = zip(SPLITS, (0, first, second), (first, second, total), strict=True)
    return [
        SplitRange(split, max(begin, a), min(end, b))
        for split, begin, end in areas
        for a, b in zip(starts, ends, strict=True)
        if max(begin, a) < min(end, b)
    ]


def _line_start(buffer: Bytes, place: int) -> int:
    """The first line from a place on, or the next character if lines are long."""
    if place >= len(buffer):
        return len(buffer)
    part = buffer[place : place + LINE]
    lines = np.flatnonzero(part == ord("\n"))
    if len(lines):
        return place + int(lines[0]) + 1
    starts = np.flatnonzero((part & 0xC0) != 0x80)
    return place + int(starts[0]) if len(starts) else place


def combine(paths: Sequence[Path]) -> Mapping[str, Value] | None:
    """Several text files of one folder as one text."""
    folders = {path.parent for path in paths}
    texts = all(path.is_file() and path.suffix.lower() == SUFFIX for path in paths)
    if not texts or len(folders) != 1 or not all(map(is_continuous_text, paths)):
        return None
    names = tuple(path.name for path in paths)
    return {"path": folders.pop().as_posix(), "files": names}


SOURCE = DataSource(
    read,
    (Recognizer(Certainty.CONTENT, find),),
    by_name=False,
    combine=combine,
)
