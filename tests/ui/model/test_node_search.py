"""Queries for nodes."""

from __future__ import annotations

import pytest

from dlstudio.document.analysis import NodeReport, TensorInfo
from dlstudio.ui.model.node_search import NodeQuery, NodeText

REPORT = NodeReport((), (TensorInfo((None, 26, 32)),), 1_250_000, 1_250_000)
CONV = NodeText("conv_1 Conv2D · 32 filters 3×3 · relu", REPORT)


@pytest.mark.parametrize(
    "query",
    [
        "conv", "CONV relu", "32", "26", "26x32", "?×26", "(None, None, 26", "(none,",
        "(batch, None, 26, 32)",
        ">1M", "> 1,000k conv", "<=1250000", "=1,250,000", "1250000", "1,250,000",
        ">100万", "（None",
    ],
)  # fmt: skip
def test_a_node_is_found(query: str) -> None:
    assert NodeQuery.parse(query).matches(CONV)


@pytest.mark.parametrize(
    "query",
    ["", "  ", "dense", "conv dense", "2626", "(32", "<1M", "conv >2M", "26x33", "=1"],
)
def test_a_node_is_not_found(query: str) -> None:
    assert not NodeQuery.parse(query).matches(CONV)


def test_without_a_report_only_texts_match() -> None:
    bare = NodeText("conv_1 Conv2D")
    assert NodeQuery.parse("conv").matches(bare)
    assert not NodeQuery.parse("conv >0").matches(bare)
    assert not NodeQuery.parse("(None").matches(bare)
