"""The file of an evaluation in a run's folder. Needs no TensorFlow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dlstudio.document.evaluation import EvaluationReport
from dlstudio.errors import UserError
from dlstudio.json_file import read_json
from dlstudio.json_values import JsonObject
from dlstudio.paths import write_text

REPORT = "report.json"


def save_report(report: EvaluationReport, folder: Path) -> Path:
    """Write the report into a run's folder, atomically."""
    return write_report(report.to_json(), folder)


def write_report(report: JsonObject, folder: Path) -> Path:
    """The same of a report that is plain JSON already."""
    path = folder / REPORT
    project = folder.parent.parent
    write_text(path, json.dumps(report, indent=1) + "\n", below=project)
    return path


def read_report(folder: Path) -> dict[str, Any] | None:
    """Read the report from a run's folder; None if there is none."""
    try:
        found = read_json(folder / REPORT)
    except UserError:
        return None
    return found if isinstance(found, dict) else None
