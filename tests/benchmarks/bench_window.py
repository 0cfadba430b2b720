"""How soon the window is there, and how lively it stays while TensorFlow loads.

    python tests/benchmarks/bench_window.py [--repeat 7] [--only start]

- start: from the start of the process to the window painted and answering to a key,
  beside a plain QApplication with an empty QMainWindow, one after the other in turn.
- lateness: how much later than asked a 5 ms timer of the window's thread fires while
  TensorFlow is imported and a ResNet50 is built on the engine's thread.
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
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT_START = 0.8
LIMIT_P99, LIMIT_MAX = 50.0, 300.0

COMPILED = "PYTHONPYCACHEPREFIX"

PLAIN = """
import sys, time
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        QTimer.singleShot(0, self.answer)
    def keyPressEvent(self, event):
        print(time.time(), flush=True)
        app.quit()
    def answer(self):
        QTest.keyClick(self, Qt.Key.Key_A)
app = QApplication([])
window = Window()
window.resize(1280, 800)
window.show()
app.exec()
"""

STUDIO = """
import sys, time
import dlstudio.workers.qt
from PySide6.QtWidgets import QApplication
from dlstudio.app import open_window
app = QApplication([])
window = open_window(app)
window.painted.disconnect()
def answer():
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.shell.room_key() == "data"
    now = time.time()
    assert not {"tensorflow", "keras"} & set(sys.modules)
    print(now, flush=True)
    window.close()
    app.quit()
from PySide6.QtCore import QTimer
window.painted.connect(lambda: QTimer.singleShot(0, answer))
app.exec()
"""

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
def build(ask, memo):
    from dlstudio.workers.engine import quiet_import
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
        window.core.engine.ask(build).on_end(built).start()
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


def main() -> int:
    """Measure and print both tables; 1 when a limit is not kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--only", choices=("start", "lateness"))
    options = parser.parse_args()
    good = True
    with tempfile.TemporaryDirectory(prefix="dlstudio-bench-") as home:
        environment = surroundings(Path(home))
        if options.only != "lateness":
            good &= bench_start(environment, options.repeat)
        if options.only != "start":
            good &= bench_lateness(environment)
    return 0 if good else 1


def surroundings(home: Path) -> dict[str, str]:
    """An environment with settings and caches of its own, and no display needed."""
    folders = ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    own = {name: str(home / name.lower()) for name in folders}
    for path in own.values():
        Path(path).mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, **own, "PYTHONPATH": str(ROOT)}
    # Compiled once and kept, as installed programs are.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment[COMPILED] = str(home / "compiled")
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    return environment


def bench_start(environment: dict[str, str], repeat: int) -> bool:
    """Time to the first answer, plain and ours in turn."""
    seconds: dict[str, list[float]] = {"plain": [], "dlstudio": []}
    for code in (PLAIN, STUDIO):  # once to warm the disk's and Python's caches
        once(code, environment)
    for _round in range(repeat):
        seconds["plain"].append(once(PLAIN, environment))
        seconds["dlstudio"].append(once(STUDIO, environment))
    plain, ours = (statistics.median(each) for each in seconds.values())
    print(f"{'process start → painted and answering':40} {'median':>8} {'best':>8}")
    for name, values in seconds.items():
        print(f"{name:40} {statistics.median(values):7.2f}s {min(values):7.2f}s")
    print(f"{'ratio':40} {ours / plain:8.2f}")
    print(f"{'limit':40} {LIMIT_START:7.2f}s  {verdict(ours < LIMIT_START)}\n")
    return ours < LIMIT_START


def once(code: str, environment: dict[str, str]) -> float:
    """Seconds from starting a process to the time it prints."""
    begun = time.time()
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=True
    )
    return float(done.stdout.split()[-1]) - begun


def bench_lateness(environment: dict[str, str]) -> bool:
    """How late the window's timer is while the engine works."""
    # TensorFlow's modules are compiled where they are installed.
    environment = {k: v for k, v in environment.items() if k != COMPILED}
    done = subprocess.run(
        [sys.executable, "-c", LIVELY], env=environment, capture_output=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    head = "".join(f" {name:>8}" for name in ("p50", "p99", "max"))
    print(f"{'lateness of the event loop':26} {'took':>7}{head}")
    good = True
    for phase, values in found["late"].items():
        late = sorted(1000 * value for value in values)
        p50, p99 = quantile(late, 0.5), quantile(late, 0.99)
        fits = p99 <= LIMIT_P99 and late[-1] <= LIMIT_MAX
        good &= fits
        took = found["seconds"][phase]
        print(
            f"{phase:26} {took:6.1f}s {p50:6.1f}ms {p99:6.1f}ms {late[-1]:6.1f}ms"
            f"  {verdict(fits)}"
        )
    print(f"{'limit':34} {'':8} {LIMIT_P99:6.1f}ms {LIMIT_MAX:6.1f}ms")
    return good


def quantile(values: list[float], share: float) -> float:
    """The value below which `share` of the sorted values lie."""
    return values[min(len(values) - 1, int(share * len(values)))]


def verdict(good: bool) -> str:
    """Whether a limit is kept, in a word."""
    return "kept" if good else "NOT KEPT"


if __name__ == "__main__":
    sys.exit(main())
