"""Responsiveness of the window while TensorFlow loads and a large model is built.

    python tests/benchmarks/bench_window.py [--json]

Lateness: how much later than requested a 5 ms timer of the window's thread fires while
TensorFlow is imported and a ResNet50 is built on the engine's thread. Startup time is
measured by `bench_startup.py`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent)]

from bench_startup import surroundings
from comparison import process, reported
from machine import describe

LIMIT_P99, LIMIT_MAX = 50.0, 300.0

LIVELY = """
import json, sys, time
import dlstudio.workers.qt
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from dlstudio.app import open_window
STEP = 0.005
late, begun = {"import": [], "resnet50": []}, {}
phase, due = "import", None
def tick():
    global due
    now = time.perf_counter()
    if due is not None:
        late[phase].append(max(0.0, now - due))
    due = now + STEP
def build(_context, _analyser):
    from dlstudio.workers.quiet_import import quiet_import
    import keras
    with quiet_import():
        return len(keras.applications.ResNet50(weights=None).layers)
def state(name):
    global phase
    if name == "ready":
        begun["import"] = time.perf_counter() - start
        phase = "resnet50"
        began = time.perf_counter()
        def built(_outcome):
            begun["resnet50"] = time.perf_counter() - began
            QTimer.singleShot(200, finish)
        window.core.engine.engine_job(build).on_end(built).start()
def finish():
    print(json.dumps({"late": late, "seconds": begun}), flush=True)
    window.close()
    app.quit()
app = QApplication([])
window = open_window(app)
start = time.perf_counter()
window.core.engine.state_changed.connect(state)
timer = QTimer(app, interval=int(STEP * 1000), timerType=Qt.TimerType.PreciseTimer)
timer.timeout.connect(tick)
timer.start()
app.exec()
"""


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns 1 if a limit is exceeded."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="dlstudio-bench-") as home:
        # TensorFlow's byte code is compiled in its installation folder.
        environment = {
            name: value
            for name, value in surroundings(Path(home)).items()
            if name != "PYTHONPYCACHEPREFIX"
        }
        found = lateness(environment)
    if given.json:
        print(json.dumps(found))
    else:
        print(f"{describe()}\n")
        show(found)
    return 0 if all(row["kept"] for row in found.values()) else 1


def lateness(environment: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Lateness of the window's timer while the engine works, in milliseconds."""
    found = reported(process(["-c", LIVELY], environment)[1])
    rows = {}
    for phase, values in found["late"].items():
        late = sorted(1000 * value for value in values)
        p50, p99 = quantile(late, 0.5), quantile(late, 0.99)
        rows[phase] = {
            "seconds": found["seconds"][phase],
            "p50_ms": p50,
            "p99_ms": p99,
            "max_ms": late[-1],
            "kept": p99 <= LIMIT_P99 and late[-1] <= LIMIT_MAX,
        }
    return rows


def show(rows: dict[str, dict[str, Any]]) -> None:
    """The table."""
    head = "".join(f" {name:>8}" for name in ("p50", "p99", "max"))
    print(f"{'lateness of the event loop':26} {'took':>7}{head}")
    for phase, row in rows.items():
        times = "".join(
            f" {row[name]:6.1f}ms" for name in ("p50_ms", "p99_ms", "max_ms")
        )
        mark = "kept" if row["kept"] else "NOT KEPT"
        print(f"{phase:26} {row['seconds']:6.1f}s{times}  {mark}")
    print(f"{'limit':34} {'':8} {LIMIT_P99:6.1f}ms {LIMIT_MAX:6.1f}ms")


def quantile(values: list[float], share: float) -> float:
    """The value below which `share` of the sorted values lie."""
    return values[min(len(values) - 1, int(share * len(values)))]


if __name__ == "__main__":
    sys.exit(main())
