"""Byte sizes are formatted in the same way everywhere."""

from __future__ import annotations

import re

import keras
import pytest

from dlstudio.byte_size import size_text, weights_text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (942_080, "920 KB"),
        (3 * 2**30, "3 GB"),
        (4.5 * 2**40, "4.5 TB"),
    ],
)
def test_sizes_are_short(count: float, text: str) -> None:
    assert size_text(count) == text


def test_weights_are_as_large_as_keras_says() -> None:
    model = keras.Sequential([keras.Input((390,)), keras.layers.Dense(1000)])
    lines: list[str] = []
    model.summary(print_fn=lambda line, **_more: lines.append(line))
    (found,) = re.findall(r"Total params: [0-9,]+ \(([^)]*)\)", "\n".join(lines))
    assert weights_text(model.count_params()) == found == "1.49 MB"
