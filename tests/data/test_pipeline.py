"""The input pipeline: every sample once, the same from memory and from disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.data import pipeline
from dlstudio.data.pipeline import (
    SampleBlock,
    SplitView,
    epoch_order,
    resident_blocks,
    spans,
    steps_in,
    streamed_blocks,
)


def part(count: int, path: Path | None = None) -> SplitView:
    """A split of every second of `2 * count` numbered images."""
    numbers = np.arange(2 * count, dtype=np.uint8)
    images = np.broadcast_to(numbers[:, None, None, None], (2 * count, 2, 3, 1))
    images = np.ascontiguousarray(images)
    if path is not None:
        images.tofile(path)
        images = np.memmap(path, np.uint8, "r", 0, images.shape)
    rows = {"image": images, "label": numbers.astype(np.int32)}
    weights = {"label": numbers.astype(np.float32) / 2, "price": None}
    return SplitView(rows, weights, np.arange(1, 2 * count, 2))


@given(st.integers(0, 200), st.integers(-(2**70), 2**70), st.integers(0, 50))
def test_an_order_has_every_sample_and_depends_on_seed_and_epoch_alone(
    count: int, seed: int, epoch: int
) -> None:
    order = epoch_order(count, seed, epoch)
    assert order.dtype == np.int32
    assert sorted(order) == list(range(count))
    assert order.tobytes() == epoch_order(count, seed, epoch).tobytes()


def test_epochs_and_seeds_differ() -> None:
    orders = {epoch_order(50, s, e).tobytes() for s in range(3) for e in range(3)}
    assert len(orders) == 9


@given(
    st.integers(0, 60),
    st.integers(1, 9),
    st.lists(st.integers(1, 5), min_size=1, max_size=5),
    st.integers(0, 60),
)
def test_blocks_cut_an_epoch_without_gap_or_overlap(
    count: int, batch: int, sizes: list[int], first: int
) -> None:
    """For any grouping of steps, and wherever an epoch is resumed."""
    order = epoch_order(count, 0, 0)
    total = steps_in(count, batch)
    first = min(first, total)
    sizing = iter(sizes * 100)
    blocks = list(resident_blocks(order, batch, first, lambda _step: next(sizing)))
    rows = [row.tolist() for block in blocks for row in block.index]
    expected = [order[s * batch : (s + 1) * batch].tolist() for s in range(total)]
    assert rows == expected[first:]
    done = first
    for block in blocks:
        assert block.first == done
        done += len(block.index)


def test_the_size_function_gets_the_next_step() -> None:
    steps: list[int] = []

    def size(step: int) -> int:
        steps.append(step)
        return 3

    assert list(spans(23, 4, 1, size)) == [(1, 3, 4), (4, 1, 4), (5, 1, 3)]
    assert steps == [1, 4]


def seen(blocks: list[SampleBlock]) -> list[list[int]]:
    """The images' numbers, step by step."""
    rows = []
    for block in blocks:
        assert block.rows is not None and block.weights is not None
        weights, labels = block.weights["label"], block.rows["label"]
        assert weights is not None and block.weights["price"] is None
        for row in block.index:
            images = block.rows["image"][row]
            assert (images == images[:, :1, :1]).all()
            assert images[:, 0, 0, 0].tolist() == labels[row].tolist()
            assert (weights[row] * 2).tolist() == labels[row].tolist()
            rows.append(labels[row].tolist())
    return rows


@pytest.mark.parametrize("bytes_at_once", [1, 50, 10**6])
def test_streamed_images_equal_those_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bytes_at_once: int
) -> None:
    given_back: list[object] = []
    monkeypatch.setattr(pipeline, "LARGEST_BLOCK", bytes_at_once)
    monkeypatch.setattr(pipeline, "LARGEST_PIECE", 12)
    monkeypatch.setattr(pipeline, "forget_pages", given_back.append)
    streamed = part(21, tmp_path / "rows")
    order = epoch_order(21, 1, 2)
    blocks = list(streamed_blocks(streamed, order, 4, 1, lambda _step: 3))
    for block in blocks:
        assert block.rows is not None
        total = sum(array.nbytes for array in block.rows.values())
        assert total <= max(bytes_at_once, 4 * 10)
    resident = resident_blocks(order, 4, 1, lambda _step: 3)
    expected = [
        streamed.rows["label"][streamed.chosen[row]].tolist()
        for block in resident
        for row in block.index
    ]
    assert seen(blocks) == expected
    # Two images at a time, of the 17 that are left after the first step.
    assert len(given_back) >= 17 // 2


def test_reading_ends_when_the_consumer_stops(tmp_path: Path) -> None:
    blocks = streamed_blocks(
        part(21, tmp_path / "rows"), epoch_order(21, 0, 0), 4, 0, lambda _step: 1
    )
    next(blocks)
    blocks.close()


def test_an_error_while_reading_is_not_lost() -> None:
    broken = SplitView(part(3).rows, {}, np.array([0, 1, 99]))
    with pytest.raises(IndexError):
        list(streamed_blocks(broken, epoch_order(3, 0, 0), 2, 0, lambda _step: 1))


def test_only_small_sets_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    small = part(10)
    assert small.sample_bytes == 6 + 4
    assert small.fits()
    monkeypatch.setattr(pipeline, "LARGEST_RESIDENT", 99)
    assert not small.fits()
