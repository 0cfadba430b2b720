"""Which format a table's file has: its first bytes say more than its name."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from dlstudio.data.tables.json_lines import looks_like_json_lines
from dlstudio.data.tables.typed_columns import unreadable
from dlstudio.errors import UserError
from dlstudio.i18n import _

Format = Literal["text", "json_lines", "parquet", "workbook"]
HEAD = 2**16
ZIP, OLE, PARQUET, LOCKED_PARQUET = b"PK\3\4", b"\xd0\xcf\x11\xe0", b"PAR1", b"PARE"
PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"Rar!")
BINARY_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet")
JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")


def find_format(path: Path) -> Format:
    """The format of a file.

    Raises:
        UserError: It is one that is not read.
        OSError: It cannot be read.
    """
    with open(path, "rb") as stream:
        head = stream.read(HEAD)
    if head.startswith(PARQUET):
        return "parquet"
    if head.startswith(LOCKED_PARQUET):
        raise locked(path)
    if head.startswith((ZIP, OLE)):
        return "workbook"
    if head.startswith(PACKED):
        raise UserError(
            _("{path} is compressed.").format(path=path),
            _("Unpack it, and choose the file in it."),
        )
    if path.suffix.lower() in BINARY_SUFFIXES and not _is_text(head):
        raise unreadable(path, ValueError(_("its content is of another format")))
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"<?xml", b"<html", b"<HTML", b"<table", b"<!DOCTYPE")):
        raise UserError(
            _("{path} is a web page or XML, not a table.").format(path=path),
            _("Open it in a spreadsheet program, and save it as CSV or XLSX."),
        )
    return _text_format(path, text)


def _is_text(head: bytes) -> bool:
    """Whether bytes may be text, of whatever encoding: UTF-16 has NUL in every pair."""
    control = sum(byte < 9 or 13 < byte < 32 for byte in head if byte)
    return control <= len(head) // 50


def _text_format(path: Path, text: bytes) -> Format:
    named = path.suffix.lower() in JSON_SUFFIXES
    first = text.split(b"\n", 1)[0]
    if text.startswith(b"{") and (named or looks_like_json_lines(first)):
        if b"\n" in text and not looks_like_json_lines(first):
            raise _other_json(path)
        return "json_lines"
    if named and text.startswith(b"["):
        raise _other_json(path)
    return "json_lines" if path.suffix.lower() in JSON_SUFFIXES[1:] else "text"


def locked(path: Path) -> UserError:
    """The error for a file that needs a password."""
    return UserError(
        _("{path} is password-protected.").format(path=path),
        _("Save it without a password."),
    )


def _other_json(path: Path) -> UserError:
    return UserError(
        _("{path} is JSON, but does not have one object on each line.").format(
            path=path
        ),
        _("Save it as JSON Lines, for example with pandas: {code}.").format(
            code="df.to_json(path, orient='records', lines=True)"
        ),
    )
