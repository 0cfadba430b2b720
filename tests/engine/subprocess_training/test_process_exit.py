"""A process that died silently is explained by the right message."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from digits_world import digits_project

from dlstudio.document.events import EpochBegan, EpochEnded, RunEnded, event_to_json
from dlstudio.document.storage import project_to_json
from dlstudio.document.values import FrozenMap
from dlstudio.engine.runs.journal import Journal
from dlstudio.engine.runs.store import EVENTS, Run, RunStore
from dlstudio.engine.subprocess_training import process_exit
from dlstudio.engine.subprocess_training.lost_run import record_loss
from dlstudio.engine.subprocess_training.process_exit import (
    MemoryMonitor,
    ProcessExit,
    describe_exit,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="its statuses differ")


def stderr_text(status: int, ran_out: bool = False) -> ProcessExit:
    return describe_exit(status, lambda: ran_out)


def test_a_kill_is_attributed_to_memory_only_when_likely() -> None:
    found = stderr_text(-signal.SIGKILL, ran_out=True)
    assert found.reason == "killed" and "ran out of memory" in found.message
    found = stderr_text(-signal.SIGKILL)
    assert found.reason == "killed" and "from outside (SIGKILL)" in found.message
    assert "memory" not in stderr_text(-signal.SIGTERM, ran_out=True).message


def test_crashes_have_their_name() -> None:
    found = stderr_text(-signal.SIGSEGV)
    assert found.reason == "crashed" and "SIGSEGV" in found.message
    text = "terminate called after throwing an instance of 'std::bad_alloc'"
    found = describe_exit(-signal.SIGABRT, lambda: False, text)
    assert found.reason == "crashed" and "ran out of memory" in found.message
    assert "0xC0000005" in stderr_text(0xC0000005).message
    assert stderr_text(-199).message.endswith("(199).")
    found = stderr_text(3)
    assert found.reason == "vanished" and "status 3" in found.message


@pytest.mark.parametrize(
    ("kills", "free", "out"),
    [
        ([5, 6], 0.9, True),
        ([5, 5], 0.9, False),
        ([5, 5], 0.01, True),
        ([None, None], 0.9, False),
        ([None, None], 0.01, True),
    ],
)
def test_memory_ran_out(kills: list[Any], free: float, out: bool) -> None:
    counts = iter(kills)
    memory = MemoryMonitor(lambda: next(counts), lambda: free)
    memory.poll()
    assert memory.ran_out() is out


def test_memory_is_read_from_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 0 < process_exit.free_memory() <= 1
    counter = tmp_path / "vmstat"
    monkeypatch.setattr(process_exit, "COUNTER", counter)
    assert process_exit.kernel_kills() is None
    counter.write_text("pgfault 12\noom_kill 7\nthp 0\n", "ascii")
    assert process_exit.kernel_kills() == 7


def test_a_lost_run_keeps_the_results_of_its_journal(tmp_path: Path) -> None:
    run = RunStore(tmp_path).create(project_to_json(digits_project()))
    journal = Journal(run.folder / EVENTS)
    for epoch, loss, best in ((1, 0.9, True), (2, 0.5, True), (3, 0.7, False)):
        event = EpochEnded(0.0, epoch, FrozenMap({"loss": loss}), 0.1, 2.0, best)
        journal.write(event_to_json(EpochBegan(0.0, epoch)))
        journal.write(event_to_json(event))
    journal.close()
    with (run.folder / EVENTS).open("ab") as torn:
        torn.write(b'{"event": "Steps')
    ended = record_loss(run, ProcessExit("crashed", "It crashed."), "last words\n")
    assert isinstance(ended, RunEnded) and ended.outcome == "failed"
    assert (ended.reason, ended.message) == ("crashed", "It crashed.")
    assert "no checkpoint yet" in ended.hint and "error.txt" in ended.hint
    again = Run.read(run.folder)
    assert again.outcome == "failed" and again.record.reason == "crashed"
    assert again.record.epochs == 3 and again.record.metrics == {"loss": 0.7}
    assert again.record.best == {"epoch": 2, "metrics": {"loss": 0.5}}
    assert again.record.seconds == 6.0
    assert again.events()[-1] == ended
    assert (run.folder / "error.txt").read_text("utf-8") == "last words\n"


def test_a_lost_run_that_is_being_resumed_is_left_alone(tmp_path: Path) -> None:
    run = RunStore(tmp_path).create(project_to_json(digits_project()))
    with run.held():
        ended = record_loss(run, ProcessExit("killed", "It was killed."), "")
    assert ended.outcome == "failed"
    assert Run.read(run.folder).record.outcome == "running"
    assert run.events() == []
