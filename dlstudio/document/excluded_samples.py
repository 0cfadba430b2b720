"""Descriptions of the samples that a training excludes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dlstudio.document.events import SamplesExcluded
from dlstudio.i18n import _, ngettext

SHOWN = 3
"""Most samples that a message names; the rest are counted."""


def examples_text(samples: Iterable[tuple[str, str]], count: int) -> str:
    """ "a.png (The file is empty: it has no bytes), b.png (…) and 9 more".

    Args:
        samples: Sample ids, each with the reason, which may be English; the first few
            are named.
        count: Total number of samples.
    """
    first: Sequence[tuple[str, str]] = list(samples)[:SHOWN]
    named = ", ".join(f"{name} ({_(reason).rstrip('.。')})" for name, reason in first)
    if count <= len(first):
        return named
    more = count - len(first)
    text = ngettext("{names} and {count} more", "{names} and {count} more", more)
    return text.format(names=named, count=more)


def excluded_text(event: SamplesExcluded) -> str:
    """One line: how many samples a training has excluded, and why."""
    text = ngettext(
        "{count} sample is excluded because it cannot be used: {names}.",
        "{count} samples are excluded because they cannot be used: {names}.",
        event.count,
    )
    samples = zip(event.samples, event.reasons, strict=False)
    return text.format(count=event.count, names=examples_text(samples, event.count))
