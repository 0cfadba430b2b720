"""The arguments and results of an export in words, from its model card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dlstudio.catalog.store import Catalog
from dlstudio.document.export import SignatureEntry
from dlstudio.document.source_edits import has_several_labels
from dlstudio.document.threshold_section import threshold_text
from dlstudio.engine.export.feature_signature import NUMBER, STRING
from dlstudio.engine.features.names_text import listed
from dlstudio.errors import joined
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.export.card_json import (
        CardInput,
        CardOutput,
        FeatureCardJson,
    )


def argument_entries(card: FeatureCardJson) -> tuple[SignatureEntry, ...]:
    """What the export takes, in the order of the model's inputs."""
    raw = "rows" in card["entries"].values()
    return tuple(
        SignatureEntry(
            each["argument"],
            each["feature"],
            _form(each["dtype"], each["shape"]),
            joined(*_values(each, raw)),
        )
        for each in card["inputs"]
    )


def result_entries(
    card: FeatureCardJson, catalog: Catalog
) -> tuple[SignatureEntry, ...]:
    """What the export returns.

    Args:
        card: Its model card.
        catalog: Describes the heads.
    """
    return tuple(_results(card, catalog))


def _form(dtype: str, shape: Sequence[int | None]) -> str:
    sides = ", ".join("?" if side is None else str(side) for side in shape)
    return f"{dtype} (n, {sides})" if sides else f"{dtype} (n,)"


def _values(each: CardInput, raw: bool) -> Iterator[str]:
    """What is known of the values of an input, in sentences."""
    if each["range"]:
        low, high = each["range"]
        text = _("From {low} to {high} in the training split.")
        yield text.format(low=f"{low:.6g}", high=f"{high:.6g}")
    if each["meaning"]:
        yield each["meaning"]
    if each["fill"] not in (None, ""):
        fill = each["fill"]
        shown = f"{fill:.6g}" if isinstance(fill, float) else str(fill)
        if raw:
            yield _("A missing value becomes {fill}.").format(fill=shown)
        else:
            yield _("Give {fill} for a missing value.").format(fill=shown)


def _results(card: FeatureCardJson, catalog: Catalog) -> Iterator[SignatureEntry]:
    for each in card["outputs"]:
        name, classes = each["feature"], each["classes"]
        if tags := each.get("tags"):
            yield from _tag_results(each, tags)
            continue
        tokens = each.get("tokens")
        if tokens:
            text = _("The probability of each of {count} tokens to be the next one.")
            values = text.format(count=len(tokens))
            form = _form(NUMBER, [len(tokens)])
            yield SignatureEntry(each["result"], name, form, values)
            continue
        if not classes:
            form = _form(each.get("dtype", NUMBER), ())
            yield SignatureEntry(each["result"], name, form)
            continue
        text = _("A score for each class, in this order: {classes}.")
        form = _form(NUMBER, [len(classes)])
        values = text.format(classes=listed(classes))
        yield SignatureEntry(each["result"], name, form, values)
        if each["label"]:
            several = has_several_labels(each["head"], catalog)
            form = _form(STRING, [len(classes)] if several else [])
            threshold = each.get("threshold")
            text = ""
            if threshold is not None:
                text = threshold_text("" if several else classes[1], threshold)
            yield SignatureEntry(each["label"], name, form, text)


def _tag_results(each: CardOutput, tags: Sequence[str]) -> Iterator[SignatureEntry]:
    """The scores of tags, and the tags."""
    name, length = each["feature"], each["length"]
    text = _(
        "For each of the first {length} tokens a score for each tag, in this order: "
        "{tags}. Tokens behind these have no tags."
    ).format(length=length, tags=listed(tags))
    form = _form(NUMBER, [length, len(tags)])
    yield SignatureEntry(each["result"], name, form, text)
    if each["label"]:
        text = _("A tag for each of these tokens; empty behind the last one.")
        yield SignatureEntry(each["label"], name, _form(STRING, [length]), text)
