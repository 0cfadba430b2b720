"""Reports about columns in a run's folder. Needs no TensorFlow."""

from __future__ import annotations

import json

from dlstudio.document.column_report import ColumnReport
from dlstudio.engine.runs.run import Run
from dlstudio.errors import UserError
from dlstudio.json_file import read_json
from dlstudio.paths import write_text

COLUMN_REPORTS = "column_reports.json"
MOST = 200
"""Reports of a run that are kept, the newest ones."""


def kept_column_reports(run: Run, fingerprint: str = "") -> tuple[ColumnReport, ...]:
    """The reports that were computed for a run, in their order.

    Args:
        run: The run; as it is trained further, its reports are removed.
        fingerprint: Of the data that reports are wanted of; "" for all.

    Returns:
        Without those that another version wrote in another form.
    """
    try:
        data = read_json(run.folder / COLUMN_REPORTS)
    except UserError:
        return ()
    items = data.get("reports") if isinstance(data, dict) else None
    found = []
    for item in items if isinstance(items, list) else ():
        try:
            report = ColumnReport.from_json(item)
        except (AttributeError, KeyError, TypeError, ValueError):
            continue
        if fingerprint in ("", report.fingerprint):
            found.append(report)
    return tuple(found)


def keep_column_report(run: Run, report: ColumnReport) -> None:
    """Keep a report with its run, instead of an older one of the same.

    Args:
        run: One whose training has ended; of another nothing is kept.
        report: As it was computed.

    Raises:
        UserError: It cannot be written.
    """
    if run.model_path is None:
        return
    others = [
        each for each in kept_column_reports(run) if each.subject != report.subject
    ]
    kept = [each.to_json() for each in (*others, report)][-MOST:]
    text = json.dumps({"reports": kept}, ensure_ascii=False, indent=1)
    path = run.folder / COLUMN_REPORTS
    write_text(path, text + "\n", below=run.project_folder)
