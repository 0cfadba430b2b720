"""Recognizing running text: no table, no list of files, no text in each line."""

from __future__ import annotations

import re
from pathlib import Path

from dlstudio.data.images.files import IMAGE_FILE_SUFFIXES
from dlstudio.data.samples import split_name
from dlstudio.data.sources.folder_tree import files_in, subfolders

SUFFIX = ".txt"
HEAD = 2**16
"""Bytes that are looked at."""
SHORTEST = 400
"""Bytes of a text that is worth a model."""
DELIMITERS = "\t;|,"
ALIKE = 0.9
"""Share of lines with equally many delimiters from which on they are a table."""
BLANK = 0.04
"""Share of blank lines from which on lines belong to paragraphs."""
ABOUT = ("readme", "license", "licence", "copying", "changelog")
"""What files are called that are about others."""


def find(path: Path) -> Path | None:
    """The file or folder itself, if it is running text."""
    if path.is_file():
        return (
            path if path.suffix.lower() == SUFFIX and is_continuous_text(path) else None
        )
    if not path.is_dir() or subfolders(path):
        return None
    files = [each for each in files_in(path) if not _is_about(each)]
    if not files or any(each.suffix.lower() != SUFFIX for each in files):
        return None
    texts = [each for each in files if is_continuous_text(each)]
    if len(texts) < len(files):
        return None
    named = any(split_of(each) == "train" for each in files)
    return (
        path if len(files) == 1 or named or all(map(_has_paragraphs, files)) else None
    )


def _is_about(path: Path) -> bool:
    return path.stem.lower().startswith(ABOUT)


def split_of(path: Path) -> str:
    """The split that the name of a file says, such as "wiki.train.txt"; else ""."""
    return split_name(re.split(r"[._-]", path.stem)[-1])


def is_continuous_text(path: Path) -> bool:
    """Whether a file is a long text, as far as its beginning says."""
    lines = _lines(path)
    if sum(map(len, lines)) < SHORTEST:
        return False
    written = [each for each in lines if each.strip()]
    images = [each for each in written if _names_image(each)]
    return len(images) * 2 < len(written) and not _is_table(written)


def _lines(path: Path) -> list[str]:
    """The first lines of a file; none of one that is no text."""
    from dlstudio.data.tables.text_encoding import decode

    with path.open("rb") as stream:
        head = stream.read(HEAD)
    text = decode(head[: head.rfind(b"\n") + 1] or head).text
    return [] if "\0" in text else text.split("\n")


def _names_image(line: str) -> bool:
    words = line.replace(",", " ").replace(";", " ").split()
    return any(word.lower().endswith(tuple(IMAGE_FILE_SUFFIXES)) for word in words)


def _is_table(lines: list[str]) -> bool:
    """Whether nearly all lines have equally many delimiters."""
    for delimiter in DELIMITERS:
        counts = [line.count(delimiter) for line in lines[:200]]
        usual = max(set(counts), key=counts.count)
        if usual and counts.count(usual) >= ALIKE * len(counts):
            return True
    return False


def _has_paragraphs(path: Path) -> bool:
    """Whether blank lines separate paragraphs, so that a line is no text of its own."""
    lines = _lines(path)
    blank = sum(not each.strip() for each in lines[1:-1])
    return blank > BLANK * len(lines)
