"""Checks for samples that training would exclude as unusable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dlstudio.document.excluded_samples import examples_text
from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.i18n import ngettext

FLAT = "flat-image"
"""The kind of this finding in the Data room."""
FIRST = 10


def unusable(context: CheckContext) -> Iterator[Problem]:
    """Unusable samples, with reasons; excluding them acknowledges the problem."""
    dataset, recipe = context.dataset, context.project.data
    if dataset is None or (
        dataset.source is not None and dataset.source != recipe.source
    ):
        return
    out = frozenset(recipe.leave_out)
    found = tuple(each for each in dataset.unusable if each[0] not in out)
    if not found:
        return
    count = len(found)
    message = ngettext(
        "{count} of {total} images cannot be used and is excluded from "
        "training: {names}.",
        "{count} of {total} images cannot be used and are excluded from "
        "training: {names}.",
        count,
    ).format(
        count=count, total=dataset.samples + count, names=examples_text(found, count)
    )
    label = ngettext(
        "Exclude this image", "Exclude these {count} images", count
    ).format(count=count)
    names = (*recipe.leave_out, *(name for name, _reason in found))
    fix = Fix.set_data(label, "leave_out", names)
    yield context.problem("warning", "unusable-samples", message, fixes=[fix])


def flat(context: CheckContext) -> Iterator[Problem]:
    """Single-color images, from which nothing can be learned."""
    dataset, recipe = context.dataset, context.project.data
    if dataset is None or (
        dataset.source is not None and dataset.source != recipe.source
    ):
        return
    out = frozenset(recipe.leave_out)
    known = [
        n for n in dataset.flat if n not in out and f"{FLAT} {n}" not in recipe.checked
    ]
    if not known:
        return
    count = len(known)
    message = ngettext(
        "{count} of {total} images has a single color, so there is nothing to "
        "learn from it: {names}.",
        "{count} of {total} images have a single color, so there is nothing to "
        "learn from them: {names}.",
        count,
    ).format(count=count, total=dataset.samples, names=_some(known))
    label = ngettext(
        "Exclude this image", "Exclude these {count} images", count
    ).format(count=count)
    fix = Fix.set_data(label, "leave_out", (*recipe.leave_out, *known))
    yield context.problem("warning", "flat-image", message, fixes=[fix])


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:FIRST])
    more = len(names) - FIRST
    if more <= 0:
        return shown
    text = ngettext("{names} and {count} more", "{names} and {count} more", more)
    return text.format(names=shown, count=f"{more:,}")


UNUSABLE = (unusable, flat)
