"""Old workbooks (.xls) are tried in a process of their own before they are read.

Their format does not say how large they become: two cells at opposite ends of a sheet
make its reader ask for a hundred gigabytes, and it would take this process with it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil

from dlstudio.errors import UserError
from dlstudio.i18n import _

SECONDS = 60.0
LEAST, MOST = 2**30, 2**32
"""Bytes of memory that reading one may take, however much is free."""
POLL = 0.02
_TRIAL = """
import sys
path, memory = sys.argv[1], int(sys.argv[2])
try:
    import fastexcel
except ImportError:
    sys.exit()
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
except (ImportError, OSError, ValueError):
    pass
try:
    book = fastexcel.read_excel(path)
    for name in book.sheet_names:
        book.load_sheet(name, header_row=None, n_rows=1)
except Exception:
    pass
"""


def check_old_workbook(path: Path) -> None:
    """Refuse a workbook that takes too much time or memory; others may be damaged.

    Args:
        path: Of a workbook that is no archive.

    Raises:
        UserError: It takes too much of either.
    """
    most = max(LEAST, min(MOST, psutil.virtual_memory().available // 2))
    command = [sys.executable, "-c", _TRIAL, str(path), str(most)]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as trial:
        try:
            passed = _watch(trial, most)
        finally:
            trial.kill()
    if not passed:
        raise UserError(
            _("{path} takes too much memory or time to read.").format(path=path),
            _("Open it in a spreadsheet program, and save it as XLSX."),
        )


def _watch(trial: subprocess.Popen[bytes], most: int) -> bool:
    """Whether a process ends by itself in time, with no more memory than allowed."""
    left = SECONDS
    while left > 0:
        try:
            return trial.wait(POLL) == 0
        except subprocess.TimeoutExpired:
            left -= POLL
        try:
            if psutil.Process(trial.pid).memory_info().rss > most:
                return False
        except psutil.Error:
            continue  # it has just ended
    return False
