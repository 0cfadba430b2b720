"""Metrics of runs for lists: best values, time, and the comparison metric."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dlstudio import paths
from dlstudio.catalog.store import Catalog
from dlstudio.document.plan_metrics import LOSS, reported_metrics
from dlstudio.document.run_metrics import (
    BestValue,
    best_of,
    metric_to_compare,
    should_rise,
)
from dlstudio.document.values import FrozenMap
from dlstudio.engine.runs.run import EVENTS, RECORD, Run
from dlstudio.engine.runs.summary import RunSummary, summarize
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import read_json

VIEW = "view.json"
"""File in the folder of runs: how their list is shown."""
LARGEST_VIEW = 2**16


@dataclass(frozen=True, slots=True)
class RunMetrics:
    """The metrics of one run.

    Attributes:
        best: The best value of each metric.
        falling: Names, without "val_", of the metrics to minimize.
        elapsed: Seconds from the first event to the last; see `RunRecord`.
    """

    best: FrozenMap[str, BestValue]
    falling: frozenset[str]
    elapsed: float


Known = dict[Path, tuple[tuple[int, int], RunMetrics]]
"""Metrics by the run's folder, with modification times of the files read."""


class RunMetricsReader:
    """Reads metrics of runs; those of an older dlstudio from their events.

    Args:
        known: Cache of metrics by the run's folder; updated here.
        load: Loads the catalog, which has the direction of an older run's metrics.
    """

    def __init__(
        self, known: Known | None = None, load: Callable[[], Catalog] = Catalog.load
    ) -> None:
        self._known: Known = {} if known is None else known
        self._load = load
        self._catalog: Catalog | None = None

    def read(self, run: Run) -> RunMetrics:
        """The metrics of a run from its record and its events."""
        stamp = (_stamp(run.folder / RECORD), _stamp(run.folder / EVENTS))
        before = self._known.get(run.folder)
        if before is None or before[0] != stamp:
            before = self._known[run.folder] = (stamp, self._read(run))
        return before[1]

    def of_record(self, run: Run) -> RunMetrics:
        """The metrics from the record alone, for callers that read the events too."""
        best = FrozenMap(_of_record(run))
        return RunMetrics(best, self.falling(run), run.record.elapsed)

    def _read(self, run: Run) -> RunMetrics:
        record = run.record
        falling = self.falling(run)
        if record.best_values:
            best = {
                name: BestValue(float(each["value"]), int(each["epoch"]))
                for name, each in record.best_values.items()
            }
            return RunMetrics(FrozenMap(best), falling, record.elapsed)
        try:
            summary = summarize(run.folder / EVENTS)
        except UserError:
            summary = RunSummary()
        found = summary.best_values(falling) or _of_record(run)
        elapsed = record.elapsed or summary.elapsed or record.seconds
        return RunMetrics(FrozenMap(found), falling, elapsed)

    def falling(self, run: Run) -> frozenset[str]:
        """Names, without "val_", of the metrics of a run to minimize."""
        if run.record.smaller_is_better:
            return frozenset(run.record.smaller_is_better)
        try:
            project = run.project()
        except UserError:
            return frozenset((LOSS,))
        if self._catalog is None:
            self._catalog = self._load()
        found = reported_metrics(project, self._catalog)
        return frozenset(m.name for m in found if not m.larger_is_better)


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _of_record(run: Run) -> dict[str, BestValue]:
    """Without its events: the record's best epoch, else the last one."""
    record = run.record
    best = record.best.get("metrics")
    runs_metrics: Mapping[str, float] = best or record.metrics
    epoch = int(record.best.get("epoch", 0)) if best else record.epochs
    return {
        name: BestValue(float(value), epoch)
        for name, value in runs_metrics.items()
        if math.isfinite(value)
    }


def read_metric(project: Path) -> str:
    """The metric chosen for the list of runs; "" if none was chosen."""
    try:
        item = read_json(project / "runs" / VIEW, LARGEST_VIEW)
    except UserError:
        return ""
    chosen = item.get("metric") if isinstance(item, dict) else None
    return chosen if isinstance(chosen, str) else ""


def save_metric(project: Path, metric: str) -> None:
    """Save the choice in the project.

    Args:
        metric: Name of the metric; "" for the default.

    Raises:
        UserError: It cannot be written.
    """
    text = json.dumps({"metric": metric}) + "\n"
    paths.write_text(project / "runs" / VIEW, text, below=project)


def known_metrics(runs_metrics: Iterable[RunMetrics]) -> tuple[str, ...]:
    """Names of the metrics of some runs, each once."""
    return tuple(dict.fromkeys(name for each in runs_metrics for name in each.best))


def metric_of(project: Path, runs_metrics: Iterable[RunMetrics]) -> str:
    """The metric that a project's runs are compared by; "" if there is none."""
    return metric_to_compare(read_metric(project), known_metrics(runs_metrics))


def best_run_value(runs_metrics: Iterable[RunMetrics], metric: str) -> BestValue | None:
    """The best value of a metric in several runs; None if no run has it."""
    having = [each for each in runs_metrics if metric in each.best]
    if not having:
        return None
    larger = should_rise(metric, having[-1].falling)
    return best_of((each.best[metric] for each in having), larger)


def check_metric(metric: str, runs_metrics: Iterable[RunMetrics]) -> None:
    """Check that some run has a metric of this name.

    Raises:
        UserError: No run has it; the hint lists the available metrics.
    """
    known = known_metrics(runs_metrics)
    if metric and metric not in known:
        raise UserError(
            _("No run has a metric called “{name}”.").format(name=metric),
            _("Available metrics: {names}.").format(names=", ".join(known))
            if known
            else "",
        )
