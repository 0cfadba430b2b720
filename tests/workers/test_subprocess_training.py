"""Training in a subprocess gives the same results, and isolates crashes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

pytest.importorskip("PySide6")

from digits_world import digits_graph, digits_project
from PySide6.QtCore import QCoreApplication
from rooms import until

from dlstudio.catalog.store import Catalog
from dlstudio.document.events import (
    CheckpointSaved,
    EpochEnded,
    Event,
    Intervened,
    RunEnded,
    StepsDone,
)
from dlstudio.document.graph import Edge, node
from dlstudio.document.project import Project
from dlstudio.document.storage import save_project
from dlstudio.engine.runs.checkpoints import Checkpoints
from dlstudio.engine.runs.store import Run, RunStore
from dlstudio.engine.subprocess_training.messages import (
    MessageWriter,
    TrainingJob,
    messages,
)
from dlstudio.engine.subprocess_training.process import start
from dlstudio.errors import UserError
from dlstudio.workers.training import (
    IDLE,
    PAUSED,
    RUNNING,
    TrainingController,
    TrainingRequest,
)

pytestmark = [pytest.mark.slow]

LONG = 100_000
"""Epochs that no test waits for."""
not_windows = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")


def project(process: str, **plan: Any) -> Project:
    """The digits with a dropout layer, so that random state matters."""
    made, graph = digits_project(), digits_graph()
    nodes = graph.nodes.set("drop", node("drop", "keras.layers.Dropout", rate=0.2))
    edges = [link for link in graph.edges if link.target != "head"]
    edges += [Edge("flatten", "drop"), Edge("drop", "head")]
    graph = replace(graph, nodes=nodes, edges=tuple(edges))
    settings = {"steps_per_execution": 1, "process": process, **plan}
    made = made.with_graph("model", graph)
    return replace(made, plan=replace(made.plan, **settings))


class Watched:
    """A training controller, and everything that it emitted."""

    def __init__(self, catalog: Catalog, folder: Path) -> None:
        self.trainings = TrainingController(catalog)
        self.folder = folder
        self.events: list[Event] = []
        self.failed: list[BaseException] = []
        self.states: list[str] = []
        self.trainings.failed.connect(self.failed.append)
        self.trainings.state_changed.connect(self.states.append)

    def start(self, wanted: Project, resume: str = "") -> None:
        if not (self.folder / "project.json").exists():
            save_project(wanted, self.folder)
        self.events.clear()
        self.trainings.start(TrainingRequest(wanted, self.folder, resume))

    def take(self) -> list[Event]:
        self.events += self.trainings.take()
        return self.events

    def wait(self) -> list[Event]:
        until(lambda: self.take() is not None and self.trainings.state == IDLE)
        return self.take()

    def wait_for(self, wanted: Callable[[Event], bool]) -> None:
        until(lambda: any(wanted(event) for event in self.take()))

    def run(self) -> Run:
        return RunStore(self.folder).all()[-1]

    def pid(self) -> int:
        return int(self.run().record.platform["pid"])


@pytest.fixture
def make(qapp: QCoreApplication, tmp_path: Path) -> Iterator[Callable[..., Watched]]:
    made: list[Watched] = []
    catalog = Catalog.load()

    def watched(name: str = "digits") -> Watched:
        made.append(Watched(catalog, tmp_path / name))
        return made[-1]

    yield watched
    for each in made:
        assert each.trainings.close()


def reported(kind: type[Event]) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, kind)


def intervened(what: str) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, Intervened) and event.what == what


def losses(events: list[Event]) -> list[float]:
    """The loss of each step; for repeated steps, the last one."""
    found: dict[tuple[int, int], float] = {}
    for event in events:
        if isinstance(event, StepsDone):
            first = event.step - len(event.losses) + 1
            for number, loss in enumerate(event.losses, first):
                found[event.epoch, number] = loss
    return [found[place] for place in sorted(found)]


def figures(events: list[Event]) -> list[Any]:
    return [(e.epoch, e.metrics) for e in events if isinstance(e, EpochEnded)]


def kinds(events: list[Event]) -> list[type[Event]]:
    """Event types, without those whose timing varies."""
    timed = (StepsDone, CheckpointSaved)
    return [type(event) for event in events if not isinstance(event, timed)]


def variables(run: Run) -> list[bytes]:
    """All variables of the newest checkpoint, including optimizer and random state."""
    newest, damaged = Checkpoints(run.checkpoints).newest()
    assert newest is not None and not damaged
    return [np.asarray(array).tobytes() for array in newest.arrays]


def test_a_subprocess_trains_bit_for_bit_the_same(make: Callable[..., Watched]) -> None:
    child, thread = make("child"), make("thread")
    child.start(project("child", epochs=3))
    thread.start(project("thread", epochs=3))
    inside, beside = thread.wait(), child.wait()
    assert child.states[0] == "preparing" and child.states[-1] == "idle"
    assert child.pid() not in (os.getpid(), 0) and thread.pid() == os.getpid()
    assert losses(beside) == losses(inside) and len(losses(beside)) == 60
    assert figures(beside) == figures(inside)
    assert kinds(beside) == kinds(inside)
    assert [e.path for e in beside if isinstance(e, CheckpointSaved)] == [
        e.path for e in inside if isinstance(e, CheckpointSaved)
    ]
    assert isinstance(beside[-1], RunEnded) and beside[-1].outcome == "succeeded"
    assert beside == child.run().events(), "what is told is what is written"
    ours, theirs = child.run(), thread.run()
    assert variables(ours) == variables(theirs)
    same = ("metrics", "best", "epochs", "outcome", "reason", "versions", "data")
    for name in same:
        assert getattr(ours.record, name) == getattr(theirs.record, name), name
    assert ours.project().plan.process == "child"


@not_windows
def test_a_killed_subprocess_fails_and_resumes_to_the_same_weights(
    make: Callable[..., Watched],
) -> None:
    plan: dict[str, Any] = {"epochs": 3, "checkpoint_minutes": 1e-9}
    whole, killed = make("whole"), make("killed")
    killed.start(project("child", **plan))
    killed.wait_for(lambda e: isinstance(e, CheckpointSaved) and e.step > 1)
    pid = killed.pid()
    os.kill(pid, signal.SIGKILL)
    events = killed.wait()
    ended = events[-1]
    assert isinstance(ended, RunEnded) and ended.outcome == "failed"
    assert ended.reason == "killed" and "was killed" in ended.message
    assert "checkpoint is saved" in ended.hint
    run = killed.run()
    assert run.outcome == "failed" and run.record.reason == "killed"
    assert ended.message in run.record.message and run.events()[-1] == ended
    assert Checkpoints(run.checkpoints).names() and run.model_path is None
    assert not psutil.pid_exists(pid), "nobody waits for it any more"
    killed.start(project("thread", **plan), run.id)  # it may resume in either way
    killed.wait()
    whole.start(project("thread", **plan))
    whole.wait()
    assert killed.run().outcome == whole.run().outcome == "succeeded"
    assert variables(killed.run()) == variables(whole.run())
    assert figures(killed.run().events()) == figures(whole.run().events())


def test_every_intervention_reaches_the_subprocess_and_a_signal_stops_it(
    make: Callable[..., Watched],
) -> None:
    watched = make()
    trainings = watched.trainings
    trainings.watch_gradients(True)
    watched.start(project("child", epochs=LONG))
    watched.wait_for(lambda e: isinstance(e, StepsDone) and bool(e.gradients))
    until(lambda: bool(watched.take()) and trainings.state == RUNNING)
    trainings.pause()
    assert trainings.state == PAUSED
    watched.wait_for(intervened("pause"))
    trainings.watch_gradients(False)
    control = trainings.control
    assert control is not None
    control.set_learning_rate(0.005)
    control.set_dropout({"drop": 0.4})
    control.freeze(["head"])
    control.set_class_weights({"3": 2.0})
    control.set_epochs(LONG + 1)
    watched.wait_for(intervened("epochs"))
    trainings.resume()
    watched.wait_for(intervened("resume"))
    count = len(watched.take())
    until(lambda: any(isinstance(e, StepsDone) for e in watched.take()[count:]))
    if os.name == "nt":
        trainings.stop()
    else:
        os.kill(watched.pid(), signal.SIGTERM)
    ended = watched.wait()[-1]
    assert isinstance(ended, RunEnded) and ended.outcome == "cancelled"
    done = [(e.what, e.value) for e in watched.events if isinstance(e, Intervened)]
    assert done[0][0] == "pause" and done[-1][0] == "resume"
    assert done[1] == ("learning_rate", 0.005)
    assert done[2][0] == "dropout" and dict(done[2][1]) == {"drop": 0.4}
    assert done[3][0] == "refused", "nothing would be left to train"
    assert done[4][0] == "class_weights" and done[5] == ("epochs", LONG + 1)
    last = [e for e in watched.events if isinstance(e, StepsDone)][-1]
    assert last.learning_rate == pytest.approx(0.005) and not last.gradients
    run = watched.run()
    assert run.outcome == "cancelled" and run.model_path is not None
    assert Checkpoints(run.checkpoints).names()


def test_a_subprocess_ends_when_the_program_has_ended(tmp_path: Path) -> None:
    wanted, folder = project("child", epochs=LONG), tmp_path / "digits"
    save_project(wanted, folder)
    with (tmp_path / "errors").open("w+b") as errors:
        process = start(errors)
        assert process.stdin is not None and process.stdout is not None
        MessageWriter(process.stdin).write(TrainingJob(wanted, folder).to_json())
        for message in messages(process.stdout):
            if message.get("event") == "StepsDone":
                break
        process.stdin.close()
        process.stdout.close()
        assert process.wait(60) == 0
    (run,) = RunStore(folder).all()
    assert run.outcome == "interrupted", "the next window offers to go on"
    assert Checkpoints(run.checkpoints).names()
    ended = run.events()[-1]
    assert isinstance(ended, RunEnded) and ended.outcome == "cancelled"


def test_a_failed_start_is_reported_as_on_a_thread(
    make: Callable[..., Watched],
) -> None:
    from dlstudio.document.project_lock import ProjectLock

    watched = make()
    wanted = project("child")
    save_project(wanted, watched.folder)
    with ProjectLock(watched.folder, "a test"):
        watched.start(wanted)
        assert watched.wait() == []
    (error,) = watched.failed
    assert isinstance(error, UserError) and "a test" in error.message
    assert str(os.getpid()) in error.message


def test_a_stop_while_loading_is_immediate(make: Callable[..., Watched]) -> None:
    watched = make()
    watched.start(project("child", epochs=LONG))
    children = psutil.Process().children
    until(lambda: any("dlstudio" in " ".join(c.cmdline()) for c in children()))
    watched.trainings.stop()
    assert watched.wait() == [] and not watched.failed
    assert watched.states == ["preparing", "stopping", "idle"]
    assert not (watched.folder / "runs").exists()


@not_windows
def test_a_crash_before_the_start_is_reported(
    make: Callable[..., Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dlstudio.engine.subprocess_training import process

    crash = "import os, sys; sys.stderr.write('no such library\\n'); os.abort()"
    monkeypatch.setattr(process, "CODE", crash)
    watched = make()
    watched.start(project("child"))
    assert watched.wait() == []
    (error,) = watched.failed
    assert isinstance(error, UserError) and "crashed (SIGABRT)" in error.message
    assert "had not started" in error.hint and "no such library" in error.hint


def test_a_system_that_starts_no_process_is_reported(
    make: Callable[..., Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "nowhere/python")
    watched = make()
    watched.start(project("child"))
    assert watched.wait() == []
    (error,) = watched.failed
    assert isinstance(error, UserError) and "could not be started" in error.message


def test_an_unexpected_error_in_the_subprocess_is_reported_with_details(
    make: Callable[..., Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dlstudio.engine.subprocess_training import process

    answer = {"failed": ["what?", "Traceback\n  there\n"]}
    code = f"import sys; sys.stdin.readline(); print({json.dumps(answer)!r})"
    monkeypatch.setattr(process, "CODE", code)
    watched = make()
    watched.start(project("child"))
    assert watched.wait() == []
    (error,) = watched.failed
    assert str(error) == "what?" and "there" in str(error.__cause__)


@pytest.mark.parametrize("module", ["dlstudio.app", "dlstudio"])
def test_a_program_that_is_one_file_can_be_the_process(module: str) -> None:
    from dlstudio.engine.subprocess_training import SWITCH

    command = [sys.executable, "-m", module, SWITCH]
    done = subprocess.run(command, input=b"{}\n", capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    (answer,) = done.stdout.splitlines()
    assert "failed" in json.loads(answer), "it was no job, and that is said"


@not_windows
def test_a_native_crash_is_reported_with_its_location(
    make: Callable[..., Watched],
) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, before[1]))  # leave no core behind
    try:
        watched = make()
        watched.start(project("child", epochs=LONG))
        watched.wait_for(reported(CheckpointSaved))
        os.kill(watched.pid(), signal.SIGSEGV)
        ended = watched.wait()[-1]
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, before)
    assert isinstance(ended, RunEnded) and ended.reason == "crashed"
    assert "crashed (SIGSEGV)" in ended.message and "error.txt" in ended.hint
    details = (watched.run().folder / "error.txt").read_text("utf-8")
    assert "Segmentation fault" in details and "dlstudio" in details
