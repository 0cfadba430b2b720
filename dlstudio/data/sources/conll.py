"""CoNLL-like files: tokens with tags, of which each sentence becomes a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dlstudio.data.columns import Cells
from dlstudio.data.data_source import Certainty, DataSource, Recognizer
from dlstudio.data.fileinfo import resolve
from dlstudio.data.findings import Finding
from dlstudio.data.row_ids import RowIds
from dlstudio.data.samples import TEST, VALIDATION, Samples, split_array
from dlstudio.data.sources.conll_lines import (
    TokenColumns,
    TokenFile,
    find_columns,
    lines_of,
    read_tokens,
)
from dlstudio.data.sources.folder_tree import files_in
from dlstudio.data.split_names import split_names, words_of
from dlstudio.data.tables.encoding_findings import doubtful_encoding
from dlstudio.data.tables.note_text import lines_text, some_of
from dlstudio.data.tables.text_encoding import Decoded, decode
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.paths import user_errors

TOKENS, TAGS = "tokens", "tags"
"""Names of the columns."""
PROBED = 2**16
"""Bytes that are looked at to see what a file is."""
FEWEST = 3
"""Lines with tokens that a file is recognized by."""
LARGEST = 2**30
"""Most bytes of a file."""
MOST_FILES = 200
"""Files in a folder that are looked at; one of more is a folder of something else."""
OTHER_NAMES = {"testa": VALIDATION, "testb": TEST}
"""What the files of CoNLL-2003 are called."""


@dataclass(frozen=True, slots=True)
class TaggedFile:
    """A file of the source.

    Attributes:
        split: "train", "validation", "test" or "".
    """

    path: Path
    split: str = ""


@dataclass(frozen=True, slots=True)
class TaggedText:
    """The text of a file.

    Attributes:
        data: Its bytes.
        decoded: The text, and its encoding.
        columns: How its lines are read.
    """

    file: TaggedFile
    data: bytes
    decoded: Decoded
    columns: TokenColumns

    @property
    def text(self) -> str:
        """The text without a byte order mark."""
        return self.decoded.text.removeprefix("\ufeff")


def read(params: Mapping[str, Any], base: Path) -> Samples:
    """The sentences of a file, or of the files of a folder, as rows of two columns.

    Args:
        params: "path", and perhaps "token_column", "tag_column", "delimiter" and
            "encoding".
        base: Folder of the project.

    Raises:
        UserError: There is no such path, or it has no tokens with tags.
    """
    root = resolve(params["path"], base)
    if not root.exists():
        raise UserError(
            _("{path} does not exist.").format(path=root),
            _("Check the name, or whether it was moved."),
        )
    with user_errors(root, writing=False):
        files, unused = _files(root)
        texts = [_read_file(each, params) for each in files]
    notes = [
        Finding(
            "left-out-folder",
            name,
            _("“{name}” is not used: its name says no split, but others do.").format(
                name=name
            ),
        )
        for name in unused
    ]
    found = [read_tokens(each.text, each.columns) for each in texts]
    samples = _samples(files, found)
    for given, each in zip(texts, found, strict=True):
        notes += doubtful_encoding(given.data, given.decoded)
        notes += _findings(given.file.path.name, each)
    return Samples(samples.ids, samples.columns, samples.splits, tuple(notes))


def tagged_texts(params: Mapping[str, Any], base: Path) -> list[TaggedText]:
    """The texts of the files that `read` reads, in its order.

    Args:
        params: As for `read`.
        base: Folder of the project.

    Raises:
        UserError: A file cannot be read, or has no tokens with tags.
    """
    root = resolve(params["path"], base)
    with user_errors(root, writing=False):
        return [_read_file(each, params) for each in _files(root)[0]]


def _files(root: Path) -> tuple[list[TaggedFile], list[str]]:
    """The files that are read, and the names of others with tokens."""
    if not root.is_dir():
        return [TaggedFile(root)], []
    paths = [each for each in files_in(root) if is_tagged(each)]
    if not paths:
        raise UserError(
            _("No files of tokens with tags were found in {path}.").format(path=root),
            _("Expected a token and its tag in each line, such as “Paris B-location”."),
        )
    named = [TaggedFile(each, split_of(each.name)) for each in paths]
    if not any(each.split for each in named):
        return named, []
    used = [each for each in named if each.split]
    return used, [each.path.name for each in named if not each.split]


def split_of(name: str) -> str:
    """The split that the name of a file says; "" if it says none, or several."""
    words = words_of(name)
    found = {OTHER_NAMES.get(word) or split_names([word])[0] for word in words} - {""}
    return found.pop() if len(found) == 1 else ""


def _read_file(file: TaggedFile, params: Mapping[str, Any]) -> TaggedText:
    if file.path.stat().st_size > LARGEST:
        raise UserError(
            _("{path} is too large for a file of texts.").format(path=file.path),
            _("Split it into smaller files."),
        )
    data = file.path.read_bytes()
    decoded = decode(data, str(params.get("encoding") or ""))
    text = decoded.text.removeprefix("\ufeff")
    return TaggedText(file, data, decoded, _columns(file.path, text, params))


def _columns(path: Path, text: str, params: Mapping[str, Any]) -> TokenColumns:
    """Which columns are read.

    Raises:
        UserError: There are none such.
    """
    token, tag = (int(params.get(f"{each}_column") or 0) for each in ("token", "tag"))
    wanted = str(params.get("delimiter") or "").strip().lower()
    separator = "\t" if wanted in ("tab", "\\t") else " " if wanted else ""
    found = find_columns(lines_of(text), separator, token, tag)
    if found is None:
        raise UserError(
            _(
                "{path} has no column of tags such as “B-person”, “I-person” and “O”."
            ).format(path=path.name),
            _(
                "Each line needs a token and its tag. If they are there, say which "
                "columns they are: tag_column and token_column."
            ),
        )
    return found


def _samples(files: Sequence[TaggedFile], found: Sequence[TokenFile]) -> Samples:
    import polars as pl  # every path that is dropped is shown to this source

    tokens = [text for each in found for text in each.tokens]
    tags = [text for each in found for text in each.tags]
    splits = [
        file.split
        for file, each in zip(files, found, strict=True)
        for _text in each.tokens
    ]
    if not tokens:
        raise UserError(
            _("{path} has no sentence that can be used.").format(
                path=files[0].path.name
            ),
            _("Expected a token and its tag in each line, such as “Paris B-location”."),
        )
    columns = {
        TOKENS: Cells(pl.Series(TOKENS, tokens, pl.String)),
        TAGS: Cells(pl.Series(TAGS, tags, pl.String)),
    }
    numbers = np.arange(1, len(tokens) + 1, dtype=np.int64)
    return Samples(RowIds(numbers), columns, split_array(splits))


def _findings(name: str, found: TokenFile) -> Iterator[Finding]:
    """What should be known of a file, with the numbers of lines."""
    if found.scheme in ("IOB1", "BIOES"):
        text = _("The tags are those of {scheme}; they are read as those of IOB2.")
        yield Finding("tag-scheme", name, text.format(scheme=found.scheme))
    if found.short:
        text = ngettext(
            "A line has too few columns; its sentence is not used. Line: {lines}.",
            "{count} lines have too few columns; their sentences are not used. Lines: "
            "{lines}.",
            len(found.short),
        )
        yield Finding("token-lines", name, _counted(text, found.short))
    if found.unknown:
        text = ngettext(
            "A tag is neither O nor begins with B-, I-, E- or S-, such as {tags}; it "
            "is read as O. Line: {lines}.",
            "{count} tags are neither O nor begin with B-, I-, E- or S-, such as "
            "{tags}; they are read as O. Lines: {lines}.",
            len(found.unknown),
        )
        common = Counter(tag for _number, tag in found.unknown).most_common()
        tags = some_of(tag for tag, _count in common)
        lines = [number for number, _tag in found.unknown]
        yield Finding("unknown-tags", name, _counted(text, lines, tags))
    if found.inside:
        text = ngettext(
            "An entity begins with I- instead of B-; it is read as B-. Line: {lines}.",
            "{count} entities begin with I- instead of B-; they are read as B-. Lines: "
            "{lines}.",
            len(found.inside),
        )
        yield Finding("tag-begins", name, _counted(text, found.inside))
    if found.spaced:
        text = ngettext(
            "A token has a space, which becomes a no-break space. Line: {lines}.",
            "{count} tokens have spaces, which become no-break spaces. Lines: {lines}.",
            len(found.spaced),
        )
        yield Finding("token-spaces", name, _counted(text, found.spaced))


def _counted(text: str, lines: Sequence[int], tags: str = "") -> str:
    shown = lines_text(len(lines), lines)
    return text.format(count=f"{len(lines):,}", lines=shown, tags=tags)


def is_tagged(path: Path) -> bool:
    """Whether a file has tokens with tags, as far as its beginning says."""
    try:
        with path.open("rb") as stream:
            head = stream.read(PROBED)
    except OSError:
        return False
    if not head or (b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))):
        return False
    lines = lines_of(decode(head).text.removeprefix("\ufeff"))
    if len(head) == PROBED:  # the last line is cut off, perhaps within a character
        lines = lines[:-1]
    columns = find_columns(lines)
    if columns is None:
        return False
    return sum(len(columns.fields(each)) == columns.count for each in lines) >= FEWEST


def find(path: Path) -> Path | None:
    """The file or folder itself, if it has tokens with tags."""
    if not path.is_dir():
        return path if is_tagged(path) else None
    files = files_in(path)
    if len(files) > MOST_FILES:
        return None
    return path if any(map(is_tagged, files)) else None


SOURCE = DataSource(read, (Recognizer(Certainty.CONTENT, find),))
