"""Evaluation on prepared samples, with a model whose predictions are known."""

from __future__ import annotations

import json
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from dlstudio.data.images.spec import ImageSpec
from dlstudio.engine.evaluation.evaluate_image_classes import evaluate
from dlstudio.engine.evaluation.held_out import held_out
from dlstudio.engine.heads.classification import CLASSIFICATION as SINGLE
from dlstudio.engine.heads.multi_label import MULTI_LABEL as TAGGING
from dlstudio.engine.prediction.image_classifier import TrainedModel
from dlstudio.engine.prediction.model_origin import ModelFacts
from dlstudio.engine.runs.evaluation_report import read_report, save_report
from dlstudio.engine.runtime.stop_token import Stopped, StopSource
from dlstudio.errors import UserError

COLORS = ("red", "green", "blue")


def color_model(activation: str):
    """A model that predicts how red, green and blue an image is."""
    inputs = keras.Input((4, 4, 3))
    values = keras.layers.Rescaling(1 / 255)(inputs)
    means = keras.layers.GlobalAveragePooling2D()(values)
    model = keras.Model(inputs, keras.layers.Dense(3, activation)(means))
    model.layers[-1].set_weights([10 * np.eye(3), np.full(3, -5.0)])
    return model


def trained_on_colors(head_type=SINGLE, activation="softmax") -> TrainedModel:
    model = color_model(activation)
    spec = ImageSpec(4, 4, 3)
    facts = ModelFacts(run="r1")
    return TrainedModel(model, COLORS, spec, head_type, from_logits=False, facts=facts)


def prepared(colors, labels, classes=COLORS, **splits) -> SimpleNamespace:
    images = np.zeros((len(colors), 4, 4, 3), np.uint8)
    images[:] = np.array(colors, np.uint8)[:, None, None, :]
    return SimpleNamespace(
        rows={"image": images},
        labels=np.array(labels, np.int32),
        classes=tuple(classes),
        ids=[f"{number}.png" for number in range(len(colors))],
        splits={k: np.array(v, np.int64) for k, v in splits.items()},
        fingerprint="f1",
        has_several_labels=np.ndim(labels) == 2,
    )


RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def test_evaluates_only_the_requested_split():
    data = prepared([RED, GREEN, BLUE, RED], [0, 1, 2, 1], test=[0, 3], train=[1, 2])
    report = evaluate(trained_on_colors(), data)
    assert report.samples == 2
    assert report.metrics["accuracy"] == 0.5
    assert report.confusion_matrix == [[1, 0, 0], [1, 0, 0], [0, 0, 0]]
    assert evaluate(trained_on_colors(), data, "train").metrics["accuracy"] == 1


def test_report_is_strict_json_with_what_others_rely_on(tmp_path):
    data = prepared([RED, GREEN], [0, 0], test=[0, 1])
    report = evaluate(trained_on_colors(), data)
    text = save_report(report, tmp_path).read_text("utf-8")

    def refuse(name):
        raise AssertionError(f"{name} is no JSON")

    found = json.loads(text, parse_constant=refuse)
    assert found["run"] == "r1"
    assert found["split"] == "test"
    assert found["samples"] == 2
    assert found["classes"] == list(COLORS)
    assert found["metrics"]["accuracy"] == 0.5
    assert found["metrics"]["roc_auc"] is None
    assert found["confusion_matrix"] == [[1, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert found["per_class"]["red"]["recall"] == 0.5
    assert read_report(tmp_path) == found


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000])
def test_damaged_report_counts_as_none(tmp_path, text):
    assert read_report(tmp_path) is None
    (tmp_path / "report.json").write_text(text)
    assert read_report(tmp_path) is None


def test_worst_mistake_comes_first_with_its_file():
    almost = (120, 130, 0)
    data = prepared([almost, RED, GREEN, BLUE], [0, 0, 0, 2], test=[0, 1, 2, 3])
    mistakes = evaluate(trained_on_colors(), data).mistakes
    assert [each["input"] for each in mistakes] == ["2.png", "0.png"]
    assert mistakes[0]["truth"] == "red"
    assert mistakes[0]["label"] == "green"
    assert mistakes[0]["score"] > 0.99 > 0.01 > mistakes[0]["truth_score"]
    assert len(evaluate(trained_on_colors(), data, worst=1).mistakes) == 1


def test_other_data_is_matched_by_class_name():
    data = prepared([BLUE, RED], [0, 1], classes=("blue", "red"))
    report = evaluate(trained_on_colors(), data, "all")
    assert report.metrics["accuracy"] == 1
    assert report.confusion_matrix == [[1, 0, 0], [0, 0, 0], [0, 0, 1]]


def test_unknown_class_is_named():
    data = prepared([BLUE], [0], classes=("violet",))
    with pytest.raises(UserError, match="violet") as caught:
        evaluate(trained_on_colors(), data, "all")
    assert "red" in caught.value.hint


def test_several_labels_do_not_fit_a_model_of_one():
    data = prepared([BLUE], [[0, 0, 1]])
    with pytest.raises(UserError, match="several labels"):
        evaluate(trained_on_colors(), data, "all")


def test_tagging_has_metrics_for_each_label():
    data = prepared([(255, 255, 0), BLUE], [[1, 1, 0], [1, 0, 1]], test=[0, 1])
    report = evaluate(trained_on_colors(TAGGING, "sigmoid"), data)
    assert report.metrics["subset_accuracy"] == 0.5
    assert report.metrics["hamming_loss"] == pytest.approx(1 / 6)
    assert report.per_class["red"]["recall"] == 0.5
    (mistake,) = report.mistakes
    assert mistake["input"] == "1.png"
    assert mistake["truth"] == ["red", "blue"]
    assert mistake["label"] == ["blue"]
    json.dumps(report.to_json(), allow_nan=False)


def test_tagging_takes_data_of_one_label_each():
    data = prepared([RED, BLUE], [1, 0], classes=("blue", "red"))
    report = evaluate(trained_on_colors(TAGGING, "sigmoid"), data, "all")
    assert report.metrics["subset_accuracy"] == 1


def test_empty_split_is_reported():
    data = prepared([RED], [0], train=[0])
    with pytest.raises(UserError, match="test"):
        evaluate(trained_on_colors(), data)
    with pytest.raises(UserError, match="held out"):
        held_out(data)


def test_held_out_prefers_test():
    assert held_out(prepared([RED], [0], test=[0], validation=[0])) == "test"
    assert held_out(prepared([RED], [0], test=[], validation=[0])) == "validation"


def test_progress_and_stop():
    data = prepared([RED] * 5, [0] * 5, test=range(5))
    seen = []
    evaluate(
        trained_on_colors(), data, batch=2, progress=lambda *done: seen.append(done)
    )
    assert seen == [(2, 5), (4, 5), (5, 5)]
    source = StopSource()
    source.stop()
    with pytest.raises(Stopped):
        evaluate(trained_on_colors(), data, stop=source.token)


def test_nan_scores_are_reported():
    trained = trained_on_colors()
    trained.model.layers[-1].set_weights([np.full((3, 3), np.nan), np.zeros(3)])
    with pytest.raises(UserError, match="not numbers"):
        evaluate(trained, prepared([RED], [0], test=[0]))
