"""The text of a file as UTF-8, a few megabytes at a time, whatever its encoding."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from dlstudio.data.findings import Finding
from dlstudio.data.tables.encoding_findings import doubtful_encoding
from dlstudio.data.tables.note_text import Notes, lines_text
from dlstudio.data.tables.records import IN_CACHE, NEW_LINE, count_byte
from dlstudio.data.tables.text_encoding import (
    SAMPLE,
    Decoded,
    decode,
    marked_encoding,
    unknown_encoding,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext

CHUNK = 4 * 2**20  # bytes
MOSTLY = 20
"""So many times more lines must be UTF-8 than not for the others to be damaged."""


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of a file.

    Attributes:
        encoding: As Python calls it.
        errors: "strict", or "replace" where some of its characters are damaged.
        old_line_ends: Lines end with a carriage return alone.
        notes: What should be known about its encoding.
        lines: How many there are, if they were counted by the way; else 0.
    """

    path: Path
    encoding: str = "utf-8"
    errors: str = "strict"
    old_line_ends: bool = False
    notes: Notes = ()
    lines: int = 0

    def chunks(self, size: int = CHUNK) -> Iterator[bytes]:
        """The text in UTF-8, without a byte order mark.

        Args:
            size: Bytes that are read at a time.

        Raises:
            UserError: A character is not of the encoding.
            OSError: It cannot be read.
        """
        chunks = self._utf8(size)
        first = next(chunks, b"").removeprefix(codecs.BOM_UTF8)
        yield self._with_new_line_ends(first)
        for each in chunks:
            yield self._with_new_line_ends(each)

    def head(self, size: int) -> tuple[bytes, bool]:
        """The first bytes, and whether they are all."""
        head = b""
        for each in self.chunks(size):
            head += each
            if len(head) >= size:
                return head, False
        return head, True

    def _utf8(self, size: int) -> Iterator[bytes]:
        plain = self.encoding == "utf-8" and self.errors == "strict"  # looked at before
        with open(self.path, "rb", buffering=0) as stream:
            if plain:
                while chunk := stream.read(size):
                    yield chunk
                return
            decoder = _decoder(self.encoding, self.errors)
            while chunk := stream.read(size):
                yield self._decoded(decoder, chunk).encode("utf-8", "replace")
            yield self._decoded(decoder, b"", final=True).encode("utf-8", "replace")

    def _decoded(
        self, decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False
    ) -> str:
        try:
            return decoder.decode(chunk, final)
        except (UnicodeError, ValueError) as error:
            raise _wrong_encoding(self.encoding) from error

    def _with_new_line_ends(self, chunk: bytes) -> bytes:
        return chunk.replace(b"\r", b"\n") if self.old_line_ends else chunk


def _decoder(encoding: str, errors: str) -> codecs.IncrementalDecoder:
    try:
        return codecs.getincrementaldecoder(encoding)(errors)
    except LookupError as error:  # it only decodes what is in memory as a whole
        raise unknown_encoding(encoding) from error


def _wrong_encoding(name: str) -> UserError:
    return UserError(
        _("The text encoding of the table is not {name}.").format(name=name),
        _("Leave the encoding empty to detect it automatically."),
    )


def open_text(path: Path, wanted: str = "") -> FileText:
    """The text of a file, once its encoding is known; nothing is kept in memory.

    Args:
        wanted: Name of the encoding; "" to find it.

    Raises:
        UserError: There is no encoding `wanted`, or the file does not use it.
        OSError: It cannot be read.
    """
    if wanted:
        name = _plain_name(wanted)
        if name == "utf-8" and not fits(path, name):
            raise _wrong_encoding(wanted)
        return FileText(path, name)
    with open(path, "rb") as stream:
        certain = marked_encoding(stream.read(2**16))
    if certain and certain != "utf-8-sig":  # that is UTF-8, and its mark goes anyway
        if fits(path, certain):
            return FileText(path, certain)
        return FileText(path, certain, "replace", notes=_damaged_text(certain))
    lines = count_lines(path, "utf-8")
    return _guess(path) if lines is None else FileText(path, lines=lines)


def _plain_name(wanted: str) -> str:
    try:
        with suppress(ValueError):
            b" ".decode(wanted)  # of nothing, it would not even look for the encoding
        return codecs.lookup(wanted).name
    except LookupError as error:
        raise unknown_encoding(wanted) from error


def fits(path: Path, encoding: str) -> bool:
    """Whether a file is text of an encoding."""
    return count_lines(path, encoding) is not None


def count_lines(path: Path, encoding: str) -> int | None:
    """About how many lines a file has; None if it is no text of an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    pending = True  # within a character: plain ASCII would end it wrongly
    lines, last = 0, b""
    with open(path, "rb", buffering=0) as stream:
        try:
            while chunk := stream.read(IN_CACHE):
                lines, last = lines + count_byte(chunk, NEW_LINE), chunk[-1:]
                if not pending and encoding == "utf-8" and chunk.isascii():
                    continue
                decoder.decode(chunk)
                pending = bool(decoder.getstate()[0])
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return None
    return lines + (last not in (b"", b"\n"))


def _guess(path: Path) -> FileText:
    good, sample, size = 0, [], 0
    damaged: list[int] = []
    with open(path, "rb") as stream:
        for number, line in enumerate(stream, 1):
            if line.isascii():
                continue
            if _is_utf8(line):
                good += 1
                continue
            damaged.append(number)
            if size < SAMPLE:
                sample.append(line.rstrip(b"\r\n"))
                size += len(line)
            elif len(damaged) * MOSTLY > good:
                break
    if len(damaged) * MOSTLY <= good:
        return FileText(path, errors="replace", notes=_damaged_lines(damaged))
    data = b"\n".join(sample)
    decoded = decode(data)
    for encoding in (decoded.encoding, *decoded.others):
        if fits(path, encoding):
            chosen = replace(decoded, encoding=encoding)
            return FileText(path, encoding, notes=doubtful_encoding(data, chosen))
    chosen = Decoded("", "cp1252", guessed=True)
    return FileText(path, "cp1252", "replace", notes=doubtful_encoding(data, chosen))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _damaged_lines(lines: list[int]) -> Notes:
    message = ngettext(
        "{count} line has characters that are not UTF-8 (line {lines}); they are "
        "replaced by “�”.",
        "{count} lines have characters that are not UTF-8 (lines {lines}); they are "
        "replaced by “�”.",
        len(lines),
    )
    text = message.format(count=len(lines), lines=lines_text(len(lines), lines))
    return (Finding("damaged-characters", "", text),)


def _damaged_text(encoding: str) -> Notes:
    message = _("Some characters are not {encoding}; they are replaced by “�”.")
    return (Finding("damaged-characters", "", message.format(encoding=encoding)),)
