"""Guide pages as HTML for Qt."""

from __future__ import annotations

import html
import re
from functools import partial

from markdown_it import MarkdownIt

from dlstudio.catalog.guide import page_text
from dlstudio.catalog.schema import Description, Param
from dlstudio.i18n import _
from dlstudio.ui.forms.param_labels import label_text
from dlstudio.ui.model.inspector.help_view import docstring_html
from dlstudio.ui.theme.tokens import Theme

_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")
_ANCHOR = re.compile(r'<a id="([\w-]+)"></a>')
_PERCENT = re.compile(r"(\d) %")
_BLOCK = re.compile(r"<pre><code[^>]*>(.*?)\n?</code></pre>", re.DOTALL)


def guide_html(name: str, theme: Theme) -> str:
    """A page of the guide in the current language.

    Raises:
        OSError: The page does not exist.
    """
    body: str = _MARKDOWN.render(page_text(name))
    body = _PERCENT.sub("\\1\u00a0%", body)
    body = _ANCHOR.sub(r'<a name="\1"></a>', body)
    body = body.replace("<table>", '<table cellspacing="0" cellpadding="6" border="1">')
    body = body.replace("<p><img", '<p class="image"><img')
    return _styled(_BLOCK.sub(partial(_code, theme.colors.hover), body), theme)


def description_html(description: Description, parameter: str, theme: Theme) -> str:
    """The help of a description and of one of its parameters.

    Args:
        description: Description of a layer, a metric or another object.
        parameter: The name of one of its parameters; "" for none.
        theme: Colours and sizes.
    """
    param = description.param(parameter) or _call_param(description, parameter)
    title, parts = description.name, []
    if param is not None:
        title = f"{title}: {label_text(parameter)}"
        parts.append(f"<p>{html.escape(_(param.summary))}</p>")
    if description.doc:
        own = _("{kind} in the Keras documentation").format(kind=description.kind)
        parts.append(f"<h2>{html.escape(own)}</h2>{docstring_html(description.doc)}")
    elif description.summary:
        parts.append(f"<p>{html.escape(_(description.summary))}</p>")
    return _styled(f"<h1>{html.escape(title)}</h1>{''.join(parts)}", theme)


def _call_param(description: Description, name: str) -> Param | None:
    """A call argument, named "call.training" in forms."""
    call = {f"call.{each.name}": each for each in description.call}
    return call.get(name)


def missing_html(theme: Theme) -> str:
    """The page shown in place of a missing one."""
    text = _("This page of the guide is missing.")
    return _styled(f"<p>{html.escape(text)}</p>", theme)


def _code(background: str, found: re.Match[str]) -> str:
    """A code block with a background; Qt needs a table for that."""
    code = found.group(1).replace("\u00a0", " ")
    return (
        '<table width="100%" cellspacing="0" cellpadding="10">'
        f'<tr><td style="background-color: {background}"><pre>{code}</pre></td>'
        "</tr></table>"
    )


def _styled(body: str, theme: Theme) -> str:
    c = theme.colors
    style = f"""
        body {{ color: {c.text}; font-size: {theme.text_size + 1}px; }}
        p, li {{ line-height: 130%; }}
        .image {{ line-height: 100%; }}
        h1 {{ font-size: 22px; font-weight: 600; margin: 4px 0 12px 0; }}
        h2 {{ font-size: 18px; font-weight: 600; margin: 26px 0 8px 0; }}
        h3 {{ font-size: 15px; font-weight: 600; margin: 22px 0 6px 0; }}
        h4 {{ color: {c.text_muted}; margin: 14px 0 4px 0; }}
        code, pre {{ font-family: {theme.mono}; font-size: {theme.small_size + 1}px; }}
        code {{ background: {c.hover}; }}
        pre {{ white-space: pre-wrap; margin: 0; }}
        table {{ margin: 8px 0; border-collapse: collapse; }}
        table {{ border-color: {c.line_strong}; }}
        th {{ text-align: left; background: {c.hover}; }}
        a {{ color: {c.accent}; text-decoration: none; }}
    """
    return f"<style>{style}</style><body>{body}</body>"
