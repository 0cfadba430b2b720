"""Predictions as CSV. No Qt."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from dlstudio.workers.image_prediction import ImagePrediction


def predictions_csv(predictions: Sequence[ImagePrediction]) -> str:
    """All predictions as CSV: input, run, label, score, error, one column per class."""
    # In order of first appearance; predictions of several runs may be mixed.
    names = list(
        dict.fromkeys(
            name for each in predictions for name in sorted(each.answer.scores)
        )
    )
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["input", "run", "label", "score", "error", *names])
    for each in predictions:
        answer = each.answer
        scores = answer.scores
        best = f"{answer.score:.6f}" if scores else ""
        cells = [f"{scores[name]:.6f}" if name in scores else "" for name in names]
        start = [answer.input, each.run, answer.title, best, answer.error]
        writer.writerow([*start, *cells])
    return stream.getvalue()
