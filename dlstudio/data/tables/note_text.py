"""Words that the findings about tables share."""

from __future__ import annotations

from collections.abc import Iterable

from dlstudio.data.findings import Finding, SourceFix
from dlstudio.document.values import freeze_map
from dlstudio.i18n import _

SHOWN = 3
Notes = tuple[Finding, ...]


def source_fix(label: str, **settings: object) -> SourceFix:
    """A fix that sets parameters of the source."""
    return SourceFix(label, freeze_map(settings))


def some_of(names: Iterable[str], most: int = SHOWN) -> str:
    """The first few names, in quotation marks."""
    found = list(dict.fromkeys(names))
    shown = ", ".join(_("“{name}”").format(name=name) for name in found[:most])
    return f"{shown}, …" if len(found) > most else shown


def lines_text(count: int, lines: Iterable[int]) -> str:
    """ "3, 8, 12, …": the first few of `count` line numbers."""
    shown = list(lines)[:SHOWN]
    text = ", ".join(map(str, shown))
    return f"{text}, …" if count > len(shown) else text


def shorten(text: str, most: int) -> str:
    """Text in one line, of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
