"""The journeys on a real display, if a server for one is available."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
JOURNEYS = (
    HERE / "test_app.py",
    HERE / "shell" / "test_shell.py",
    HERE / "shell" / "test_commandpalette.py",
    *sorted(HERE.rglob("test_journey*.py")),
)


@pytest.fixture
def display() -> Iterator[str]:
    """The name of a new display."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as answer:
        number = answer.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("Xvfb") is None or "DLSTUDIO_TEST_DISPLAY" in os.environ,
    reason="needs Xvfb, and is not run inside itself",
)
def test_journeys_on_a_display(display: str) -> None:
    environment = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "DLSTUDIO_TEST_DISPLAY": "1",
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, *map(str, JOURNEYS)],
        env=environment,
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:]
