"""Sections of reports as JSON."""

from __future__ import annotations

import json

import pytest
from report_world import METRICS, SECTIONS, WORST

from dlstudio.document.report_sections import MetricsOfReport, Residuals, WorstRows


@pytest.mark.parametrize("section", SECTIONS, ids=lambda each: each.NAME)
def test_a_section_is_the_same_after_writing_and_reading(section) -> None:
    written = json.loads(json.dumps(section.to_json()))
    assert type(section).from_json(written) == section


def test_a_section_without_its_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="as many"):
        Residuals.from_json(
            {"target": "y", "ids": ["a"], "actual": [1.0], "predicted": []}
        )


def test_what_a_newer_version_wrote_besides_is_passed_over() -> None:
    data = WORST.to_json()
    data["rows"][0]["mood"] = "good"
    assert WorstRows.from_json(data) == WORST
    data = METRICS.to_json()
    data["metrics"][0]["mood"] = "good"
    assert MetricsOfReport.from_json(data) == METRICS
