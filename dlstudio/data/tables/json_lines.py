"""JSON Lines (NDJSON): an object on each line, its keys are the columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from dlstudio.data.tables.table import Table, TableOptions
from dlstudio.data.tables.text_chunks import open_text
from dlstudio.data.tables.token_lists import (
    are_tokens,
    joined_tokens,
    may_be_tokens,
)
from dlstudio.data.tables.typed_columns import (
    is_empty,
    is_flat,
    typed_table,
    unreadable,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _

Kinds = dict[str, set[pl.DataType]]


def read_json_lines(path: Path, options: TableOptions) -> Table:
    """Read a file of JSON objects, without nested columns that are no tokens.

    A key that has numbers on some lines and text on others becomes a column of text.

    Args:
        path: UTF-8 or another encoding.
        options: Of which the encoding is looked at.

    Raises:
        UserError: A line is no object; or there is none, or no flat column.
        OSError: It cannot be read.
    """
    text = open_text(path, options.encoding)
    frames: list[pl.DataFrame] = []
    rows = 0
    kinds: Kinds = {}
    nested: dict[str, None] = {}
    lists: set[str] = set()
    for line, block in _line_blocks(text.chunks()):
        frame = _with_sentences(_read_block(path, block, line), lists)
        rows += frame.height
        for name, kind in frame.schema.items():
            if is_flat(kind):
                kinds.setdefault(name, set()).add(kind)
            else:
                nested[name] = None
        frames.append(frame.select(_flat_names(frame)))
    if not rows:
        raise is_empty(path)
    common = {
        name: _common_kind(found) for name, found in kinds.items() if name not in nested
    }
    whole = pl.DataFrame()
    if common:
        whole = pl.concat([_conformed(frame, common) for frame in frames])
    for name in lists.intersection(common):
        if not are_tokens(name, whole[name].cast(pl.String)):
            whole = whole.drop(name)
            nested[name] = None
    return typed_table(whole, list(nested), path)


def looks_like_json_lines(line: bytes) -> bool:
    """Whether the first line of a file is a JSON object."""
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _line_blocks(chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Whole lines, with the number of the first one, from 1."""
    rest, line = b"", 1
    for chunk in chunks:
        data = rest + chunk
        end = data.rfind(b"\n") + 1
        block, rest = data[:end], data[end:]
        if block.strip():
            yield line, block
        line += block.count(b"\n")
    if rest.strip():
        yield line, rest


def _read_block(path: Path, block: bytes, line: int) -> pl.DataFrame:
    try:
        return pl.read_ndjson(block, infer_schema_length=None)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        _check_lines(path, block, line)
        raise unreadable(path, error) from error


def _check_lines(path: Path, block: bytes, first: int) -> None:
    for number, line in enumerate(block.split(b"\n"), first):
        if line.strip() and not looks_like_json_lines(line):
            raise UserError(
                _("Line {line} of {path} is not a JSON object.").format(
                    line=number, path=path
                ),
                _("Write one JSON object on each line."),
            )


def _with_sentences(frame: pl.DataFrame, lists: set[str]) -> pl.DataFrame:
    """A frame whose lists of texts are sentences, if these may be tokens.

    Args:
        frame: As it was read.
        lists: To which the names of such columns are added.
    """
    found = [name for name, kind in frame.schema.items() if may_be_tokens(kind)]
    lists.update(found)
    return frame.with_columns(joined_tokens(frame[name]) for name in found)


def _flat_names(frame: pl.DataFrame) -> list[str]:
    return [name for name, kind in frame.schema.items() if is_flat(kind)]


def _common_kind(kinds: set[pl.DataType]) -> pl.DataType:
    found = kinds - {pl.Null()}
    if len(found) == 1:
        return found.pop()
    if found and all(kind.is_numeric() for kind in found):
        return pl.Float64()
    return pl.String()


def _conformed(frame: pl.DataFrame, kinds: dict[str, pl.DataType]) -> pl.DataFrame:
    """A frame with all columns, each of the type that it has in all frames."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in kinds.items()
    )
