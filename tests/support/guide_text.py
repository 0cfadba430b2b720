"""The elements of the guide's pages, parsed by GitHub's rules."""

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
    """A code block: its language, text, and line number."""

    language: str
    code: str
    line: int


def tokens(markdown: str):
    """All tokens, including those inside paragraphs."""
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        yield token
        yield from token.children or ()


def blocks(page: str, language: str) -> list[Block]:
    """The code blocks of a page."""
    return [
        Block(token.info, token.content, token.map[0] + 1)
        for token in tokens(page_text(page, language))
        if token.type in ("fence", "code_block")
    ]


def anchors(page: str, language: str) -> list[str]:
    """The anchors of a page."""
    found = []
    for token in tokens(page_text(page, language)):
        if token.type in ("html_inline", "html_block"):
            found += _ATTRIBUTE.findall(token.content)
    return found


def links(page: str, language: str) -> Iterator[str]:
    """The targets of links and images of a page."""
    for token in tokens(page_text(page, language)):
        if token.type == "link_open":
            yield str(token.attrs["href"])
        elif token.type == "image":
            yield str(token.attrs["src"])


def strong(page: str, language: str) -> Iterator[str]:
    """The words in bold, which are texts of the user interface."""
    inside = False
    for token in tokens(page_text(page, language)):
        if token.type in ("strong_open", "strong_close"):
            inside = token.type == "strong_open"
        elif inside and token.type == "text":
            yield token.content
