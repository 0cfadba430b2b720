"""What should be known about the text encoding of a table."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.data.findings import Finding, SourceFix
from dlstudio.data.tables.note_text import SHOWN, Notes, some_of, source_fix
from dlstudio.data.tables.text_encoding import Decoded, decodes
from dlstudio.i18n import _


def doubtful_encoding(data: bytes, decoded: Decoded) -> Notes:
    """A guessed encoding, and the text as other encodings would read it."""
    if not decoded.guessed:
        return ()
    lines = [line for line in data.splitlines() if not line.isascii()][:50]
    fixes = [_encoding_fix(_("Keep {encoding}"), decoded.encoding, lines)]
    for each in _different(lines, decoded):
        fixes.append(_encoding_fix(_("Read it as {encoding}"), each, lines))
    message = _(
        "The text encoding of the table was guessed. Read as {encoding}, it "
        "contains {words}. If this looks wrong, choose another encoding."
    )
    words = _words(lines, decoded.encoding)
    full_text = message.format(encoding=decoded.encoding, words=words)
    return (Finding("table-encoding", "", full_text, fixes=tuple(fixes)),)


def _different(lines: Sequence[bytes], decoded: Decoded) -> list[str]:
    """The likeliest encodings that give a different text without odd characters."""
    seen = {_text(lines, decoded.encoding)}
    found = []
    for each in decoded.others:
        text = _text(lines, each)
        if text not in seen and text.isprintable():
            seen.add(text)
            found.append(each)
    return found[:SHOWN]


def _text(lines: Sequence[bytes], encoding: str) -> str:
    """Some lines joined to one, as decoded by an encoding."""
    text = " ".join(decodes(line, encoding) or "" for line in lines)
    return " ".join(text.split())


def _encoding_fix(label: str, encoding: str, lines: Sequence[bytes]) -> SourceFix:
    text = _("{action}: {words}").format(
        action=label.format(encoding=encoding), words=_words(lines, encoding)
    )
    return source_fix(text, encoding=encoding)


def _words(lines: Sequence[bytes], encoding: str) -> str:
    """Words beyond ASCII, as decoded by an encoding."""
    text = _text(lines, encoding)
    for mark in ',;\t|"':
        text = text.replace(mark, " ")
    return some_of(word for word in text.split() if not word.isascii())
