"""Verdicts on all outputs of a run, each with what to try next."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

from feature_world import flat_model

from dlstudio.catalog.store import Catalog
from dlstudio.document.storage import project_to_json
from dlstudio.document.values import FrozenMap
from dlstudio.document.verdict import NOTHING, BaselineComparison, Cause, Verdict
from dlstudio.engine.runs.store import RunStore
from dlstudio.workers.jobs import JobContext
from dlstudio.workers.run_verdict import read_verdict


def verdict(code: str) -> dict[str, object]:
    compared = BaselineComparison(
        "mae", 2.0, 1.0, ("3",), 1.5, 2.5, 0.9, samples=40, split="test"
    )
    cause = Cause(code, FrozenMap({"names": ("a",)}))
    return Verdict(NOTHING, compared, (cause,), "rows").to_json()


def test_each_output_has_its_own_suggestions(tmp_path: Path) -> None:
    project = flat_model().project
    run = RunStore(tmp_path).create(project_to_json(project))
    empty = {"metrics": {}, "baseline": {}}
    outputs = {
        "sold": {**empty, "sections": {}},
        "price": {**empty, "sections": {"verdict": verdict("never_predicted")}},
    }
    report = {"verdict": verdict("little_data"), "outputs": outputs}
    (run.folder / "report.json").write_text(json.dumps(report), "utf-8")
    catalog, context = Catalog.load(), cast("JobContext", None)  # it is not used
    found = read_verdict(context, catalog, tmp_path, run.id, project)
    assert "Add more rows" in {each.label for each in found.suggestions}
    assert set(found.others) == {"price"}
    (other,) = found.others["price"].suggestions
    assert other.label == "Look at the rows of “a”"
