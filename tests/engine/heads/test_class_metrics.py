"""Training metrics agree with scikit-learn, for any batches."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
import pytest
from sklearn import metrics as sk

from dlstudio.catalog.store import Catalog
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.heads.bound_metric import BoundMetric
from dlstudio.engine.heads.classification import CLASSIFICATION
from dlstudio.engine.heads.multi_label import MULTI_LABEL
from dlstudio.engine.heads.output_head import OutputHead
from dlstudio.errors import UserError

CATALOG = Catalog.load()
MACRO = {"average": "macro", "zero_division": 0}
RANDOM = np.random.default_rng(0)
LABELS = RANDOM.integers(0, 4, 90).astype(np.int32)
LABELS[LABELS == 3] = 0  # a class that never occurs
LOGITS = RANDOM.normal(size=(90, 4)).astype(np.float32)
SCORES = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)


def measures(head: OutputHead, *names: str) -> list[BoundMetric]:
    kinds = [n if "." in n else f"dlstudio.metrics.{n}" for n in names]
    return [measure(head, Spec(kind)) for kind in kinds]


def measure(head: OutputHead, spec: Spec) -> BoundMetric:
    head_type = MULTI_LABEL if head.multi_label else CLASSIFICATION
    loss = Spec("", FrozenMap({"from_logits": head.from_logits}))
    fitted = {"names": [str(number) for number in range(head.classes)]}
    assert head_type.output(loss, head.units, fitted) == head
    return head_type.metric(spec, loss, head.units, fitted, CATALOG)


def figures(
    made: Sequence[BoundMetric],
    labels: np.ndarray,
    answers: np.ndarray,
    batch: int = 32,
) -> dict[str, float]:
    for start in range(0, len(labels), batch):
        piece = slice(start, start + batch)
        for each in made:
            each.metric.update_state(each.targets(labels[piece]), answers[piece])
    return {m.metric.name: float(m.metric.result()) for m in made}


def test_metrics_are_those_of_keras() -> None:
    made = measures(
        OutputHead(4, 4), "accuracy", "top_k", "precision", "recall", "f1", "auc"
    )
    assert all(isinstance(each.metric, keras.metrics.Metric) for each in made)
    accuracy = made[0].metric
    accuracy.update_state(LABELS, SCORES)
    assert [float(each.value) for each in accuracy.variables][1] == len(LABELS)
    accuracy.reset_state()
    assert [float(each.value) for each in accuracy.variables] == [0, 0]


@pytest.mark.parametrize("from_logits", [False, True])
def test_several_classes(from_logits: bool) -> None:
    head = OutputHead(4, 4, from_logits=from_logits)
    made = measures(head, "accuracy", "top_k", "precision", "recall", "f1", "auc")
    found = figures(made, LABELS, LOGITS if from_logits else SCORES)
    guess = SCORES.argmax(axis=1)
    every = {"labels": range(4), **MACRO}
    areas = [sk.roc_auc_score(n == LABELS, SCORES[:, n]) for n in range(3)]
    assert found == pytest.approx(
        {
            "accuracy": sk.accuracy_score(LABELS, guess),
            "top_3_accuracy": sk.top_k_accuracy_score(
                LABELS, SCORES, k=3, labels=range(4)
            ),
            "precision": sk.precision_score(LABELS, guess, **every),
            "recall": sk.recall_score(LABELS, guess, **every),
            "f1": sk.f1_score(LABELS, guess, **every),
            # Keras counts at 200 thresholds, and an empty class as zero.
            "auc": pytest.approx(sum(areas) / 4, abs=0.01),
        },
        abs=1e-6,
    )


@pytest.mark.parametrize("from_logits", [False, True])
def test_one_unit_for_two_classes(from_logits: bool) -> None:
    labels = (LABELS > 0).astype(np.int32)
    logits = LOGITS[:, :1]
    head = OutputHead(2, 1, from_logits=from_logits)
    made = measures(head, "accuracy", "precision", "recall", "f1", "auc")
    scores = 1 / (1 + np.exp(-logits))
    found = figures(made, labels, logits if from_logits else scores)
    guess = (logits[:, 0] > 0).astype(int)
    assert found == pytest.approx(
        {
            "accuracy": sk.accuracy_score(labels, guess),
            "precision": sk.precision_score(labels, guess, **MACRO),
            "recall": sk.recall_score(labels, guess, **MACRO),
            "f1": sk.f1_score(labels, guess, **MACRO),
            "auc": pytest.approx(sk.roc_auc_score(labels, logits[:, 0]), abs=0.01),
        },
        abs=1e-6,
    )


def test_several_labels() -> None:
    labels = (RANDOM.random((90, 4)) < 0.4).astype(np.uint8)
    scores = RANDOM.random((90, 4)).astype(np.float32)
    head = OutputHead(4, 4, multi_label=True)
    made = measures(head, "accuracy", "precision", "recall", "f1", "auc")
    guess = scores > 0.5
    assert figures(made, labels, scores) == pytest.approx(
        {
            "accuracy": (guess == labels).mean(),
            "precision": sk.precision_score(labels, guess, **MACRO),
            "recall": sk.recall_score(labels, guess, **MACRO),
            "f1": sk.f1_score(labels, guess, **MACRO),
            "auc": pytest.approx(
                sk.roc_auc_score(labels, scores, average="macro"), abs=0.01
            ),
        },
        abs=1e-6,
    )


def test_forgetting_begins_anew() -> None:
    made = measures(OutputHead(4, 4), "accuracy", "f1", "auc")
    first = figures(made, LABELS, SCORES)
    for each in made:
        each.metric.reset_state()
    assert figures(made, LABELS, SCORES, batch=7) == pytest.approx(first, abs=1e-6)


def test_keras_metrics_get_the_labels_they_take() -> None:
    made = measures(
        OutputHead(4, 4),
        "keras.metrics.SparseCategoricalAccuracy",
        "keras.metrics.CategoricalAccuracy",
        "keras.metrics.SparseCategoricalCrossentropy",
        "keras.metrics.CategoricalCrossentropy",
    )
    sparse, dense, low, high = figures(made, LABELS, SCORES).values()
    assert sparse == dense == pytest.approx((SCORES.argmax(1) == LABELS).mean())
    assert low == pytest.approx(high)


def test_k_can_be_chosen() -> None:
    spec = Spec("dlstudio.metrics.top_k", FrozenMap({"k": 2}))
    made = measure(OutputHead(4, 4), spec)
    found = figures([made], LABELS, SCORES)
    expected = sk.top_k_accuracy_score(LABELS, SCORES, k=2, labels=range(4))
    assert found == {"top_2_accuracy": pytest.approx(expected)}


@pytest.mark.parametrize("head", [OutputHead(2, 1), OutputHead(4, 4, multi_label=True)])
def test_top_k_does_not_fit_every_head(head: OutputHead) -> None:
    with pytest.raises(UserError, match=r"(?i)top.k"):
        measures(head, "top_k")


@pytest.mark.parametrize("head", [OutputHead(4, 4), OutputHead(4, 4, multi_label=True)])
def test_all_metrics_of_a_head_can_be_made(head: OutputHead) -> None:
    kinds = (MULTI_LABEL if head.multi_label else CLASSIFICATION).metrics
    assert len(measures(head, *kinds)) == len(kinds)
