"""The section about decision thresholds: what each of them predicts."""

from __future__ import annotations

import json

import pytest

from dlstudio.document.threshold_section import Decisions, DecisionThreshold

SECTION = DecisionThreshold(
    0.5, "yes", (0.25, 0.5, 0.75), ((1, 3, 0, 4), (3, 1, 1, 3), (4, 0, 4, 0))
)


def test_the_nearest_threshold_counts() -> None:
    assert SECTION.at(0.5) == SECTION.at(0.55) == Decisions(3, 1, 1, 3)
    assert SECTION.at(0.0) == Decisions(1, 3, 0, 4)
    assert SECTION.at(1.0) == Decisions(4, 0, 4, 0)
    assert DecisionThreshold(0.5, "", (), ()).at(0.5) is None


def test_shares_of_decisions() -> None:
    found = Decisions(1, 3, 0, 4)
    assert (found.precision, found.recall) == (4 / 7, 1.0)
    assert found.f1 == pytest.approx(8 / 11)
    nothing = Decisions(4, 0, 4, 0)
    assert (nothing.precision, nothing.recall, nothing.f1) == (None, 0.0, 0.0)


def test_it_is_read_back_and_damage_is_refused() -> None:
    data = json.loads(json.dumps(SECTION.to_json()))
    assert DecisionThreshold.from_json(data) == SECTION
    for damage in ({"counts": [[1, 2, 3]] * 3}, {"thresholds": [0.5]}, {"value": None}):
        with pytest.raises((TypeError, ValueError)):
            DecisionThreshold.from_json({**data, **damage})
