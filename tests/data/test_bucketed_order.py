"""The order of samples in which those of similar length share a batch."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.data.bucketed_order import WINDOW, bucketed_order
from dlstudio.data.pipeline import epoch_order


@given(
    st.lists(st.integers(0, 90), max_size=150),
    st.integers(1, 9),
    st.integers(-(2**70), 2**70),
    st.integers(0, 50),
)
def test_an_order_has_every_sample_and_depends_on_lengths_seed_and_epoch_alone(
    lengths: list[int], batch: int, seed: int, epoch: int
) -> None:
    given = np.array(lengths, np.int32)
    order = bucketed_order(given, batch, seed, epoch)
    assert order.dtype == np.int32 and sorted(order) == list(range(len(given)))
    assert order.tobytes() == bucketed_order(given, batch, seed, epoch).tobytes()
    rest = len(order) % batch
    drawn = epoch_order(len(order), seed, epoch)
    assert list(order[len(order) - rest :]) == list(drawn[len(order) - rest :])


def test_batches_have_samples_of_similar_length_and_differ_between_epochs() -> None:
    batch = 4
    lengths = np.random.default_rng(1).permutation(batch * WINDOW).astype(np.int32)
    first, second = (bucketed_order(lengths, batch, 0, epoch) for epoch in (0, 1))
    for order in (first, second):
        spread = np.ptp(lengths[order].reshape(-1, batch), axis=1)
        assert (spread == batch - 1).all()  # one window: sorted as a whole
    assert first.tobytes() != second.tobytes()
    several = np.tile(lengths, 3)
    orders = [bucketed_order(several, batch, 0, epoch) for epoch in (0, 1)]
    batches = [
        {frozenset(each) for each in order.reshape(-1, batch).tolist()}
        for order in orders
    ]
    assert batches[0] != batches[1]
