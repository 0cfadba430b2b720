"""Finding images of one dataset that are also in another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from dlstudio.data.images.checks.near_duplicates import find_near_duplicates
from dlstudio.data.images.checks.probe import ImageProbe
from dlstudio.data.images.scan import probe_all
from dlstudio.data.overlap import Overlap
from dlstudio.data.parallel import Progress, ShouldStop
from dlstudio.data.samples import Samples

if TYPE_CHECKING:
    from dlstudio.data.images.columns import Pixels


LISTED = 10


def find_overlap(
    samples: Samples,
    known: Samples,
    progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
) -> Overlap:
    """The samples that are also in `known`, by content or by appearance.

    Args:
        samples: Samples to look for.
        known: Samples to compare with.
        progress: Called with the number of processed and of all images.
        should_stop: Checked between images.

    Raises:
        Stopped: `should_stop` returned True.
    """
    total = len(samples) + len(known)

    def first(done: int, _of: int) -> None:
        if progress is not None:
            progress(done, total)

    def second(done: int, _of: int) -> None:
        first(len(samples) + done, total)

    mine = probe_all(samples, first, should_stop)
    others = probe_all(known, second, should_stop)
    usable = [(row, each) for row, each in enumerate(others) if each.error is None]
    contents = {each.content: row for row, each in reversed(usable)}
    same = {
        row: contents[each.content]
        for row, each in enumerate(mine)
        if each.error is None and each.content in contents
    }
    left = [row for row in range(len(mine)) if row not in same]
    near = _near(mine, left, others)
    return Overlap(
        tuple((samples.ids[row], known.ids[other]) for row, other in same.items()),
        tuple((samples.ids[row], known.ids[other]) for row, other in near.items()),
        len(samples),
        len(others) - len(usable),
    )


def _near(
    mine: Sequence[ImageProbe], rows: Sequence[int], others: Sequence[ImageProbe]
) -> dict[int, int]:
    """The rows that look like an image of the other dataset, each with its row."""
    known = [row for row, each in enumerate(others) if each.hash is not None]
    comparable = [row for row in rows if mine[row].hash is not None]
    probes = [*(others[row] for row in known), *(mine[row] for row in comparable)]
    if not known or not comparable:
        return {}
    hashes = [each.hash or 0 for each in probes]
    thumbs = np.stack([_thumb(each) for each in probes])
    # The first of its kind is named, which is a known sample if there is one.
    pairs = (
        (left, right - len(known))
        for left, right in find_near_duplicates(hashes, thumbs)
    )
    return {
        comparable[right]: known[left]
        for left, right in pairs
        if right >= 0 and left < len(known)
    }


def _thumb(each: ImageProbe) -> Pixels:
    assert each.thumb is not None
    return each.thumb
