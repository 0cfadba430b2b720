"""PySide6's import hook is removed."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import builtins
before = builtins.__import__
import dlstudio.workers
assert builtins.__import__ is before
from PySide6.QtCore import QObject, Signal
class Sender(QObject):
    sent = Signal(str)
sender = Sender()
for _each in range(100000):
    sender.sent.emit("x")
    sender.property("none")
print("alive")
"""


def test_signals_without_end_and_pythons_own_import() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "alive"
