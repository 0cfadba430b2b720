"""The guide: its pages in both languages, and where in them a place is."""

from __future__ import annotations

import re
from pathlib import Path

from dlstudio.i18n import translator
from dlstudio.paths import resource

HOME = "index"
GLOSSARY = "glossary"
PAGES = (
    HOME,
    "first-model",
    "own-images",
    "canvas",
    "reading-curves",
    "not-learning",
    "steering",
    "evaluation",
    "export",
    GLOSSARY,
)
"""Names of the pages, in the order in which they are read."""

_HEADING = re.compile(r"^(#{1,6}) (?:<a id=\"([\w-]+)\"></a>)?(.+)$", re.MULTILINE)
_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def folder(language: str = "") -> Path:
    """Where a language's pages are; English ones where it has none of its own.

    Args:
        language: A key of `LANGUAGES`; "" for the language of now.
    """
    found = resource("guide", language or translator.language)
    return found if found.is_dir() else resource("guide", "en")


def page_text(name: str, language: str = "") -> str:
    """A page's Markdown.

    Raises:
        OSError: There is no such page.
    """
    return (folder(language) / f"{name}.md").read_text("utf-8")


def headings(text: str) -> list[tuple[int, str, str]]:
    """A page's headings: their level, their anchor or "", and their words."""
    found = _HEADING.findall(_CODE.sub("", text))
    return [(len(marks), anchor, words.strip()) for marks, anchor, words in found]


def title(text: str) -> str:
    """A page's title: the words of its first heading."""
    return headings(text)[0][2]
