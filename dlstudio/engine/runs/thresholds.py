"""Thresholds that the user chose for a run's outputs. Needs no TensorFlow."""

from __future__ import annotations

import json
import math
from pathlib import Path

from dlstudio.document.image_sections import (
    AnomalyThreshold,
    threshold_of,
    with_threshold,
)
from dlstudio.engine.runs.evaluation_report import read_report, write_report
from dlstudio.errors import UserError
from dlstudio.json_file import read_json
from dlstudio.paths import write_text

THRESHOLDS = "thresholds.json"


def kept_thresholds(folder: Path) -> dict[str, float]:
    """The thresholds of a run, by what the outputs predict; empty if there are none.

    Args:
        folder: The run's.
    """
    try:
        data = read_json(folder / THRESHOLDS)
    except UserError:
        return {}
    found = data.get("thresholds") if isinstance(data, dict) else None
    if not isinstance(found, dict):
        return {}
    return {
        str(name): float(value)
        for name, value in found.items()
        if isinstance(value, (int, float)) and math.isfinite(value)
    }


def keep_threshold(folder: Path, output: str, value: float | None) -> None:
    """Keep a threshold with a run.

    Args:
        folder: The run's.
        output: What the output predicts.
        value: A probability, or an error above which a sample is an anomaly; None for
            the default.

    Raises:
        UserError: It cannot be written.
    """
    kept = kept_thresholds(folder)
    kept.pop(output, None)
    if value is not None:
        kept[output] = value
    text = json.dumps({"thresholds": kept}, ensure_ascii=False, indent=1)
    write_text(folder / THRESHOLDS, text + "\n", below=folder.parent.parent)
    _update_report(folder, output, value)


def _update_report(folder: Path, output: str, value: float | None) -> None:
    """Let a report on anomalies say which threshold is in effect.

    What another threshold means to classes is known once they are evaluated again.
    """
    report = read_report(folder)
    outputs = report.get("outputs") if report else None
    known = outputs.get(output) if isinstance(outputs, dict) else None
    sections = known.get("sections") if isinstance(known, dict) else None
    changed = with_threshold(sections, value) if isinstance(sections, dict) else None
    if report is not None and known is not None and changed is not None:
        known["sections"] = changed
        write_report(report, folder)


def anomaly_threshold_of(folder: Path, output: str) -> AnomalyThreshold | None:
    """The threshold of anomalies in effect: the user's, else that of the evaluation.

    Args:
        folder: The run's.
        output: What the output reconstructs.
    """
    found = threshold_of(read_report(folder))
    chosen = kept_thresholds(folder).get(output)
    return found.chosen(chosen) if found is not None else None
