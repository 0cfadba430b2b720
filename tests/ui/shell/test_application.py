"""The application passes on files that the system opens with it."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
from pathlib import Path
from PySide6.QtCore import QEvent
from PySide6.QtGui import QFileOpenEvent
from dlstudio.ui.shell.application import StudioApplication

app = StudioApplication([])
opened = []
app.file_opened.connect(opened.append)
app.sendEvent(app, QFileOpenEvent("/models/pets.keras"))
app.sendEvent(app, QEvent(QEvent.Type.User))
assert opened == [Path("/models/pets.keras")], opened
"""


def test_a_file_is_passed_on_and_other_events_are_not() -> None:
    # An application of another class runs in this process already.
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True)
    assert done.returncode == 0, done.stderr
