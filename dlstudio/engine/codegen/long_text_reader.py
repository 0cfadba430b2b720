"""The lines of a script that read a long text, split it and cut it into windows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.data.fileinfo import resolve
from dlstudio.data.samples import SPLITS
from dlstudio.data.sources.continuous_text import split_of
from dlstudio.data.sources.long_text import CHARACTERS, text_files
from dlstudio.data.tables.text_chunks import open_text
from dlstudio.data.text_windows import WindowCells
from dlstudio.engine.codegen.image_listing import dictionary_rows
from dlstudio.engine.codegen.literals import quoted
from dlstudio.engine.codegen.text_reader import (
    LONGEST_MARK,
    file_decoding,
    script_encoding,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors

CUT = {
    CHARACTERS: '''

def windows(text: str) -> list[str]:
    """Pieces of the text; each begins with the last character of the one before."""
    starts = range(0, len(text) - 1, WINDOW - 1)
    return [text[start : start + WINDOW] for start in starts]
''',
    "words": '''

def windows(text: str) -> list[str]:
    """Pieces of the text; each begins with the last word of the one before."""
    places = [word.start() for word in re.finditer(r"[^\\t-\\r ]+", text)]
    starts = range(0, len(places) - 1, WINDOW - 1)
    ends = [*places, len(text)]
    return [text[places[i] : ends[min(i + WINDOW, len(places))]] for i in starts]
''',
}
LINE_START = '''

def line_start(text: bytes, share: float) -> int:
    """Where the first line begins behind a share of the text."""
    return text.index(b"\\n", round(len(text) * share)) + 1
'''
READ = '''

def read_windows() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Pieces of the text, and the places of those of each split."""
'''
ONE = """\
    text = {text}.encode()
    places = [0, {first}, {second}, len(text)]
    found, splits = [], {{}}
    for name, start, end in zip({splits}, places, places[1:]):
        some = windows(text[start:end].decode())
        splits[name] = np.arange(len(found), len(found) + len(some))
        found += some
    return {{{feature}: np.array(found, object)}}, splits
"""
SEVERAL = """\
    texts = [{text}.encode() for name in FILES]
    text = b"".join(texts)
    places = [0, {first}, {second}, len(text)]
    ends = np.cumsum([len(each) for each in texts])
    found, splits = [], {{}}
    for name, start, end in zip({splits}, places, places[1:]):
        begin = len(found)
        for first, last in zip([0, *ends], ends):  # no window is of two files
            some = text[max(start, first) : min(end, last)]
            found += windows(some.decode())
        splits[name] = np.arange(begin, len(found))
    return {{{feature}: np.array(found, object)}}, splits
"""
NAMED = """\
    found, splits = [], {{name: [] for name in {splits}}}
    for name, split in FILES.items():
        some = windows({text})
        splits[split] += range(len(found), len(found) + len(some))
        found += some
    splits = {{name: np.array(places, int) for name, places in splits.items()}}
    return {{{feature}: np.array(found, object)}}, splits
"""


@dataclass(frozen=True, slots=True)
class LongTextReading:
    """How a script reads a long text.

    Attributes:
        constants: Lines above the functions.
        functions: Up to `read_windows`.
    """

    constants: tuple[str, ...]
    functions: tuple[str, ...]


def long_text_reading(
    params: Mapping[str, Any],
    folder: Path,
    cells: WindowCells,
    splits: npt.NDArray[np.str_],
) -> LongTextReading:
    """How a script reads the files of a long text.

    Args:
        params: Of the source.
        folder: Of the project, to which the path is relative.
        cells: The windows that the studio has made of it.
        splits: Name of the split of each.

    Raises:
        UserError: The files cannot be read, or not by a script.
    """
    path = resolve(params["path"], folder)
    files = text_files(path, [str(each) for each in params.get("files") or ()])
    with user_errors(path, writing=False):
        given = str(params.get("encoding") or "")
        encodings = {_encoding(each, given) for each in files}
    decoding = file_decoding(encodings)
    named = "train" in map(split_of, files)
    place = "(FOLDER / name)" if files[1:] or named else "TEXT"
    text = rf'{decoding.text_of(place)}.replace("\r\n", "\n")'
    shares = [float(params.get(name) or 0) for name in ("validation", "test")]
    first, second = _borders(*shares)
    pattern = NAMED if named else SEVERAL if files[1:] else ONE
    functions = [
        *decoding.functions,
        *CUT[cells.unit].splitlines(),
        *(LINE_START.splitlines() if not named and any(shares) else ()),
        *READ.splitlines(),
        *pattern.format(
            text=text,
            first=first,
            second=second,
            splits=f"[{', '.join(map(quoted, SPLITS))}]",
            feature=quoted(cells.name),
        ).splitlines(),
    ]
    if not named and any(shares):
        _check_lines(cells, splits)
    constants = (*_constants(files, named), f"WINDOW = {cells.size}")
    return LongTextReading(constants, tuple(functions))


def _constants(files: Sequence[Path], named: bool) -> list[str]:
    if not files[1:] and not named:
        return [f"TEXT = pathlib.Path({quoted(files[0].as_posix())})"]
    rows = [f"FOLDER = pathlib.Path({quoted(files[0].parent.as_posix())})"]
    if not named:
        return [*rows, f"FILES = [{', '.join(quoted(each.name) for each in files)}]"]
    splits = {each.name: split_of(each) or SPLITS[0] for each in files}
    ordered = sorted(splits, key=lambda name: SPLITS.index(splits[name]))
    pairs = {name: quoted(splits[name]) for name in ordered}
    return [*rows, *dictionary_rows("FILES = ", pairs, "")]


def _borders(validation: float, test: float) -> tuple[str, str]:
    """Expressions of where validation and test split begin."""
    second = f"line_start(text, 1 - {test!r})" if test else "len(text)"
    if not validation:
        return second, second
    more = f" - {test!r}" if test else ""
    return f"line_start(text, 1 - {validation!r}{more})", second


def _encoding(path: Path, given: str) -> str:
    """The encoding of a file, as a script writes it.

    Raises:
        UserError: It is damaged, or its lines end as nowhere else.
    """
    opened = open_text(path, given)
    if opened.errors != "strict" or opened.old_line_ends:
        raise UserError(
            _("{path} has characters or line ends that a script does not read.").format(
                path=path
            ),
            _("Save it in UTF-8."),
        )
    with path.open("rb") as stream:
        return script_encoding(stream.read(LONGEST_MARK), opened.encoding)


def _check_lines(cells: WindowCells, splits: npt.NDArray[np.str_]) -> None:
    """Raise a `UserError` if a split begins within a line, as of a text without any."""
    borders = np.flatnonzero(splits[1:] != splits[:-1])
    before = cells.windows.buffer[cells.windows.ends[borders] - 1]
    if (before != ord("\n")).any():
        raise UserError(
            _("The lines of the text are too long for a script to split it.")
        )
