"""The guide: its pages in both languages, and their headings."""

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
    "transfer",
    "texts",
    "canvas",
    "reading-curves",
    "not-learning",
    "steering",
    "evaluation",
    "export",
    "keras",
    GLOSSARY,
)
"""Names of the pages, in the order in which they are read."""

_HEADING = re.compile(r"^(#{1,6}) (?:<a id=\"([\w-]+)\"></a>)?(.+)$", re.MULTILINE)
_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def folder(language: str = "") -> Path:
    """The folder of a language's pages; the English one where there are none.

    Args:
        language: A key of `LANGUAGES`; "" for the current language.
    """
    found = resource("guide", language or translator.language)
    return found if found.is_dir() else resource("guide", "en")


def page_text(name: str, language: str = "") -> str:
    """A page's Markdown.

    Raises:
        OSError: The page does not exist.
    """
    return (folder(language) / f"{name}.md").read_text("utf-8")


def headings(text: str) -> list[tuple[int, str, str]]:
    """A page's headings: the level, the anchor (or "") and the text of each."""
    found = _HEADING.findall(_CODE.sub("", text))
    return [(len(marks), anchor, words.strip()) for marks, anchor, words in found]


def title(text: str) -> str:
    """A page's title: the text of its first heading."""
    return headings(text)[0][2]
