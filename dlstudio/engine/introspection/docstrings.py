"""Parses Keras' docstrings: summaries and parameters."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

_SECTION = re.compile(r"(Args|Arguments|Initializer args):\s*$", re.IGNORECASE)
_ENTRY = re.compile(r"(?:\*{0,2}`?(\w+)`?)(?:,? ?\([^)]*\))?:\s*(.*)$")
_TYPE = r"(?:python |positive |non-negative |small |scalar |\(optional\)  ?)*"
_KIND = (
    r"(?:int|integer|float|floating point value|bool|boolean|string|str|scalar"
    r"|list|tuple|number|scalar keras tensor)"
)
# "int or tuple/list of 2 integers, specifying the ..." → "specifying the ..."
_LEADING_TYPE = re.compile(
    rf"^(?:\(optional\) )?(?:an? )?(?:optional )?{_TYPE}{_KIND}s?\b"
    rf"(?: ?\(default:? [^)]*\))?(?:(?: or |/|, )(?:an? )?{_TYPE}"
    rf"(?:{_KIND}s?|None)\b(?: of (?:length )?\d* ?{_KIND}?s?)?)*"
    rf"(?: of (?:\d+ )?{_KIND}s?)?[.,:;]\s+",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"^\(optional\)\s+|^optional\.\s+|^unset by default\.\s+"
    r"|(?:^|(?<=\.\s))(?:it )?defaults? (?:to|is) "
    r"(?:[`\"]*[\w.\-+\[\]]+[`\"]*)\.?(?:\s+|$)"
    r"|\s*none by default\.",
    re.IGNORECASE,
)
_OTHER_SECTION = re.compile(r"\s(?:Input|Output) shape:.*$|\s(?:- )?`\"?\w+\"?`: .*$")
_NEWLINES = re.compile(r"\s*\n\s*")
_LINK = re.compile(r"\[([^\]]+)\]\(\s*https?://[^)]+\)")
LONGEST = 300


def unindented(doc: str) -> str:
    """The docstring without the indentation of the source around it.

    Keras inserts examples into some of its docstrings that start at column 0 although
    the text around them is indented. They are ignored here; otherwise the text would
    keep its indentation, except from Python 3.13 on, which dedents before the example
    is inserted.
    """
    first, *rest = doc.expandtabs().split("\n")
    lines = list(zip(rest, _pasted(rest), strict=True))
    margin = min(
        (_indent(line) for line, pasted in lines if line.strip() and not pasted),
        default=0,
    )
    kept = [line if pasted else line[margin:] for line, pasted in lines]
    return inspect.cleandoc("\n".join([first, *kept]))


def summary_of(doc: str) -> str:
    """The first sentence of a docstring, on one line."""
    first = _NEWLINES.sub(" ", unindented(doc).split("\n\n")[0]).strip()
    return _sentences(first)[0] if first else ""


def params_of(doc: str) -> dict[str, str]:
    """Each parameter's description from the Args section, as one line."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in _args_lines(unindented(doc)):
        entry = _ENTRY.match(line.strip()) if _indent(line) == 4 else None
        if entry:
            name = entry.group(1)
            found[name] = [entry.group(2)]
        elif name:
            found[name].append(line.strip())
    return {name: " ".join(lines).strip() for name, lines in found.items()}


def without_params(doc: str) -> tuple[str, ...]:
    """The docstring's lines without its Args section, for a help page."""
    text = unindented(doc)
    lines = text.splitlines()
    for start, end in reversed(list(_sections(lines))):
        del lines[start:end]
    return tuple(line.rstrip() for line in "\n".join(lines).strip().splitlines())


def plain(text: str) -> str:
    """A parameter's text without its leading type, cut after a sentence."""
    text = _LINK.sub(r"\1", text).replace("``", "`")
    text = _OTHER_SECTION.sub("", _NOISE.sub("", text))
    text = _NOISE.sub("", _LEADING_TYPE.sub("", text, count=1)).strip()
    short = ""
    for sentence in _sentences(text):
        if short and len(short) + len(sentence) > LONGEST:
            break
        short = f"{short} {sentence}".strip()
    return short[:1].upper() + short[1:]


def _sentences(text: str) -> list[str]:
    """Split after a full stop that is followed by a capital letter or a backquote."""
    return re.split(r"(?<![.]\w)(?<!e\.g)(?<!i\.e)(?<=[.])\s+(?=[A-Z`(])", text)


def _args_lines(text: str) -> Iterator[str]:
    lines = text.splitlines()
    for start, end in _sections(lines):
        yield from lines[start + 1 : end]


def _sections(lines: list[str]) -> Iterator[tuple[int, int]]:
    """First line and end (exclusive) of each Args section."""
    start = 0
    while start < len(lines):
        if _SECTION.match(lines[start]):
            end = start + 1
            while end < len(lines) and (not lines[end].strip() or _indent(lines[end])):
                end += 1
            yield start, end
            start = end
        else:
            start += 1


def _pasted(lines: list[str]) -> Iterator[bool]:
    """Whether each line belongs to a code block that starts at column 0."""
    inside = False
    for line in lines:
        fence = line.startswith("```")
        yield inside or fence
        inside ^= fence


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
