"""Detecting images that hardly belong to their class: flat, placeholders, outliers.

Based on the results of probing alone; no image is read again. What many images of a
dataset share is not an outlier, so that a mixed dataset yields no findings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import log

import numpy as np
import numpy.typing as npt

from dlstudio.data.findings import Finding
from dlstudio.data.images.checks.probe import ImageProbe
from dlstudio.data.images.columns import Pixels
from dlstudio.data.images.samples import in_arrays
from dlstudio.data.samples import Samples
from dlstudio.i18n import _, ngettext
from dlstudio.percent_text import percent

FLAT = 12
"""Most difference of grey values (of 256) within a flat image."""
SPREAD, AT_ONCE = 16, 256
"""Pixels along a side that are read first, and images per chunk."""
FEWEST = 20
"""Least images of a dataset for detecting outliers."""
RARE = 0.02
SMALLER = 4.0
FAR = 6.0
"""Deviations from the median from which on a size is an outlier."""
PLAIN, USUAL = 0.6, 0.15
"""Share of the commonest grey value: least of a drawing, most of usual photographs."""
DRAWN = {"GIF", "ICO", "CUR"}
PALETTES = {"P", "PA", "1"}
COPIES, CLASSES = 4, 3
"""An image this often in two classes, or in this many classes, is a placeholder."""


def flat_images(samples: Samples, probes: Sequence[ImageProbe]) -> Iterator[Finding]:
    """Images of a single colour, including black and white."""
    for name, each in zip(samples.ids, probes, strict=True):
        if each.grey is not None and _is_flat(each):
            text = _(
                "The image has a single color: its gray values range from {low} to "
                "{high}."
            )
            low, high = each.grey
            yield Finding("flat-image", name, text.format(low=low, high=high))


def flat_rows(images: Pixels) -> list[int]:
    """The rows of images (n, h, w, c) of a single colour; reads few pixels of each."""
    down, across = (max(1, side // SPREAD) for side in images.shape[1:3])
    found = []
    for start in range(0, len(images), AT_ONCE):
        some = images[start : start + AT_ONCE, ::down, ::across]
        rows = start + np.flatnonzero(_gaps(some) < FLAT)
        found += [int(row) for row in rows if _gaps(images[row : row + 1])[0] < FLAT]
    return found


def _gaps(images: Pixels) -> npt.NDArray[np.int16]:
    """The largest difference within a channel of each image."""
    high = images.max(axis=(1, 2)).astype(np.int16)
    return np.asarray((high - images.min(axis=(1, 2))).max(axis=1))


def unlike_others(samples: Samples, probes: Sequence[ImageProbe]) -> Iterator[Finding]:
    """Images of another format, size or kind than nearly all others."""
    known = [row for row, each in enumerate(probes) if each.error is None]
    if in_arrays(samples) or len(known) < FEWEST:
        return
    seen = [probes[row] for row in known]
    reasons = (_formats(seen), _sizes(seen), _drawings(seen))
    for place, row in enumerate(known):
        reported = [found[place] for found in reasons if place in found]
        if reported and not _is_flat(probes[row]):
            text = _("The image differs from the others: {reasons}.")
            message = text.format(reasons="; ".join(reported))
            yield Finding("unlike-others", samples.ids[row], message)


def _rare(found: Mapping[int, str], count: int) -> Mapping[int, str]:
    """The findings, if they are rare among this many images."""
    return found if len(found) <= max(1, RARE * count) else {}


def _formats(probes: Sequence[ImageProbe]) -> Mapping[int, str]:
    """Palette images among photographs."""
    usual = Counter(each.format for each in probes).most_common(1)[0][0]
    text = _("it is a {format} with {mode} pixels, while most are {usual}")
    found = {
        place: text.format(format=each.format, mode=each.mode, usual=usual)
        for place, each in enumerate(probes)
        if each.format in DRAWN or each.mode in PALETTES
    }
    return _rare(found, len(probes))


def _sizes(probes: Sequence[ImageProbe]) -> Mapping[int, str]:
    """Thumbnails among originals."""
    sides = np.array([max(each.width, each.height) for each in probes])
    logs = np.log(np.maximum(sides, 1))
    median = float(np.median(logs))
    usual = 1.4826 * float(np.median(np.abs(logs - median)))
    far = median - logs >= max(log(SMALLER), FAR * usual)
    width = round(float(np.median([each.width for each in probes])))
    height = round(float(np.median([each.height for each in probes])))
    text = _("it has {size} pixels, while {usual} is typical")
    found = {
        place: text.format(
            size=f"{each.width:,}×{each.height:,}", usual=f"{width:,}×{height:,}"
        )
        for place, each in enumerate(probes)
        if far[place]
    }
    return _rare(found, len(probes))


def _drawings(probes: Sequence[ImageProbe]) -> Mapping[int, str]:
    """Drawings on an even background among photographs."""
    judged = [each.plain for each in probes if each.plain is not None]
    if len(judged) < FEWEST or float(np.median(judged)) > USUAL:
        return {}
    text = _("{share} of it has the same gray value, as in a drawing")
    found = {
        place: text.format(share=percent(each.plain, 0))
        for place, each in enumerate(probes)
        if each.plain is not None and each.plain >= PLAIN
    }
    return _rare(found, len(probes))


def _is_flat(each: ImageProbe) -> bool:
    return each.grey is not None and each.grey[1] - each.grey[0] < FLAT


def placeholders(
    samples: Samples, groups: Mapping[int, Sequence[int]]
) -> dict[int, list[Finding]]:
    """Nearly identical images in several classes, by the first of each group.

    Args:
        groups: Samples that look the same, by the first of them.
    """
    found = {}
    for first, rows in groups.items():
        if samples.has_several_labels or len(rows) < CLASSES:
            continue
        labels = samples.labels[list(rows)]
        classes = Counter(labels[labels >= 0].tolist())
        if len(classes) < 2:
            continue
        often = len(rows) >= COPIES and sorted(classes.values())[-2] > 1
        if len(classes) >= CLASSES or often:
            found[first] = _placeholder(samples, rows, len(classes))
    return found


def _placeholder(samples: Samples, rows: Sequence[int], classes: int) -> list[Finding]:
    text = ngettext(
        "{count} images are near-duplicates, in {classes} class.",
        "{count} images are near-duplicates, in {classes} classes.",
        classes,
    ).format(count=f"{len(rows):,}", classes=classes)
    first = samples.ids[rows[0]]
    return [
        Finding("placeholder", samples.ids[row], text, "" if row == rows[0] else first)
        for row in rows
    ]
