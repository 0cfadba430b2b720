"""Runs programs in processes of their own that have TensorFlow already.

Importing TensorFlow and Keras takes longer than most programs of the tests. A server
imports them once, without dlstudio, and forks for each program before anything of them
is used. The program starts as `python PATH ARGUMENTS…` or `python -m MODULE ARGUMENTS…`
would, with its own environment, working folder and output. Where this is not known to
work, it is a usual process.

    python warm_processes.py
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, NoReturn

CAN_FORK = sys.platform == "linux"
TIMEOUT = 200
"""Seconds after which a program is ended by a signal."""


class WarmProcesses:
    """Starts programs, one at a time.

    Args:
        server: The process that forks; None to start usual processes.
    """

    def __init__(self, server: subprocess.Popen[str] | None) -> None:
        self._server = server

    def run(
        self,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> CompletedProcess[str]:
        """Run a program to its end.

        Args:
            command: The path of a Python program or "-m" and a module, and arguments.
            environment: Of the program; this process's by default.
            folder: The working folder; this process's by default.

        Returns:
            Its exit status, negative for a signal, and its output.
        """
        given = dict(os.environ if environment is None else environment)
        if self._server is None:
            return subprocess.run(
                [sys.executable, *command],
                env=given,
                cwd=folder,
                stdin=subprocess.PIPE,
                capture_output=True,
                encoding="utf-8",
                timeout=TIMEOUT,
                check=False,
            )
        assert self._server.stdin is not None and self._server.stdout is not None
        with tempfile.TemporaryDirectory(prefix="warm-process-") as place:
            out, errors = Path(place, "out"), Path(place, "errors")
            asked = (
                list(command),
                given,
                str(folder or Path.cwd()),
                str(out),
                str(errors),
            )
            print(json.dumps(asked), file=self._server.stdin, flush=True)
            status = int(self._server.stdout.readline())
            printed = (each.read_text("utf-8") for each in (out, errors))
            return CompletedProcess(command, status, *printed)


@contextmanager
def warm_processes(
    environment: Mapping[str, str] | None = None,
) -> Iterator[WarmProcesses]:
    """A server, until the end of the block.

    Args:
        environment: Of importing TensorFlow; this process's by default.
    """
    if not CAN_FORK:
        yield WarmProcesses(None)
        return
    with subprocess.Popen(
        [sys.executable, __file__],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    ) as server:
        yield WarmProcesses(server)
        server.communicate()  # it ends with its input


def _serve() -> None:
    """Fork for each line of the input; prints each exit status."""
    import keras
    import tensorflow

    assert tensorflow and keras
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _become(*json.loads(line))
        _pid, ended = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(ended), flush=True)


def _become(
    command: list[str], environment: dict[str, str], folder: str, out: str, errors: str
) -> NoReturn:
    """Run a program in this process, and end it.

    Args:
        command: Path, or "-m" and a module, and arguments.
        environment: All of it.
        folder: The working folder.
        out: File for its output.
        errors: File for its errors.
    """
    signal.alarm(TIMEOUT)
    os.dup2(os.pipe()[0], 0)  # an input that does not end
    for number, path in ((1, out), (2, errors)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    as_module = command[0] == "-m"
    sys.argv[:] = command[as_module:]
    first = folder if as_module else str(Path(command[0]).parent)
    folders = environment.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:0] = [first, *filter(None, folders)]
    status: Any = 0
    try:
        run = runpy.run_module if as_module else runpy.run_path
        run(sys.argv[0], run_name="__main__")
    except SystemExit as end:
        status = end.code
        if isinstance(status, str):
            print(status, file=sys.stderr)
            status = 1
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status or 0)


if __name__ == "__main__":
    _serve()
