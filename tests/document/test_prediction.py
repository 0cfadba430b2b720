"""Predictions as JSON: a class as ever, and every answer by the name of its output."""

from __future__ import annotations

from dlstudio.document.prediction import Answer, Prediction

CLASS: Answer = {"label": "a", "score": 0.8, "scores": {"a": 0.8, "b": 0.2}}
TAGS: Answer = {**CLASS, "labels": ["a"]}
NUMBER: Answer = {"value": 12.5}


def test_a_class_stands_at_the_top_as_well() -> None:
    made = Prediction.of("x.png", {"label": CLASS})
    plain = {"input": "x.png", **CLASS, "outputs": {"label": CLASS}}
    assert made.to_json() == plain
    assert (made.title, made.ranked[0], made.labels) == ("a", ("a", 0.8), None)
    assert made.outputs == {"label": CLASS}


def test_several_labels_stand_in_the_order_of_before() -> None:
    made = Prediction.of("x.png", {"label": TAGS}).to_json()
    assert list(made) == ["input", "label", "labels", "score", "scores", "outputs"]
    assert made["labels"] == ["a"]


def test_a_number_stands_under_its_name() -> None:
    made = Prediction.of("3", {"price": NUMBER})
    assert made.to_json() == {"input": "3", "outputs": {"price": NUMBER}}
    assert made.title == ""


def test_several_outputs_stand_beside_the_first_class() -> None:
    outputs = {"label": CLASS, "price": NUMBER}
    made = Prediction.of("3", outputs).to_json()
    assert made == {"input": "3", **CLASS, "outputs": outputs}


def test_an_error_is_all_that_is_said() -> None:
    assert Prediction("x", error="broken").to_json() == {
        "input": "x",
        "error": "broken",
    }
