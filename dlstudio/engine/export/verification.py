"""Verifies an export by loading it in a fresh process and comparing predictions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.document.export import Certificate
from dlstudio.engine.export.agreement import crashed
from dlstudio.engine.export.exported_model import ExportedModel
from dlstudio.engine.runtime.stop_token import StopToken
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import user_errors

if TYPE_CHECKING:
    from dlstudio.engine.export.agreement import EntryAgreement, RunnerAnswer


RUNNER = Path(__file__).with_name("verification_runner.py")
TIMEOUT_S = 900.0
ReportStep = Callable[[str], None]


def ignore_step(_step: str) -> None:
    """Ignore the step: no progress is reported."""


BATCH = 16


@dataclass(frozen=True, slots=True)
class Process:
    """How the other process is run.

    Attributes:
        stop: Checked while waiting.
        timeout_s: Seconds after which it is terminated.
        python: The Python interpreter.
        scratch: A folder for exchanged files; the system's temporary folder if None.
    """

    stop: StopToken
    timeout_s: float = TIMEOUT_S
    python: str = sys.executable
    scratch: Path | None = None


def run_verification(
    exported: ExportedModel,
    write: Callable[[Path], Mapping[str, object]],
    compare_entry: Callable[[Path, int, RunnerAnswer], EntryAgreement],
    process: Process,
    report_step: ReportStep = ignore_step,
) -> Certificate:
    """Run an export in a fresh process and compare each of its entry points.

    Args:
        exported: The export as it was written.
        write: Writes the samples into a folder; what it returns goes into the job.
        compare_entry: Compares an entry point, by its number, with the studio's model.
        process: How the process is run.
        report_step: Called with "ask" and "compare" as each begins.

    Returns:
        The report, in which nothing is said of the samples.
    """
    with (
        tempfile.TemporaryDirectory(
            prefix="dlstudio-certify-", dir=process.scratch
        ) as name,
        user_errors(name, writing=True),
    ):
        folder = Path(name)
        report_step("ask")
        _write_job(folder, exported, write(folder))
        _run(folder, process.python, process.stop, process.timeout_s)
        report_step("compare")
        answer = _read_answer(folder)
        found = {
            entry: compare_entry(folder, number, answer)
            for number, entry in enumerate(exported.entries)
        }
    first = next(iter(found.values()))
    return Certificate(
        passed=True,
        samples=0,
        max_abs_difference=max(each["max_abs_difference"] for each in found.values()),
        label_agreement=min(each["label_agreement"] for each in found.values()),
        size_bytes=size_of(exported.path),
        latency_ms=first["latency_ms"],
        tolerance=0.0,
        entries=found,
        drawn_from={},
        original_files=0,
        load_ms=round(answer["load_ms"], 1),
        versions=answer["versions"],
    )


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(each.stat().st_size for each in path.rglob("*") if each.is_file())


def _write_job(
    folder: Path, exported: ExportedModel, samples: Mapping[str, object]
) -> None:
    job = {
        "load": exported.load.filled(str(exported.path.absolute())),
        "entries": [
            {"name": name, "takes": entry.takes, "code": entry.code}
            for name, entry in exported.entries.items()
        ],
        "runtime": list(exported.runtime),
        "batch": BATCH,
        **samples,
        # An isolated interpreter excludes the user's site-packages.
        "paths": [path for path in sys.path if path.endswith("-packages")],
    }
    (folder / "job.json").write_text(json.dumps(job), "utf-8")


def _run(folder: Path, python: str, stop: StopToken, timeout_s: float) -> None:
    """Run the job until it ends, or terminate it."""
    surroundings = {
        **os.environ,
        # On the CPU, like the studio's side: a GPU rounds differently and may be full.
        "CUDA_VISIBLE_DEVICES": "-1",
        "KERAS_BACKEND": "tensorflow",
        "TF_CPP_MIN_LOG_LEVEL": "2",
    }
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [python, "-I", "-X", "utf8", str(RUNNER), str(folder)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=surroundings,
            cwd=folder,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        try:
            _wait(process, stop, time.monotonic() + timeout_s)
        finally:
            process.kill()
            process.wait()
            if process.stdin:
                process.stdin.close()


def _wait(process: subprocess.Popen[bytes], stop: StopToken, end: float) -> None:
    while process.poll() is None:
        stop.check()
        if time.monotonic() > end:
            raise UserError(
                _("Verification of the export timed out."),
                _("Nothing was written. Close other programs and try again."),
            )
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue


def _read_answer(folder: Path) -> RunnerAnswer:
    try:
        found = json.loads((folder / "answer.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise crashed(_last_words(folder / "log.txt"), "") from error
    if "error" in found:
        raise crashed(found["error"]["message"], found["error"]["entry"])
    answer: RunnerAnswer = found
    return answer


def _last_words(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else _("the process ended without a message")
