"""Errors of reconstructed images as CSV. No Qt."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from dlstudio.workers.image_prediction import ImagePrediction

COLUMNS = ("input", "run", "reconstruction_error", "threshold", "anomaly", "error")


def error_of(prediction: ImagePrediction) -> float | None:
    """The mean squared error of an image; None if it is unreadable."""
    return _of_answer(prediction, "error")


def threshold_of(prediction: ImagePrediction) -> float | None:
    """The threshold of the model that made a prediction; None if it has none."""
    return _of_answer(prediction, "threshold")


def reconstructions_csv(
    predictions: Sequence[ImagePrediction], threshold: float | None
) -> str:
    """All predictions as CSV, see `COLUMNS`; "error" says why an image is unreadable.

    Args:
        predictions: In the order of the rows.
        threshold: Error above which an image is an anomaly; None if there is none.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in predictions:
        error = error_of(each)
        anomaly = None
        if error is not None and threshold is not None:
            anomaly = error > threshold
        writer.writerow(
            [
                each.answer.input,
                each.run,
                "" if error is None else repr(error),
                "" if threshold is None else repr(threshold),
                "" if anomaly is None else str(anomaly).lower(),
                each.answer.error,
            ]
        )
    return stream.getvalue()


def _of_answer(prediction: ImagePrediction, name: str) -> float | None:
    for answer in prediction.answer.outputs.values():
        found = answer.get(name)
        return None if found is None else float(found)
    return None
