"""Samples of a source of images as a dataset for the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlstudio.document.values import Spec
from dlstudio.workers.dataset import Dataset

if TYPE_CHECKING:
    from dlstudio.data.samples import Samples


def dataset_of(source: Spec, samples: Samples, complete: bool = True) -> Dataset:
    """A dataset from samples, with size and channels of a typical image.

    Args:
        source: Kind and parameters of the source.
        samples: The samples from `dlstudio.data`.
        complete: False while more samples are being read.
    """
    from dlstudio.data.images.samples import in_arrays
    from dlstudio.engine.templates.context import context_of

    context = context_of("", source, samples)
    return Dataset(
        source=source,
        ids=tuple(samples.ids),
        classes=samples.classes,
        labels=samples.labels,
        splits=samples.splits,
        rows={id: row for row, id in enumerate(samples.ids)},
        height=context.height,
        width=context.width,
        varying=context.varying,
        channels=context.channels,
        in_files=not in_arrays(samples),
        complete=complete,
        samples=samples,
    )
