"""The sentences about what a layer has learned."""

from __future__ import annotations

from dlstudio.document.learned_layer import LearnedLayer, SplitTokens
from dlstudio.document.sample_nouns import IMAGES
from dlstudio.errors import joined
from dlstudio.i18n import _, ngettext
from dlstudio.i18n import marked as mark
from dlstudio.percent_text import percent

SPLITS = {
    "train": mark("training"),
    "validation": mark("validation"),
    "test": mark("test"),
}


def learned_note(found: LearnedLayer) -> str:
    """Where it comes from, and how much of each split it knows."""
    lines = [joined(*_origin(found))]
    if found.splits:
        shares = (_unknown(each) for each in found.splits if each.texts)
        lines.append(_("Unknown words: {shares}.").format(shares=_(", ").join(shares)))
        lines += _empty(sum(each.empty for each in found.splits))
    return "\n".join(lines)


def _origin(found: LearnedLayer) -> list[str]:
    count = f"{found.samples:,}"
    texts = [_source(found).format(count=count, run=found.run)]
    if found.vocabulary:
        values = len(found.vocabulary)
        text = ngettext("{count} value.", "{count} values.", values)
        texts.append(text.format(count=f"{values:,}"))
    return texts


def _source(found: LearnedLayer) -> str:
    if not found.run:
        return ngettext(
            "The next run learns it from {count} row of the training split.",
            "The next run learns it from {count} rows of the training split.",
            found.samples,
        )
    if found.noun == IMAGES:
        return ngettext(
            "From {count} image of the training split, in run {run}.",
            "From {count} images of the training split, in run {run}.",
            found.samples,
        )
    return ngettext(
        "From {count} row of the training split, in run {run}.",
        "From {count} rows of the training split, in run {run}.",
        found.samples,
    )


def _unknown(found: SplitTokens) -> str:
    return f"{_(SPLITS[found.split])} {percent(found.unknown_share)}"


def _empty(count: int) -> list[str]:
    if not count:
        return []
    text = ngettext("{count} text has no words.", "{count} texts have no words.", count)
    return [text.format(count=f"{count:,}")]
