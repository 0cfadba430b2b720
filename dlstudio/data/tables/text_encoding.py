"""Detecting the encoding of a text file.

UTF-8 and UTF-16 can be recognized reliably. A legacy encoding can only be guessed: each
candidate is scored by how common the characters are that it decodes from the bytes
beyond ASCII. A table has few of those, too few for detectors made for prose.
"""

from __future__ import annotations

import codecs
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from dlstudio.errors import UserError
from dlstudio.i18n import _

SAMPLE = 2**16  # bytes of lines beyond ASCII that are scored
RARE = -15.0  # log probability of an unexpected character

_WESTERN = "äöüßÄÖÜéèêëàâçùûôîïÉÈÀÇŒœæÆñÑóíúáÁÓÍÚãõåÅøØ’“”–…°€¡¿"
_CENTRAL = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻčšžřěůýáíéťďňúČŠŽŘĚŮÝÁÍÉŤĎŇÚőűŐŰäöüßÄÖÜăâîşţĂÂÎŞŢđĐ’“”–…€"
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЭЮЯёЁіїєІЇЄ№«»–"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An encoding that a table may have.

    Attributes:
        common: Its common characters; "" for an encoding of thousands of them, of which
            the two-byte codes `first`..`last` are common.
        size: Number of common characters.
        alphabet: Whether its letters make up whole words ("кот"), instead of being
            mixed with ASCII letters ("Süß").
        prior: Added to the score for its higher frequency.
    """

    name: str
    size: int
    common: str = ""
    first: int = 0
    last: int = 0
    alphabet: bool = False
    prior: float = 0.0

    def chance(self, character: str) -> float:
        """Log probability of a character beyond ASCII."""
        if self.common:
            return -math.log(self.size) if character in self.common else RARE
        if "\u3040" <= character <= "\u30ff" and self.name == "shift-jis":
            return -math.log(2 * 170)
        if "\u3001" <= character <= "\u3015" or "\uff01" <= character <= "\uff5e":
            return -math.log(100)
        raw = character.encode(self.name)
        if len(raw) != 2 or (self.name in ("gb18030", "euc-kr") and raw[1] < 0xA1):
            return RARE
        usual = self.first <= int.from_bytes(raw, "big") <= self.last
        return -math.log(self.size) if usual else RARE


CANDIDATES = (
    Candidate("gb18030", 3755, first=0xB0A1, last=0xD7F9, prior=5.0),
    Candidate("cp1252", len(_WESTERN), _WESTERN, prior=2.0),
    Candidate("cp1250", len(_CENTRAL), _CENTRAL),
    Candidate("cp1251", len(_CYRILLIC), _CYRILLIC, alphabet=True),
    Candidate("big5", 5401, first=0xA440, last=0xC67E),
    Candidate("shift-jis", 2 * 2965, first=0x889F, last=0x9872),
    Candidate("euc-kr", 2350, first=0xB0A1, last=0xC8FE),
)
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file.

    Attributes:
        encoding: Encoding that was used.
        others: Encodings that decode to a different text without errors, the likeliest
            first; empty if the encoding is certain.
        guessed: Whether it was neither given nor certain.
    """

    text: str
    encoding: str
    others: tuple[str, ...] = ()
    guessed: bool = False


def decode(data: bytes, wanted: str = "") -> Decoded:
    """Decode the text in `data`.

    Args:
        wanted: Python's name of the encoding; "" to detect it.

    Raises:
        UserError: There is no encoding `wanted`, or the file does not use it.
    """
    if wanted:
        return Decoded(_decode_as(data, wanted), wanted)
    certain = marked_encoding(data)
    if certain:
        return Decoded(data.decode(certain, "replace"), certain)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _guess(data)


def unknown_encoding(name: str) -> UserError:
    """The error for a name that is no encoding's."""
    return UserError(
        _("There is no text encoding called “{name}”.").format(name=name),
        _("Use one of: {names}.").format(
            names=", ".join(("utf-8", *(each.name for each in CANDIDATES)))
        ),
    )


def decodes(data: bytes, encoding: str) -> str | None:
    """The decoded text, or None if the bytes are invalid in the encoding."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _decode_as(data: bytes, name: str) -> str:
    try:
        text = data.decode(name)
    except LookupError as error:
        raise unknown_encoding(name) from error
    except (UnicodeError, ValueError) as error:
        raise UserError(
            _("The text encoding of the table is not {name}.").format(name=name),
            _("Leave the encoding empty to detect it automatically."),
        ) from error
    return text.removeprefix("\ufeff")


def marked_encoding(data: bytes) -> str:
    """The encoding that the first bytes say, or ""."""
    for mark, name in MARKS:
        if data.startswith(mark):
            return name
    head = data[:2048]
    if b"\0" in head and len(head) > 3:  # UTF-16 of mostly ASCII without a mark
        even, odd = head[::2].count(0), head[1::2].count(0)
        if max(even, odd) > len(head) // 4 and min(even, odd) == 0:
            return "utf-16-le" if odd > even else "utf-16-be"
    return ""


def _guess(data: bytes) -> Decoded:
    part = _beyond_ascii(data)
    scored = []
    for each in CANDIDATES:
        text = decodes(part, each.name)
        if text is not None:
            scored.append((_score(each, text), each.name))
    scored.sort(reverse=True)
    names = [name for _points, name in scored]
    for number, name in enumerate(names):
        whole = decodes(data, name)
        if whole is not None:
            return Decoded(whole, name, tuple(names[number + 1 :]), guessed=True)
    return Decoded(data.decode("cp1252", "replace"), "cp1252", guessed=True)


def _beyond_ascii(data: bytes) -> bytes:
    """Some lines with bytes beyond ASCII."""
    lines = []
    size = 0
    for line in data.splitlines():
        if not line.isascii():
            lines.append(line)
            size += len(line)
            if size > SAMPLE:
                break
    return b"\n".join(lines)


def _score(candidate: Candidate, text: str) -> float:
    total = candidate.prior
    chance = cache(candidate.chance)
    for word in _words(text):
        total += sum(chance(each) for each in word if not each.isascii())
        if candidate.common:
            total -= _strangeness(word, candidate.alphabet)
    return total


def _words(text: str) -> Iterator[str]:
    for word in text.split():
        if not word.isascii():
            yield word


def _strangeness(word: str, alphabet: bool) -> float:
    """A penalty for implausible words: mixed alphabets, or "êîøêà"."""
    total = 0.0
    for left, right in itertools.pairwise(word):
        if not (left.isalpha() and right.isalpha()):
            continue
        mixed = left.isascii() != right.isascii()
        if alphabet and mixed:
            total += 4
        if not alphabet and not left.isascii() and not right.isascii():
            total += 2
        if left.islower() and right.isupper():
            total += 3
    return total
