"""The lines of a CoNLL-like file: a token in each, and a blank one between sentences.

Which columns hold tokens and tags is found by what is in them; what does not fit is
kept with the number of its line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dlstudio.document.entity_spans import OUTSIDE, begins, iob2, is_tag, type_of

DOCUMENT = "-DOCSTART-"
COMMENT = "#"
LIKE_TAGS = 0.8
"""Share of the lines with a tag in a column of tags."""
LOOKED_AT = 20_000
"""Lines by which columns are found."""
_LINE_END = re.compile(r"\r\n|\r|\n")
_SPACES = re.compile(r"[ \t]+")
_IN_TOKEN = re.compile(r"[\t\n\x0b\f\r ]+")
GLUE = "\u00a0"
"""What stands for a space in a token."""


@dataclass(frozen=True, slots=True)
class TokenColumns:
    """How a line is read.

    Attributes:
        tab: Whether tabs separate columns; otherwise any spaces do.
        count: Columns of most lines.
        token, tag: Which of them, from 0.
    """

    tab: bool
    count: int
    token: int
    tag: int

    def fields(self, line: str) -> list[str]:
        """The columns of a line."""
        return split_line(line, self.tab)


@dataclass(slots=True)
class TokenFile:
    """What was read of a file.

    Attributes:
        tokens, tags: A text for each sentence, with a space between each two; tags are
            those of IOB2.
        scheme: "IOB1", "IOB2" or "BIOES"; "" without entities.
        short: Lines with too few columns; their sentences are not used.
        unknown: Lines with something else than a tag, and what it is.
        inside: Lines in which an entity of an IOB2 file begins with I-.
        spaced: Lines with a token that has a space.
    """

    tokens: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    scheme: str = ""
    short: list[int] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    inside: list[int] = field(default_factory=list)
    spaced: list[int] = field(default_factory=list)


def lines_of(text: str) -> list[str]:
    """Lines; rarer separators, such as U+0085, are characters of a token."""
    return _LINE_END.split(text)


def split_line(line: str, tab: bool) -> list[str]:
    """The columns of a line.

    Args:
        line: Not blank.
        tab: Whether tabs separate them; spaces around are no part of a column then.
    """
    if tab:
        return [each.strip(" ") for each in line.rstrip("\t ").split("\t")]
    return _SPACES.split(line.strip(" \t"))


def is_blank(line: str) -> bool:
    """Whether a line ends a sentence."""
    return not line.strip(" \t")


def find_columns(
    lines: Sequence[str], separator: str = "", token: int = 0, tag: int = 0
) -> TokenColumns | None:
    """How the lines of a file are read; None if no column has tags.

    Args:
        lines: Of the file.
        separator: "\\t" or " " if the user has said it; "" to look.
        token, tag: Numbers of the columns that the user has said, from 1; 0 to look.
    """
    some = [
        each
        for each in lines[:LOOKED_AT]
        if not is_blank(each) and not each.startswith(DOCUMENT)
    ]
    if not some:
        return None
    tabs = sum("\t" in each for each in some)
    tab = separator == "\t" or (not separator and tabs > len(some) // 2)
    rows = [split_line(each, tab) for each in some]
    count = Counter(map(len, rows)).most_common(1)[0][0]
    columns = list(zip(*(row for row in rows if len(row) == count), strict=True))
    if count < 2 or max(token, tag) > count:
        return None
    tag = (tag or _tag_column(columns)) - 1
    if tag < 0:
        return None
    token = (token or _token_column(columns, tag)) - 1
    return TokenColumns(tab, count, token, tag)


def _tag_column(columns: Sequence[Sequence[str]]) -> int:
    """The last column of tags with entities, from 1; 0 if there is none."""
    for place in range(len(columns), 0, -1):
        column = columns[place - 1]
        tags = [each for each in column if is_tag(each)]
        some = any(each != OUTSIDE for each in tags)
        if some and len(tags) >= LIKE_TAGS * len(column):
            return place
    return 0


def _token_column(columns: Sequence[Sequence[str]], tag: int) -> int:
    """The column with the most different texts that are no numbers, from 1."""
    found, most = 1 if tag else 2, -1
    for place, column in enumerate(columns):
        kinds = {each for each in column if not each.isdigit()}
        numbers = all(each.isdigit() for each in column)
        if place != tag and not numbers and len(kinds) > most:
            found, most = place + 1, len(kinds)
    return found


def read_tokens(text: str, columns: TokenColumns) -> TokenFile:
    """The sentences of a file.

    Args:
        text: All of it, decoded.
        columns: How lines are read.
    """
    found = TokenFile()
    sentences = list(_sentences(lines_of(text), columns, found))
    found.scheme = scheme_of([[tag for _n, _t, tag in each] for each in sentences])
    for sentence in sentences:
        tags = [tag for _number, _token, tag in sentence]
        if found.scheme == "IOB2":
            found.inside += _begun_inside(sentence)
        found.tokens.append(" ".join(token for _number, token, _tag in sentence))
        found.tags.append(" ".join(iob2(tags)))
    return found


Sentence = list[tuple[int, str, str]]
"""The number of the line, token and tag of each."""


def _sentences(
    lines: Sequence[str], columns: TokenColumns, found: TokenFile
) -> Iterator[Sentence]:
    """The sentences without faults; what is wrong with others goes into `found`."""
    sentence: Sentence = []
    broken = False
    for number, line in enumerate((*lines, ""), 1):
        if is_blank(line) or line.startswith(DOCUMENT):
            if sentence and not broken:
                yield sentence
            sentence, broken = [], False
            continue
        fields = columns.fields(line)
        short = len(fields) <= max(columns.token, columns.tag)
        odd = short or not is_tag(fields[columns.tag])
        if odd and not sentence and line.startswith(COMMENT):
            continue
        if short or not fields[columns.token]:
            found.short.append(number)
            broken = True
            continue
        sentence.append((number, *_token(number, fields, columns, found)))


def _token(
    number: int, fields: Sequence[str], columns: TokenColumns, found: TokenFile
) -> tuple[str, str]:
    """Token and tag of a line.

    Args:
        number: Of the line.
        fields: Its columns.
        columns: Which of them they are.
        found: Takes what is wrong with them.
    """
    token, tag = fields[columns.token], fields[columns.tag]
    if _IN_TOKEN.search(token):
        token = _IN_TOKEN.sub(GLUE, token)
        found.spaced.append(number)
    if not is_tag(tag):
        found.unknown.append((number, tag))
        tag = OUTSIDE
    return token, tag


def scheme_of(sentences: Sequence[Sequence[str]]) -> str:
    """The scheme of tags: "IOB1", "IOB2" or "BIOES"; "" without entities.

    In IOB1 an entity begins with I-, unless it follows another one of its type.

    Args:
        sentences: The tags of each.
    """
    marked = inside = 0
    for tags in sentences:
        before = OUTSIDE
        for tag in tags:
            if tag[0] in "ESLUM":
                return "BIOES"
            if tag != OUTSIDE and type_of(before) != type_of(tag):
                marked += tag[0] == "B"
                inside += tag[0] == "I"
            before = tag
    if inside > marked:
        return "IOB1"
    return "IOB2" if marked else ""


def _begun_inside(sentence: Sentence) -> Iterator[int]:
    """The lines in which an entity begins with I-."""
    before = OUTSIDE
    for number, _token, tag in sentence:
        if tag[0] == "I" and begins(tag, before):
            yield number
        before = tag
