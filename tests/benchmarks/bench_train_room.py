"""The Train room: its overhead, drawing of curves, time to stop.

Run: python tests/benchmarks/bench_train_room.py [--quick] [--json]

Throughput is that of whole epochs, after the first ones, read from the runs' records:
the window with the Train room and live curves, and `dlstudio train` in a subprocess,
alternating several times; the medians are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support"), str(HERE)]
STEPS = 1_000_000
EPOCHS, ROUNDS = 150, 5
WARM = 3
LIMITS = {
    "redraw_ms": 16,
    "bytes_per_step": 64,
    "stop_seconds": 1,
    "pause_seconds": 1,
    "stop_in_validation": 1.5,  # a call takes half a second
    "pause_in_validation": 1.5,
    "closing_seconds": 3,
    "slowdown": 1.03,
}
"""Limits in seconds unless noted; a slowdown is a factor."""


def until(ready: Callable[[], bool], seconds: float = 300, every: int = 5) -> None:
    """Process events until a condition holds, checked every few ms."""
    from PySide6.QtCore import QEventLoop, QTimer

    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise SystemExit("it has not come to pass")
        loop = QEventLoop()
        QTimer.singleShot(every, loop.quit)
        loop.exec()


def curves(steps: int) -> dict[str, float]:
    """Redraw with many steps while new ones arrive; memory per step."""
    import numpy as np
    from PySide6.QtWidgets import QApplication

    from dlstudio.ui.services.training.run_history import RunHistory
    from dlstudio.ui.theme.tokens import LIGHT_THEME
    from dlstudio.ui.train.charts import TrainingCharts

    charts = TrainingCharts(LIGHT_THEME)
    charts.resize(1000, 400)
    charts.show()
    history = RunHistory(steps_per_epoch=1000, epochs=steps // 1000)
    random = np.random.default_rng(0)
    x = np.arange(1, steps + 1) / 1000
    history.losses.extend(x, 2 / (1 + x) + random.normal(0, 0.1, steps))
    charts.show_run(history, 0.6)
    QApplication.processEvents()
    times, works = [], []
    for number in range(12):
        start = x[-1] + number * 0.05
        history.losses.extend(
            start + np.arange(1, 51) / 1000, random.normal(1, 0.1, 50)
        )
        began, worked = time.perf_counter(), time.process_time()
        charts.show_run(history, 0.6)
        charts.loss.widget.viewport().repaint()
        times.append(time.perf_counter() - began)
        works.append(time.process_time() - worked)
        QApplication.processEvents()
    smoothed = sum(each.nbytes for each in charts.smoothed())
    taken = sum(each.nbytes for each in history.curves()) + smoothed
    charts.close()
    charts.deleteLater()
    return {
        "redraw_ms": 1000 * statistics.median(times[2:]),
        "redraw_processor_ms": 1000 * statistics.median(works[2:]),
        "bytes_per_step": taken / len(history.losses),
    }


def epoch_seconds(folder: Path) -> float:
    """Median epoch of the newest run, without the first ones."""
    from dlstudio.document.events import EpochEnded
    from dlstudio.engine.runs.store import RunStore

    events = RunStore(folder).all()[-1].events()
    times = [e.seconds for e in events if isinstance(e, EpochEnded)]
    return statistics.median(times[min(WARM, len(times) - 1) :])


def by_command(folder: Path) -> float:
    """Train with the command line; returns the seconds per epoch."""
    command = [sys.executable, "-c", "from dlstudio.cli import main; main()"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [*command, "train", str(folder)],
        check=True,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return epoch_seconds(folder)


class Watched:
    """The window with the Train room."""

    def __init__(self, app: Any, folder: Path) -> None:
        from dlstudio.catalog.store import Catalog
        from dlstudio.settings import SettingsStore
        from dlstudio.ui.shell.core import Core
        from dlstudio.ui.shell.window import Window

        kept = folder.parent
        self.folder = folder
        self.core = Core.make(
            app, Catalog.load(), SettingsStore(kept / "settings"), kept / "recovery"
        )
        self.window = Window(self.core)
        self.window.resize(1440, 900)
        self.window.show()
        self.core.session.open(folder)
        self.window.shell.go("train")
        self.room: Any = self.window.shell.room()

    def train(self) -> float:
        """Train with a click; returns the seconds per epoch."""
        self.room.start.click()
        until(lambda: self.room.trainings.state != "idle")
        until(lambda: self.room.trainings.state == "idle", every=100)
        return epoch_seconds(self.folder)

    def begin(self) -> None:
        """Start a long training, and wait until curves are updated."""
        from dlstudio.document.edits.project import SetPlan

        self.core.session.do(SetPlan("epochs", 10_000))
        self.core.session.save()
        self.room.start.click()
        until(lambda: len(self.room.view_state.history.losses) > 10)

    def stop_seconds(self) -> float:
        """Seconds from the click to the end of the work on the thread."""
        self.begin()
        began = time.perf_counter()
        self.room.stop.click()
        until(lambda: not self.room.trainings.busy)
        return time.perf_counter() - began

    def pause_seconds(self) -> float:
        """Seconds from the click until it is paused with a checkpoint; then stop it."""
        self.begin()
        began = time.perf_counter()
        self.room.pause.click()
        until(lambda: self.room.view_state.history.paused)
        passed = time.perf_counter() - began
        self.room.stop.click()
        until(lambda: not self.room.trainings.busy)
        return passed

    def in_validation(self, stop: Callable[[], float]) -> float:
        """The same during a validation that takes half a second per call."""
        from dlstudio.engine.training.stepper import Stepper

        usual = Stepper.test

        def slowly(stepper: Any, *given: Any) -> Any:
            time.sleep(0.5)
            return usual(stepper, *given)

        Stepper.test = slowly  # type: ignore[method-assign]
        try:
            return stop()
        finally:
            Stepper.test = usual  # type: ignore[method-assign]

    def closing_seconds(self) -> float:
        """Seconds from “Stop and quit” to the end of all threads, with a checkpoint."""
        from PySide6.QtWidgets import QMessageBox

        self.begin()
        self.window.close()
        (box,) = self.window.findChildren(QMessageBox)
        (quit,) = (b for b in box.buttons() if b.text() == "Stop and quit")
        began = time.perf_counter()
        quit.click()
        until(lambda: self.window.is_closed)
        passed = time.perf_counter() - began
        self.window.deleteLater()
        return passed


def project(epochs: int) -> Any:
    """A small convolutional network on the digits."""
    from digits_world import digits_project

    from dlstudio.document.graph import INPUT, Graph, node

    graph = Graph.chain(
        [
            node("input", INPUT, shape=(8, 8, 1)),
            node("scale", "keras.layers.Rescaling", scale=1 / 255),
            node("conv", "keras.layers.Conv2D", filters=32, kernel_size=3),
            node("flatten", "keras.layers.Flatten"),
            node("head", "keras.layers.Dense", units=10, activation="softmax"),
        ]
    )
    made = digits_project().with_graph("model", graph)
    return replace(made, plan=replace(made.plan, epochs=epochs, batch_size=32))


def measure(quick: bool) -> dict[str, float]:
    """Measure everything."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from dlstudio.workers import qt  # before any other import of Qt

    assert qt.QT_VERSION
    from PySide6.QtWidgets import QApplication

    from dlstudio.document.storage import save_project

    app = QApplication.instance() or QApplication([])
    found = curves(20_000 if quick else STEPS)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "digits"
        save_project(project(2 if quick else EPOCHS), folder)
        watched = Watched(app, folder)
        shown, alone = [], []
        for _round in range(1 if quick else ROUNDS):
            shown.append(watched.train())
            if not quick:
                alone.append(by_command(folder))
        found["stop_seconds"] = watched.stop_seconds()
        found["pause_seconds"] = watched.pause_seconds()
        for name, way in (
            ("stop_in_validation", watched.stop_seconds),
            ("pause_in_validation", watched.pause_seconds),
        ):
            found[name] = watched.in_validation(way)
        found["closing_seconds"] = watched.closing_seconds()
    found["epoch_seconds_watched"] = statistics.median(shown)
    if alone:
        found["epoch_seconds_alone"] = statistics.median(alone)
        found["slowdown"] = statistics.median(shown) / statistics.median(alone)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Print the results; returns 1 if a limit is exceeded (never with --quick)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few steps, no comparison")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    from machine import describe

    found = measure(options.quick)
    if options.json:
        print(json.dumps(found))
        return 0
    print(f"{describe()}\n")
    for name, value in found.items():
        limit = f"<= {LIMITS[name]}" if name in LIMITS else ""
        print(f"{name:>24} {value:10.3f}   {limit}")
    kept = all(found[name] <= limit for name, limit in LIMITS.items() if name in found)
    return 0 if kept or options.quick else 1


if __name__ == "__main__":
    sys.exit(main())
