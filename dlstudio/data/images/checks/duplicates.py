"""Finding duplicate images: copies, near-duplicates, placeholders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dlstudio.data.findings import Finding
from dlstudio.data.images.checks.near_duplicates import find_near_duplicates
from dlstudio.data.images.checks.outliers import placeholders
from dlstudio.data.images.checks.probe import ImageProbe
from dlstudio.data.samples import Samples
from dlstudio.data.split_names import split_word
from dlstudio.i18n import _

Pairs = list[tuple[int, int]]
"""The first image of its kind, and a duplicate or near-duplicate of it."""


def find_duplicates(
    samples: Samples, probes: Sequence[ImageProbe]
) -> Iterator[Finding]:
    """One finding for each image that duplicates an earlier one, of the worst kind."""
    same = _same(probes)
    near = _near(probes)
    groups = _groups(same, near)
    standing = placeholders(samples, groups)
    reported = {row for first in standing for row in groups[first]}
    for found in standing.values():
        yield from found
    kinds = (
        ("duplicate", _("Same image as {other}."), same),
        ("near-duplicate", _("Near-duplicate of {other}."), near),
    )
    for kind, text, pairs in kinds:
        for first, second in pairs:
            if second not in reported:
                yield _pair(samples, first, second, kind, text)


def _same(probes: Sequence[ImageProbe]) -> Pairs:
    """Images with identical bytes."""
    first: dict[bytes, int] = {}
    pairs = []
    for index, each in enumerate(probes):
        if each.content and each.error is None:
            other = first.setdefault(each.content, index)
            if other != index:
                pairs.append((other, index))
    return pairs


def _near(probes: Sequence[ImageProbe]) -> Pairs:
    """Images that look the same but differ in bytes."""
    seen: set[bytes] = set()
    chosen: list[int] = []
    thumbs = []
    for index, each in enumerate(probes):
        known = each.hash is not None and each.thumb is not None
        if known and each.content not in seen:
            seen.add(each.content)
            chosen.append(index)
            thumbs.append(each.thumb)
    if len(chosen) < 2:
        return []
    hashes = [probes[index].hash or 0 for index in chosen]
    pairs = find_near_duplicates(hashes, np.array(thumbs, np.uint8))
    return [(chosen[left], chosen[right]) for left, right in pairs]


def _groups(same: Pairs, near: Pairs) -> dict[int, list[int]]:
    """All duplicates and near-duplicates, by the first of them."""
    root = {second: first for first, second in near}
    groups: dict[int, list[int]] = {}
    for first, second in [*near, *same]:
        known = groups.setdefault(root.get(first, first), [root.get(first, first)])
        known += (first, second)
    return {first: sorted(set(rows)) for first, rows in groups.items()}


def _pair(samples: Samples, first: int, second: int, kind: str, text: str) -> Finding:
    """The finding for two equal images, of the worst kind."""
    other, name = samples.ids[first], samples.ids[second]
    message = text.format(other=other)
    a, b = str(samples.splits[first]), str(samples.splits[second])
    if a != b:
        kind = "duplicate-across-splits"
        message = f"{message} {_across(a, b)}"
    one, two = samples.labels[first], samples.labels[second]
    if not np.array_equal(one, two) and min(np.min(one), np.min(two)) >= 0:
        kind = "conflicting-labels"
        message = _("{message} Their labels differ.").format(message=message)
    return Finding(kind, name, message, other)


def _across(first: str, second: str) -> str:
    if first and second:
        text = _(
            "One is in the {first} split, the other in the {second} split, so "
            "results look better than they are."
        )
    else:
        text = _(
            "One is in the {first} split, the other is not assigned to a split, so "
            "results may look better than they are."
        )
    return text.format(first=split_word(first or second), second=split_word(second))
