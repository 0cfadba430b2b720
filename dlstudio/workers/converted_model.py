"""The job that reads a converted model to be viewed."""

from __future__ import annotations

from pathlib import Path

from dlstudio.document.viewed_model import ViewedModel
from dlstudio.workers.jobs import Cancelled, JobContext


def view_converted(context: JobContext, path: Path) -> ViewedModel:
    """Read the layers of a converted model; nothing of it is run.

    Args:
        context: Asked whether to stop.
        path: `.tflite` or `.onnx`.

    Raises:
        UserError: The file cannot be read.
        Cancelled: The job was cancelled.
    """
    from dlstudio.engine.converted_models.view import view_model

    found = view_model(path)
    if context.should_stop():
        raise Cancelled
    return found
