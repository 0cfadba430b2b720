"""Texts in files: for each class a folder of files, or a file of lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from dlstudio.data.columns import Cells
from dlstudio.data.data_source import Certainty, DataSource, Recognizer
from dlstudio.data.fileinfo import resolve
from dlstudio.data.findings import Finding
from dlstudio.data.row_ids import RowIds
from dlstudio.data.samples import Samples, split_array
from dlstudio.data.sources.folder_tree import descend, files_in, subfolders
from dlstudio.data.split_names import split_names
from dlstudio.data.tables.encoding_findings import doubtful_encoding
from dlstudio.data.tables.note_text import Notes
from dlstudio.data.tables.text_encoding import Decoded, decode
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors

TEXT, LABEL = "text", "label"
"""Names of the columns."""
SUFFIX = ".txt"
ABOUT = ("readme", "license", "licence", "copying", "changelog")
"""What files are called that are about the others."""
UNLABELED = "unsup"
"""The folder of the IMDB reviews that has none of the two classes."""
PROBED = 4096
"""Bytes that are looked at to see that a file is no text."""
LARGEST = 2**30
"""Most bytes of a file."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file of a class.

    Attributes:
        label: Name of the class.
        split: "train", "validation", "test" or "".
    """

    path: Path
    label: str
    split: str = ""


@dataclass(frozen=True, slots=True)
class TextFolder:
    """The files of a folder, and what is in them.

    Attributes:
        files: In a fixed order.
        lines: Whether each line is a text; otherwise a file is one.
    """

    files: tuple[TextFile, ...]
    lines: bool


def read(params: Mapping[str, Any], base: Path) -> Samples:
    """The texts of a folder with their classes, as rows of two columns.

    Args:
        params: "path" of the folder, and perhaps "encoding".
        base: Folder of the project.

    Raises:
        UserError: There is no such folder, or it has no texts of two classes.
    """
    root = resolve(params["path"], base)
    if not root.is_dir():
        raise UserError(
            _("The folder {path} does not exist.").format(path=root),
            _("Check the name, or whether it was moved."),
        )
    with user_errors(root, writing=False):
        found = text_folder(root)
        if found is None:
            raise UserError(
                _("No texts of at least two classes were found in {path}.").format(
                    path=root
                ),
                _("Put the .txt files of each class into a folder named after it."),
            )
        contents = [_content(each.path) for each in found.files]
        unused = _unused(root, found)
    samples = _samples(found, contents, str(params.get("encoding") or ""))
    return replace(samples, notes=(*samples.notes, *unused))


def _unused(root: Path, found: TextFolder) -> list[Finding]:
    """The folders with texts that are of no class."""
    used = {each.path.parent for each in found.files}
    top = descend(root)
    below = [inner for folder in subfolders(top) for inner in subfolders(folder)]
    names = [
        folder.relative_to(root).as_posix()
        for folder in (*subfolders(top), *below)
        if folder not in used and _has_texts(folder)
    ]
    text = _("“{name}” is not used: its texts belong to none of the classes.")
    return [Finding("left-out-folder", name, text.format(name=name)) for name in names]


def _has_texts(folder: Path) -> bool:
    return any(each.suffix.lower() == SUFFIX for each in files_in(folder))


def text_folder(root: Path) -> TextFolder | None:
    """What a folder has of texts; None if it is no folder of classes."""
    top = descend(root)
    folders = subfolders(top)
    if len(folders) == 1 and _is_wrapper(folders[0]):
        top, folders = folders[0], []
    splits = split_names([each.name for each in folders])
    if folders and all(splits):
        files = [
            file
            for folder, split in zip(folders, splits, strict=True)
            for file in _of_classes(subfolders(folder), split)
        ]
    else:
        files = _of_classes(folders, "")
    if _several(files):
        return TextFolder(tuple(files), lines=False)
    files = _of_lines(files_in(top)) if not folders else []
    return TextFolder(tuple(files), lines=True) if _several(files) else None


def _is_wrapper(folder: Path) -> bool:
    """Whether an only folder is no class, but has a file of lines for each class.

    Files that end in ".txt" are the texts of a class there.
    """
    files = _of_lines(files_in(folder))
    return _several(files) and all(e.path.suffix.lower() != SUFFIX for e in files)


def _of_classes(folders: Sequence[Path], split: str) -> list[TextFile]:
    return [
        TextFile(path, folder.name, split)
        for folder in folders
        if folder.name != UNLABELED
        for path in files_in(folder)
        if path.suffix.lower() == SUFFIX
    ]


def _of_lines(files: Sequence[Path]) -> list[TextFile]:
    """Files such as "reviews.neg" and "reviews.pos", or "bad.txt" and "good.txt"."""
    about = [each for each in files if each.stem.lower().startswith(ABOUT)]
    others = [each for each in files if each not in about]
    stems = Counter(each.stem for each in others)
    if len(others) > 1 and len(stems) == 1:
        named = [TextFile(each, each.suffix[1:]) for each in others]
    else:
        named = [TextFile(each, each.stem) for each in others]
        if any(each.suffix.lower() != SUFFIX for each in others):
            return []
    return named if all(_is_text(each.path) for each in named) else []


def _several(files: Sequence[TextFile]) -> bool:
    return len({each.label for each in files}) > 1


def _is_text(path: Path) -> bool:
    """Whether a file has lines of text, as far as its beginning says."""
    with path.open("rb") as stream:
        head = stream.read(PROBED)
    return b"\n" in head and (
        b"\0" not in head or head[:2] in (b"\xff\xfe", b"\xfe\xff")
    )


def _content(path: Path) -> bytes:
    if path.stat().st_size > LARGEST:
        raise UserError(
            _("{path} is too large for a file of texts.").format(path=path),
            _("Split it into smaller files, or save the texts as a table."),
        )
    return path.read_bytes()


def _samples(found: TextFolder, contents: Sequence[bytes], wanted: str) -> Samples:
    import polars as pl  # every folder that is dropped is shown to this source

    decoded, notes = _decoded(contents, wanted)
    texts: list[str] = []
    labels: list[str] = []
    splits: list[str] = []
    for file, text in zip(found.files, decoded, strict=True):
        some = _lines(text) if found.lines else [text]
        texts += some
        labels += [file.label] * len(some)
        splits += [file.split] * len(some)
    columns = {
        TEXT: Cells(pl.Series(TEXT, texts, pl.String)),
        LABEL: Cells(pl.Series(LABEL, labels, pl.String)),
    }
    numbers = np.arange(1, len(texts) + 1, dtype=np.int64)
    return Samples(RowIds(numbers), columns, split_array(splits), notes)


def _lines(text: str) -> list[str]:
    """Lines that are not blank; rarer separators, such as U+0085, are characters."""
    return [each for each in re.split(r"\r\n|\r|\n", text) if each.strip()]


def _decoded(contents: Sequence[bytes], wanted: str) -> tuple[list[str], Notes]:
    """The text of each file, and what should be known of the encoding.

    All files that are not UTF-8 are read in one encoding, which is guessed from them
    together: one alone may have only a few letters beyond ASCII.
    """
    odd = [number for number, data in enumerate(contents) if not _is_plain(data)]
    joined = b"\n".join(contents[number] for number in odd)
    guess = decode(joined, wanted) if odd else Decoded("", "utf-8")
    texts = []
    for number, data in enumerate(contents):
        if number in odd and not wanted:
            texts.append(data.decode(guess.encoding, "replace").removeprefix("\ufeff"))
        else:
            texts.append(decode(data, wanted).text.removeprefix("\ufeff"))
    return texts, doubtful_encoding(joined, guess)


def encodings_of(contents: Sequence[bytes], wanted: str) -> list[str]:
    """The encoding in which each file is read.

    Args:
        contents: Of the files.
        wanted: Encoding that the user has said; "" for none.
    """
    if wanted:
        return [wanted] * len(contents)
    found = [decode(each) for each in contents]
    odd = [data for data, each in zip(contents, found, strict=True) if each.guessed]
    guess = decode(b"\n".join(odd)).encoding if odd else ""
    return [guess if each.guessed else each.encoding for each in found]


def _is_plain(data: bytes) -> bool:
    """Whether a file is UTF-8, or says itself what it is."""
    return not decode(data).guessed


def find(path: Path) -> Path | None:
    """The folder itself, if it has texts of classes."""
    return path if path.is_dir() and text_folder(path) is not None else None


SOURCE = DataSource(read, (Recognizer(Certainty.FALLBACK, find),), by_name=False)
