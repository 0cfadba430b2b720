"""Scanning a dataset: statistics and findings.

Kinds of findings, besides those of the source itself ("missing-file",
"empty-folder", "no-class", "not-an-image"): "zero-byte", "not-an-image",
"too-large", "truncated", "unreadable", "heic"; "flat-image", "unlike-others",
"placeholder", "duplicate", "near-duplicate",
"duplicate-across-splits", "conflicting-labels"; "mirrored-classes"; "one-class",
"few-samples", "imbalance", "class-not-in-split"; "not-in-export".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dlstudio.data.findings import Finding
from dlstudio.data.images.checks.duplicates import find_duplicates
from dlstudio.data.images.checks.mirrored_images import (
    ACROSS,
    DOWN,
    TURNED,
    compared,
    mirrored_pairs,
    named_pairs,
)
from dlstudio.data.images.checks.outliers import flat_images, unlike_others
from dlstudio.data.images.checks.probe import THUMB, ImageProbe, probe_image
from dlstudio.data.images.heic import KIND as HEIC
from dlstudio.data.images.heic import files_without_extra
from dlstudio.data.images.samples import in_arrays
from dlstudio.data.images.source_fixes import as_unlabeled
from dlstudio.data.parallel import Progress, ShouldStop, in_parallel
from dlstudio.data.samples import SPLITS, Samples
from dlstudio.data.split_names import split_word
from dlstudio.document.several_labels import SEVERAL_LABELS
from dlstudio.document.values import FrozenMap
from dlstudio.i18n import _, ngettext

if TYPE_CHECKING:
    from dlstudio.data.images.columns import Pixels
    from dlstudio.data.images.scan_json import ScanJson


AT_ONCE = 16
FEW = 10
UNEVEN = 10
IN_EXPORTS = frozenset({"", "JPEG", "MPO", "PNG", "GIF", "BMP", "DIB", "WEBP"})


@dataclass(frozen=True)
class Scan:
    """What a scan found.

    Attributes:
        samples: Number of samples, including unusable ones.
        classes: Number of samples of each class.
        splits: Number of samples of each split, as far as the source defines them.
        sizes: "height" and "width", each with "min", "median", "max" in pixels.
        modes: Number of images of each Pillow mode, such as "RGB".
        formats: Number of images of each format.
        has_several_labels: Whether a sample may have any number of labels.
        findings: Findings to report to the user.
    """

    samples: int
    classes: dict[str, int]
    splits: dict[str, int]
    sizes: dict[str, dict[str, int]]
    modes: dict[str, int]
    formats: dict[str, int]
    has_several_labels: bool
    findings: tuple[Finding, ...]

    def to_json(self) -> ScanJson:
        """The scan as a JSON object."""
        return {
            "samples": self.samples,
            "classes": self.classes,
            "splits": self.splits,
            "sizes": self.sizes,
            "modes": self.modes,
            "formats": self.formats,
            SEVERAL_LABELS: self.has_several_labels,
            "findings": [each.to_json() for each in self.findings],
        }


def scan(
    samples: Samples,
    progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
) -> Scan:
    """Scan all images of a dataset.

    Args:
        samples: See `open_source`.
        progress: Called with the number of scanned and of all images.
        should_stop: Checked often; True stops the scan.

    Raises:
        Stopped: `should_stop` returned True.
    """
    return summarize(samples, probe_all(samples, progress, should_stop))


def summarize(samples: Samples, probes: Sequence[ImageProbe]) -> Scan:
    """Summarize the probes of all images, one for each sample in order."""
    readable = [each for each in probes if each.error is None]
    counts = dict(zip(samples.classes, samples.counts().tolist(), strict=True))
    split_counts = Counter(name for name in samples.splits.tolist() if name)
    formats = Counter(each.format for each in readable if each.format)
    return Scan(
        samples=len(samples),
        classes=counts,
        splits={name: split_counts[name] for name in SPLITS if split_counts[name]},
        sizes=_sizes(readable),
        modes=dict(Counter(each.mode for each in readable).most_common()),
        formats=dict(formats.most_common()),
        has_several_labels=samples.has_several_labels,
        findings=(
            *samples.notes,
            *_unusable(samples, probes),
            *flat_images(samples, probes),
            *unlike_others(samples, probes),
            *find_duplicates(samples, probes),
            *_mirrored(samples, probes),
            *_balance(samples, counts),
            *_missing_in_splits(samples),
            *_exports(formats),
        ),
    )


def probe_all(
    samples: Samples,
    progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
) -> list[ImageProbe]:
    """Probe each image, in the order of the samples; see `scan`.

    Args:
        samples: Samples to probe.
        progress: Called with the number of scanned and of all images.
        should_stop: Checked between images.

    Raises:
        Stopped: `should_stop` returned True.
    """
    probes: list[ImageProbe] = []
    starts = range(0, len(samples), AT_ONCE)

    def some(start: int) -> list[ImageProbe]:
        end = min(start + AT_ONCE, len(samples))
        return [probe_image(samples, index) for index in range(start, end)]

    for found in in_parallel(some, starts, should_stop):
        probes += found
        if progress is not None:
            progress(len(probes), len(samples))
    return probes


def _sizes(probes: Sequence[ImageProbe]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for name in ("height", "width"):
        values = [getattr(each, name) for each in probes]
        if values:
            found[name] = {
                "min": min(values),
                "median": int(np.median(values)),
                "max": max(values),
            }
    return found


def _unusable(samples: Samples, probes: Sequence[ImageProbe]) -> Iterable[Finding]:
    heic = 0
    for name, each in zip(samples.ids, probes, strict=True):
        if each.error is not None and each.error.kind == HEIC:
            heic += 1
        elif each.error is not None:
            yield Finding(each.error.kind, name, each.error.message)
    if heic:
        yield Finding(HEIC, "", files_without_extra(heic))


def _thumb(each: ImageProbe) -> Pixels:
    assert each.thumb is not None
    return each.thumb


def mirrored(
    samples: Samples, probes: Sequence[ImageProbe]
) -> FrozenMap[str, tuple[str, str]]:
    """Classes whose images look alike once mirrored; see `mirrored_pairs`."""
    clear = [n for n, each in enumerate(probes) if each.thumb is not None]
    if samples.has_several_labels or not clear:
        return FrozenMap()
    labels = samples.labels[clear]
    rows = compared(labels)
    if not len(rows):
        return FrozenMap()
    flat = np.stack([_thumb(probes[clear[row]]) for row in rows])
    pairs = mirrored_pairs(flat.reshape(-1, THUMB, THUMB), labels[rows])
    return named_pairs(pairs, samples.classes)


def _mirrored(samples: Samples, probes: Sequence[ImageProbe]) -> Iterable[Finding]:
    texts = {
        ACROSS: _(
            "Flipped horizontally, images of “{first}” look like images of “{second}”."
        ),
        DOWN: _(
            "Flipped vertically, images of “{first}” look like images of “{second}”."
        ),
        TURNED: _(
            "Rotated by 180°, images of “{first}” look like images of “{second}”."
        ),
    }
    for change, (first, second) in mirrored(samples, probes).items():
        text = texts[change].format(first=first, second=second)
        yield Finding("mirrored-classes", "", text)


def _balance(samples: Samples, counts: dict[str, int]) -> Iterable[Finding]:
    if len(counts) == 1 and not samples.has_several_labels:
        text = _("The data has only one class, but classification needs at least two.")
        fixes = () if in_arrays(samples) else (as_unlabeled(),)
        yield Finding("one-class", next(iter(counts)), text, fixes=fixes)
    for name, count in counts.items():
        if count < FEW:
            text = ngettext(
                "The class has only {count} image; at least {few} are recommended.",
                "The class has only {count} images; at least {few} are recommended.",
                count,
            )
            yield Finding("few-samples", name, text.format(count=count, few=FEW))
    most, least = max(counts.values(), default=0), min(counts.values(), default=0)
    if least and most >= UNEVEN * least:
        text = _("The largest class has {times} times as many images as the smallest.")
        yield Finding("imbalance", "", text.format(times=most // least))


def _missing_in_splits(samples: Samples) -> Iterable[Finding]:
    if samples.has_several_labels:
        return
    for split in SPLITS:
        labels = samples.labels[samples.splits == split]
        missing = set(range(len(samples.classes))) - set(labels.tolist())
        for number in sorted(missing) if len(labels) else ():
            text = _("The {split} split has no images of this class.")
            name = samples.classes[number]
            yield Finding(
                "class-not-in-split", name, text.format(split=split_word(split))
            )


def _exports(formats: Counter[str]) -> Iterable[Finding]:
    for name, count in formats.items():
        if name not in IN_EXPORTS:
            text = ngettext(
                "{count} image has the format {format}, which works here but "
                "cannot be decoded by an exported SavedModel.",
                "{count} images have the format {format}, which works here but "
                "cannot be decoded by an exported SavedModel.",
                count,
            )
            yield Finding("not-in-export", "", text.format(count=count, format=name))
