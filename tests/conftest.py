"""Shared fixtures and options: an isolated home, few threads, leak checks."""

from __future__ import annotations

import gc
import importlib.util
import itertools
import os
import sys
import tempfile
import threading
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import HealthCheck, settings
from warm_processes import WarmProcesses, warm_processes
from warm_verification import warm_verification

_HOME = tempfile.TemporaryDirectory(prefix="dlstudio-tests-")
_FOLDERS = {
    "HOME": "",
    "USERPROFILE": "",
    "LOCALAPPDATA": "local",
    "APPDATA": "roaming",
    "XDG_CACHE_HOME": "cache",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "KERAS_HOME": "keras",
}
# Two workers on two cores: each with one thread for one operation. The CPU alone,
# because results are compared bit for bit.
_ENVIRONMENT = {
    "DLSTUDIO_LANG": "en",
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "2",
    "OMP_NUM_THREADS": "1",
    "POLARS_MAX_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
    "COLUMNS": "80",
    "NO_COLOR": "1",
}


# Tests that need Qt; all others run without it too.
_WINDOW = ("ui", "workers", "benchmarks")
_QT = ("PySide6", "pyqtgraph", "qtawesome", "pytestqt")
_HERE = Path(__file__).resolve().parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add options to run one half of the tests, and to list failed ones."""
    parser.addoption(
        "--side",
        choices=("model", "window"),
        help="model: what has no window, and only where Qt is not installed; "
        "window: the other tests",
    )
    parser.addoption("--failures", help="a file to which failed tests are appended")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Ignore the other half of the tests."""
    side = config.getoption("--side")
    if side is None or _HERE not in collection_path.parents:
        return None
    window = collection_path.relative_to(_HERE).parts[0] in _WINDOW
    return True if window is (side == "model") else None


def _refuse_qt() -> None:
    there = [name for name in _QT if importlib.util.find_spec(name) is not None]
    if there:
        raise pytest.UsageError(
            f"--side=model shows that nothing of it needs Qt, but this environment "
            f"has {', '.join(there)}"
        )


def pytest_configure(config: pytest.Config) -> None:
    """Redirect all persistent state to a temporary folder of this run."""
    if config.getoption("--side") == "model":
        _refuse_qt()
    for name, folder in _FOLDERS.items():
        path = Path(_HOME.name, folder)
        path.mkdir(parents=True, exist_ok=True)
        os.environ[name] = str(path)
    os.environ.update(_ENVIRONMENT)
    for name in ("FORCE_COLOR", "TERM", "LC_ALL", "LANGUAGE"):
        os.environ.pop(name, None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[Any]) -> None:
    """Run long files first in several processes.

    Begun last, one of them would leave the other processes without work.
    """
    if not hasattr(config, "workerinput"):
        return
    slow = {each.path for each in items if each.get_closest_marker("slow")}
    tests = Counter(each.path for each in items)
    items.sort(key=lambda each: (each.path not in slow, -tests[each.path]))


def pytest_collection_finish() -> None:
    """Exclude what the files import, TensorFlow above all, from garbage collection."""
    _freeze()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """List the failed tests in the file that `--failures` names.

    Files that cannot be imported are listed too.
    """
    place = config.getoption("--failures")
    # xdist's controller reports for all workers.
    if place is None or hasattr(config, "workerinput"):
        return
    stats = terminalreporter.stats
    ids = [each.nodeid for kind in ("failed", "error") for each in stats.get(kind, ())]
    with open(place, "a", encoding="utf-8") as file:
        file.writelines(f"{id}\n" for id in dict.fromkeys(ids))


def pytest_unconfigure() -> None:
    """Remove the temporary folder."""
    _HOME.cleanup()


# The same examples every time: failures are reproducible, and a busy machine causes no
# timeouts.
settings.register_profile(
    "suite",
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("suite")


_finished_tests = itertools.count(1)
_frozen_modules = 0
FULL_COLLECTION = 25
"""Tests between full collections: what outlives a test is garbage some tests later."""
MANY_MODULES = 300
"""So many new modules are a large library, imported by a test."""


@pytest.fixture(autouse=True)
def _garbage_on_this_thread() -> Iterator[None]:
    """Collect garbage after each test on the main thread, as the window does.

    Python collects on the thread that allocates, and Qt crashes when objects are
    destroyed on another thread than their own. All objects of the test are in
    generation 0.
    """
    gc.disable()
    yield
    if len(sys.modules) > _frozen_modules + MANY_MODULES:
        _freeze()
    gc.collect(2 if next(_finished_tests) % FULL_COLLECTION == 0 else 0)
    gc.enable()


def _freeze() -> None:
    """Exclude all present objects from collections, as modules are permanent."""
    global _frozen_modules
    gc.collect()
    gc.freeze()
    _frozen_modules = len(sys.modules)


@pytest.fixture(autouse=True)
def _nothing_left_running() -> Iterator[None]:
    """Fail a test that leaves a thread or a process running."""
    threads = set(threading.enumerate())
    processes = set(_children())
    yield
    deadline = time.monotonic() + 5
    while (left := _left(threads, processes)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not left, f"still running after the test: {left}"


def _children() -> list[psutil.Process]:
    """The child processes, ended ones included."""
    if hasattr(os, "waitid"):  # asks for none without looking through all processes
        try:
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return []
    return psutil.Process().children()


def _left(threads: set[threading.Thread], processes: set[psutil.Process]) -> list[str]:
    alive = [t for t in threading.enumerate() if t not in threads and not t.daemon]
    children = [p for p in _children() if p not in processes]
    names = [t.name for t in alive]
    for child in children:
        try:
            command = " ".join(child.cmdline())
            zombie = child.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            continue
        # Python's own helper, which lives as long as the process that first needs it.
        if not zombie and "resource_tracker" not in command:
            names.append(command)
    return names


@pytest.fixture(scope="session")
def warm() -> Iterator[WarmProcesses]:
    """Starts processes that have TensorFlow already."""
    with warm_processes() as started:
        yield started


@pytest.fixture
def verified_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Verify exports in this process, which has TensorFlow already.

    For tests of what is exported or of what differs; `tests/engine/export` and the
    journeys show that it works in a process of its own, without dlstudio.
    """
    from dlstudio.engine.export import verification, verification_runner

    def run_here(folder: Path, *_process: object) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a process of its own only prints them
            verification_runner.run_job(folder)

    monkeypatch.setattr(verification, "_run", run_here)


@pytest.fixture(scope="module")
def verified_warm(warm: WarmProcesses) -> Iterator[None]:
    """Verify the exports of a module in processes that have TensorFlow already.

    They have no dlstudio, as always. `tests/engine/export` and the journeys show that
    it works in a process of which nothing is known.
    """
    with warm_verification(warm):
        yield


@pytest.fixture
def digits_project(tmp_path: Path) -> Path:
    """A project with the digits sample and no runs."""
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.storage import save_project
    from dlstudio.engine.templates import make_project
    from dlstudio.engine.templates.context import TemplateContext

    folder = tmp_path / "digits"
    description = Catalog.load().find("templates", "digits-cnn")
    save_project(make_project(description, TemplateContext("digits")), folder)
    return folder
