"""The Keras documentation of a layer."""

from __future__ import annotations

import html
import re
import textwrap

from PySide6.QtWidgets import QTextBrowser, QWidget

from dlstudio.catalog.schema import Description
from dlstudio.i18n import _
from dlstudio.ui.studio import Studio

SECTIONS = re.compile(r"^([A-Z][A-Za-z ]+):$", re.MULTILINE)
FENCE = re.compile(r"```(?:python)?\n(.*?)```", re.DOTALL)
BULLET = re.compile(r"^\s*[-*]\s+", re.MULTILINE)
SESSION = re.compile(r"^\s*>>> ", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
BOLD = re.compile(r"\*\*([^*]+)\*\*")


class HelpView(QTextBrowser):
    """Shows a layer's docstring; its summary is already shown above the tabs."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = studio.theme
        self.setOpenExternalLinks(True)
        self.setAccessibleName(_("Help"))
        self.document().setDocumentMargin(0)
        self.document().setIndentWidth(14)
        self.setObjectName("help")
        self.setStyleSheet("#help { border: none; padding: 8px 4px 0 0; }")

    def show_description(self, description: Description | None) -> None:
        """Show the help of a kind of layer, or nothing."""
        self.setHtml(self._page(description) if description else "")

    def _page(self, description: Description) -> str:
        colors = self._theme.colors
        style = (
            f"body {{ color: {colors.text}; }}"
            f"h4 {{ color: {colors.text_muted}; margin: 14px 0 4px 0; }}"
            "pre { white-space: pre-wrap; }"
            f"pre, code {{ font-family: {self._theme.mono};"
            f" background: {colors.hover}; }}"
            f"a {{ color: {colors.accent}; }}"
        )
        own = _("{kind} in the Keras documentation").format(kind=description.kind)
        page = docstring_html(description.doc)
        if not description.doc:
            return f"<style>{style}</style><p>{html.escape(_(description.summary))}</p>"
        return f"<style>{style}</style><h4>{html.escape(own)}</h4>{page}"


def docstring_html(doc: str) -> str:
    """Convert a docstring's Markdown-like text to HTML, escaping its contents."""
    parts: list[str] = []
    position = 0
    for fence in FENCE.finditer(doc):
        parts.append(_prose(doc[position : fence.start()]))
        parts.append(f"<pre>{html.escape(fence.group(1))}</pre>")
        position = fence.end()
    parts.append(_prose(doc[position:]))
    return "".join(parts)


def _prose(text: str) -> str:
    blocks = re.split(r"\n\s*\n", text.strip("\n"))
    return "".join(_block(block) for block in blocks if block.strip())


def _block(block: str) -> str:
    heading = SECTIONS.match(block.strip().split("\n", 1)[0])
    if heading:
        rest = block.strip("\n").partition("\n")[2]
        if SESSION.search(rest):
            code = html.escape(textwrap.dedent(rest))
            return f"<h4>{html.escape(heading.group(1))}</h4><pre>{code}</pre>"
        return f"<h4>{html.escape(heading.group(1))}</h4>{_entries(rest)}"
    if BULLET.match(block):
        return _bullets(block)
    if SESSION.search(block):
        return f"<pre>{html.escape(textwrap.dedent(block))}</pre>"
    if block.startswith("    ") and not re.match(r"\s+\w+:", block):
        return f"<pre>{html.escape(block)}</pre>"
    return f"<p>{_words(block.strip())}</p>"


def _words(text: str) -> str:
    words = CODE.sub(r"<code>\1</code>", html.escape(" ".join(text.split())))
    return BOLD.sub(r"<b>\1</b>", words)


def _bullets(text: str) -> str:
    items = re.split(r"^\s*[-*]\s+", text, flags=re.MULTILINE)
    intro = f"<p>{_words(items[0])}</p>" if items[0].strip() else ""
    points = "".join(f"<li>{_words(item)}</li>" for item in items[1:])
    return f"{intro}<ul>{points}</ul>"


def _entries(text: str) -> str:
    """Format `name: description` entries with continuation lines, or plain text."""
    if BULLET.search(text):
        return _bullets(text)
    rows = []
    for entry in re.split(r"\n(?=\s{0,8}\*?\*?\w+:)", text):
        name, colon, words = entry.strip().partition(":")
        if colon and re.fullmatch(r"\*{0,2}\w+", name):
            rows.append(f"<p><b>{html.escape(name)}</b> {_words(words)}</p>")
        elif entry.strip():
            rows.append(f"<p>{_words(entry)}</p>")
    return "".join(rows)
