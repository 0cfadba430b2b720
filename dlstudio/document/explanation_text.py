"""Explanations of texts in words, for the window and the command line."""

from __future__ import annotations

from dlstudio.document.text_explanation import ExplainedText
from dlstudio.i18n import _, ngettext

MOST_NAMES = 3


def tokens_text(text: ExplainedText) -> str:
    """ "14 tokens, 1 outside the vocabulary (weeks)"."""
    count = len(text.tokens) + text.cut
    parts = [ngettext("{count} token", "{count} tokens", count).format(count=count)]
    unknown = [each.text for each in text.tokens if not each.known]
    if unknown:
        said = ngettext(
            "{count} outside the vocabulary ({names})",
            "{count} outside the vocabulary ({names})",
            len(unknown),
        )
        more = ["…"] * (len(text.unknown) > MOST_NAMES)
        names = _(", ").join([*text.unknown[:MOST_NAMES], *more])
        parts.append(said.format(count=len(unknown), names=names))
    if text.cut:
        said = ngettext(
            "the last {count} is not read",
            "the last {count} are not read",
            text.cut,
        )
        parts.append(said.format(count=text.cut))
    return _(", ").join(parts)
