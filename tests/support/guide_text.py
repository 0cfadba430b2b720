"""What the guide's pages are made of, read by the same rules as GitHub's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt

from dlstudio.catalog.guide import page_text

LANGUAGES = ("en", "zh_CN")
_ATTRIBUTE = re.compile(r'id="([\w-]+)"')


@dataclass(frozen=True)
class Block:
    """A block of code: its language, its text, and the line it stands on."""

    language: str
    code: str
    line: int


def tokens(markdown: str):
    """All tokens, those inside paragraphs too."""
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        yield token
        yield from token.children or ()


def blocks(page: str, language: str) -> list[Block]:
    """The blocks of code of a page."""
    return [
        Block(token.info, token.content, token.map[0] + 1)
        for token in tokens(page_text(page, language))
        if token.type in ("fence", "code_block")
    ]


def anchors(page: str, language: str) -> list[str]:
    """The places in a page that links can lead to."""
    found = []
    for token in tokens(page_text(page, language)):
        if token.type in ("html_inline", "html_block"):
            found += _ATTRIBUTE.findall(token.content)
    return found


def links(page: str, language: str) -> Iterator[str]:
    """Where the links and images of a page lead."""
    for token in tokens(page_text(page, language)):
        if token.type == "link_open":
            yield str(token.attrs["href"])
        elif token.type == "image":
            yield str(token.attrs["src"])


def strong(page: str, language: str) -> Iterator[str]:
    """The words in bold: what is written on the screen."""
    inside = False
    for token in tokens(page_text(page, language)):
        if token.type in ("strong_open", "strong_close"):
            inside = token.type == "strong_open"
        elif inside and token.type == "text":
            yield token.content
