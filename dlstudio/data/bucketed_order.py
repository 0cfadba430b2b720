"""The order of samples in which those of similar length share a batch."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dlstudio.data.pipeline import LARGEST_SEED, Indices, epoch_order

WINDOW = 16
"""Batches that are sorted together: enough that their lengths are close, few enough
that batches differ from epoch to epoch."""
SHUFFLED_BATCHES = 1
"""Keeps the draws for the order of batches apart from those for samples."""


def bucketed_order(
    lengths: npt.NDArray[np.integer], batch: int, seed: int, epoch: int
) -> Indices:
    """The order of samples in one epoch, int32 (n,).

    Samples are shuffled, sorted by length within windows of some batches, and the
    batches shuffled again; the last one, which may be smaller, stays as it is drawn.

    Args:
        lengths: Of each sample, (n,).
        batch: Samples of a batch.
        seed: Any integer; the same one gives the same order.
        epoch: From 0; each epoch has its own order.
    """
    order = epoch_order(len(lengths), seed, epoch)
    whole = len(order) // batch * batch
    for start in range(0, whole, WINDOW * batch):
        window = order[start : min(start + WINDOW * batch, whole)]
        window[:] = window[np.argsort(lengths[window], kind="stable")]
    random = np.random.default_rng([seed % LARGEST_SEED, epoch, SHUFFLED_BATCHES])
    batches = order[:whole].reshape(-1, batch)
    order[:whole] = batches[random.permutation(len(batches))].reshape(-1)
    return order
