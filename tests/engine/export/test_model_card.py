"""The model card has the verdict."""

from __future__ import annotations

from dlstudio.document.verdict import BaselineComparison, Verdict


def test_the_verdict_comes_before_the_metrics() -> None:
    from dlstudio.engine.export import image_classes_card as model_card

    comparison = BaselineComparison(
        "accuracy", 0.567, 0.2, ("ship",), 0.392, 0.726, 0.001, 30, "test"
    )
    report = {
        "split": "test",
        "samples": 30,
        "metrics": {"accuracy": 0.567},
        "verdict": Verdict("learned", comparison).to_json(),
    }
    kept = model_card._evaluation(report)
    assert kept is not None and kept["verdict"]["outcome"] == "learned"
    first, table = model_card._metric_lines({"evaluation": kept})
    assert first.startswith("The model has learned. 56.7 % of 30 held-out images")
    assert "always predicting “ship”" in first and "0.5670" in table
    del kept["verdict"]
    first, _table = model_card._metric_lines({"evaluation": kept})
    assert first.startswith("On 30 samples"), "an older report"
