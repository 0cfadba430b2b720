"""Metrics against hand-computed values and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from dlstudio.engine.heads import classification_metrics

CLASSES = ("cat", "dog", "owl", "fox")


def random_single(seed: int, samples: int = 200):
    rng = np.random.default_rng(seed)
    scores = rng.dirichlet(np.ones(4), samples).astype(np.float32)
    return rng.integers(0, 4, samples), scores


def random_multi(seed: int, samples: int = 200):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 2, (samples, 4)), rng.random((samples, 4), np.float32)


def test_by_hand():
    truth = np.array([0, 0, 1, 1])
    scores = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.3, 0.7]], np.float32)
    found = classification_metrics.single_label(truth, scores, ("no", "yes"))
    assert found["confusion_matrix"] == [[1, 1], [0, 2]]
    assert found["metrics"]["accuracy"] == 0.75
    assert found["per_class"]["yes"]["precision"] == pytest.approx(2 / 3)
    assert found["per_class"]["no"] == pytest.approx(
        {"precision": 1, "recall": 0.5, "f1": 2 / 3, "support": 2, "roc_auc": 1}
    )
    expected = -np.log([0.9, 0.4, 0.8, 0.7]).mean()
    assert found["metrics"]["log_loss"] == pytest.approx(expected, rel=1e-6)


def test_single_label_equals_scikit_learn():
    truth, scores = random_single(1)
    guess = scores.argmax(1)
    found = classification_metrics.single_label(truth, scores, CLASSES)
    report = sk.classification_report(
        truth, guess, target_names=CLASSES, output_dict=True
    )
    for name in CLASSES:
        for ours, theirs in (
            ("precision", "precision"),
            ("recall", "recall"),
            ("f1", "f1-score"),
            ("support", "support"),
        ):
            assert found["per_class"][name][ours] == pytest.approx(report[name][theirs])
    metrics = found["metrics"]
    assert metrics["accuracy"] == sk.accuracy_score(truth, guess)
    assert metrics["macro_f1"] == pytest.approx(report["macro avg"]["f1-score"])
    assert metrics["weighted_recall"] == pytest.approx(report["weighted avg"]["recall"])
    assert metrics["balanced_accuracy"] == pytest.approx(
        sk.balanced_accuracy_score(truth, guess)
    )
    assert metrics["top_3_accuracy"] == sk.top_k_accuracy_score(truth, scores, k=3)
    rows = scores.astype(float) / scores.astype(float).sum(1, keepdims=True)
    assert metrics["log_loss"] == pytest.approx(sk.log_loss(truth, rows))
    assert metrics["roc_auc"] == pytest.approx(
        sk.roc_auc_score(truth, rows, multi_class="ovr", average="macro")
    )
    matrix = sk.confusion_matrix(truth, guess)
    assert found["confusion_matrix"] == matrix.tolist()


def test_meaningless_top_k_is_excluded():
    truth, scores = random_single(2)
    metrics = classification_metrics.single_label(truth, scores, CLASSES)["metrics"]
    assert "top_3_accuracy" in metrics
    assert "top_5_accuracy" not in metrics


def test_absent_class_has_no_area_and_says_why():
    truth, scores = random_single(3)
    truth[truth == 2] = 0
    found = classification_metrics.single_label(truth, scores, CLASSES)
    assert found["per_class"]["owl"]["roc_auc"] is None
    assert "no sample" in found["per_class"]["owl"]["note"]
    assert found["per_class"]["owl"]["support"] == 0
    known = [found["per_class"][name]["roc_auc"] for name in ("cat", "dog", "fox")]
    assert found["metrics"]["roc_auc"] == pytest.approx(np.mean(known))
    assert np.shape(found["confusion_matrix"]) == (4, 4)


def test_one_class_alone_has_no_area_at_all():
    scores = np.full((5, 2), 0.5, np.float32)
    found = classification_metrics.single_label(np.zeros(5, int), scores, ("a", "b"))
    assert found["metrics"]["roc_auc"] is None
    assert "all samples" in found["per_class"]["a"]["note"]


def test_multi_label_equals_scikit_learn():
    truth, scores = random_multi(4)
    guess = (scores >= 0.5).astype(int)
    found = classification_metrics.multi_label(truth, scores, CLASSES)
    metrics = found["metrics"]
    assert metrics["subset_accuracy"] == sk.accuracy_score(truth, guess)
    assert metrics["hamming_loss"] == pytest.approx(sk.hamming_loss(truth, guess))
    for average in ("micro", "macro", "weighted"):
        assert metrics[f"{average}_f1"] == pytest.approx(
            sk.f1_score(truth, guess, average=average)
        )
    assert metrics["roc_auc"] == pytest.approx(sk.roc_auc_score(truth, scores))
    assert found["per_class"]["owl"]["roc_auc"] == pytest.approx(
        sk.roc_auc_score(truth[:, 2], scores[:, 2])
    )
    expected = sk.multilabel_confusion_matrix(truth, guess).tolist()
    assert found["confusion_matrix"] == expected


def test_multi_label_with_a_single_label():
    truth, scores = random_multi(5)
    found = classification_metrics.multi_label(truth[:, :1], scores[:, :1], ("cat",))
    guess = (scores[:, 0] >= 0.5).astype(int)
    assert found["per_class"]["cat"]["f1"] == pytest.approx(
        sk.f1_score(truth[:, 0], guess)
    )
    expected = sk.confusion_matrix(truth[:, 0], guess).tolist()
    assert found["confusion_matrix"] == [expected]


def test_calibration_by_hand():
    # Two bins of width 0.5: one confidence of 0.25, correct; two of 0.75, one correct.
    found = classification_metrics.reliability(
        np.array([0.25, 0.75, 0.75]), np.array([True, True, False]), bins=2
    )
    assert found["ece"] == pytest.approx((0.75 * 1 + 0.25 * 2) / 3)
    assert [each["count"] for each in found["bins"]] == [1, 2]
    assert found["bins"][1]["accuracy"] == 0.5


def test_empty_bins_say_nothing():
    found = classification_metrics.reliability(np.array([1.0]), np.array([True]))
    assert found["ece"] == 0
    assert found["bins"][0]["confidence"] is None
    assert found["bins"][-1]["count"] == 1


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_every_decision_is_in_one_bin(decisions):
    sure = np.array([each for each, _right in decisions])
    right = np.array([right for _sure, right in decisions])
    found = classification_metrics.reliability(sure, right)
    assert sum(each["count"] for each in found["bins"]) == len(decisions)
    assert 0 <= found["ece"] <= 1
    for each in found["bins"]:
        if each["count"]:
            assert each["low"] - 1e-9 <= each["confidence"] <= each["high"] + 1e-9
