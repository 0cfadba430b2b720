"""Which classes are predicted: by the highest score, or by a threshold."""

from __future__ import annotations

import numpy as np

from dlstudio.catalog.store import Catalog
from dlstudio.engine.heads.decisions import label_tensor, predicted_classes
from dlstudio.engine.heads.find_head import find_head_type
from dlstudio.engine.heads.threshold_curve import threshold_curve

NAMES = ("no", "yes")
SCORES = np.array([[0.9, 0.1], [0.65, 0.35], [0.5, 0.5], [0.2, 0.8]], np.float32)


def test_of_two_classes_the_threshold_decides() -> None:
    assert predicted_classes(SCORES).tolist() == [0, 0, 0, 1], "a tie is the first"
    assert predicted_classes(SCORES, 0.35).tolist() == [0, 1, 1, 1]
    three = np.array([[0.2, 0.5, 0.3]], np.float32)
    assert predicted_classes(three, 0.9).tolist() == [1], "the likeliest of several"


def test_the_graph_decides_as_the_head_does() -> None:
    catalog = Catalog.load()
    for kind, several in (("classification", False), ("multi_label", True)):
        head = find_head_type(f"dlstudio.heads.{kind}", catalog)
        for threshold in (0.35, 0.5, 0.81):
            fitted = {"names": NAMES, "threshold": threshold}
            made = label_tensor(SCORES, NAMES, threshold, several=several).numpy()
            answers = head.answers(SCORES, fitted)
            if several:
                labels = [[e.decode() for e in row if e] for row in made]
                assert labels == [each["labels"] for each in answers]
            else:
                labels = [each.decode() for each in made]
                assert labels == [each["label"] for each in answers]


def test_the_curve_counts_what_each_threshold_predicts() -> None:
    truth = np.array([0, 1, 0, 1])
    curve = threshold_curve(truth, SCORES, NAMES, 0.5)
    assert curve.positive == "yes" and len(curve.thresholds) == 99
    for threshold, counts in zip(curve.thresholds, curve.counts, strict=True):
        given = SCORES[:, 1] >= np.float32(threshold)
        yes = truth == 1
        wanted = [(given == a) & (yes == b) for b in (False, True) for a in (0, 1)]
        assert list(counts) == [int(each.sum()) for each in wanted]
    table = np.array([[0, 1], [1, 1], [0, 0], [0, 1]])
    several = threshold_curve(table, SCORES, NAMES, 0.5)
    assert several.positive == "" and sum(several.counts[0]) == 8
