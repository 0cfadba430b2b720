"""Reports as JSON: classes at the top as ever, and every output by its name."""

from __future__ import annotations

from typing import Any

import pytest

from dlstudio.document.evaluation import EvaluationReport, HeadReport, outputs_of

ORIGIN: dict[str, Any] = {"run": "r", "split": "test", "samples": 2, "fingerprint": "f"}
CLASSES = HeadReport(
    {"accuracy": 0.5},
    {"metric": "accuracy", "value": 0.5},
    {
        "per_class": {"a": {"recall": 1.0}},
        "confusion_matrix": [[1, 0], [1, 0]],
        "calibration": {"ece": 0.1},
        "mistakes": [{"input": "x"}],
    },
)
NUMBERS = HeadReport({"mae": 2.0, "r2": None}, {"mean": {"mae": 3.0}}, {"worst": []})


def test_a_classifier_has_its_keys_at_the_top() -> None:
    report = EvaluationReport.of({"label": CLASSES}, classes=("a", "b"), **ORIGIN)
    plain = report.to_json()
    assert plain.pop("outputs") == {"label": CLASSES.to_json()}
    assert plain["metrics"] == CLASSES.metrics
    assert plain["comparison"] == CLASSES.baseline
    for name, section in CLASSES.sections.items():
        assert plain[name] == section
    # As older versions wrote it.
    assert outputs_of(plain) == {"label": CLASSES}
    assert outputs_of(plain, "color") == {"color": CLASSES}


def test_numbers_have_no_classes() -> None:
    plain = EvaluationReport.of({"price": NUMBERS}, **ORIGIN).to_json()
    assert plain["metrics"] == NUMBERS.metrics
    assert (plain["classes"], plain["per_class"], plain["confusion_matrix"]) == (
        [],
        {},
        [],
    )
    assert (plain["mistakes"], plain["comparison"]) == ([], None)
    assert outputs_of(plain) == {"price": NUMBERS}


def test_several_outputs_stand_beside_the_first_ones_keys() -> None:
    outputs = {"label": CLASSES, "price": NUMBERS}
    plain = EvaluationReport.of(outputs, classes=("a", "b"), **ORIGIN).to_json()
    assert plain["metrics"] == CLASSES.metrics
    assert list(plain["outputs"]) == ["label", "price"]
    assert outputs_of(plain) == outputs


@pytest.mark.parametrize("item", [{}, {"outputs": {}}, {"metrics": None}])
def test_a_damaged_report_has_an_empty_output(item: dict[str, Any]) -> None:
    assert outputs_of(item) == {"label": HeadReport({})}
