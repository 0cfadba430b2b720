"""Head-first training: freezing, unfreezing at a lower rate, resuming, replaying."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from tiny import layer, random_graph, tiny_graph, tiny_project, tiny_samples

from dlstudio.catalog.store import Catalog
from dlstudio.document.change_descriptions import describe_change, intervention_text
from dlstudio.document.events import EpochEnded, Event, Intervened, StepsDone
from dlstudio.document.graph import INPUT, NESTED, Graph, node
from dlstudio.document.plan import EarlyStopping, HeadFirst
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.model.build import build
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runtime.stop_token import StopSource
from dlstudio.engine.training.control import TrainingControl
from dlstudio.engine.training.phases import body_of
from dlstudio.engine.training.reproduction import reproduce
from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

CATALOG = Catalog.load()
ADAM = Spec("keras.optimizers.Adam", FrozenMap({"learning_rate": 0.02}))


class Training:
    """Trains, and may act after each event."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.control, self.source = TrainingControl(), StopSource()
        self.events: list[Event] = []

    def __call__(self, project: Project, then: Any = None, resume: str = "") -> Run:
        def emit(event: Event) -> None:
            self.events.append(event)
            if then is not None:
                then(event)

        dependencies = TrainerDependencies(
            lambda _project: tiny_samples(), control=self.control
        )
        token = self.source.token
        trainer = Trainer(project, self.folder, CATALOG, emit, token, dependencies)
        return trainer.train(resume)

    def reported(self) -> list[tuple[int, int, str, Any]]:
        found = (e for e in self.events if isinstance(e, Intervened))
        return [(e.epoch, e.step, e.what, e.value) for e in found]

    def rates(self) -> dict[int, float]:
        found = (e for e in self.events if isinstance(e, EpochEnded))
        return {e.epoch: round(e.learning_rate, 6) for e in found}


def project_of(**plan: Any) -> Project:
    values = {"epochs": 3, "head_first": HeadFirst(1, 0.1), "optimizer": ADAM}
    made: Project = tiny_project(random_graph(), **{**values, **plan})
    return made


def weights(run: Run) -> list[Any]:
    assert run.model_path is not None
    return list(keras.saving.load_model(run.model_path).get_weights())


def repeated(folder: Path, run: Run) -> bool:
    dependencies = TrainerDependencies(lambda _project: tiny_samples())
    token = StopSource().token
    found = reproduce(folder, run.id, CATALOG, lambda event: None, token, dependencies)
    return found.identical


def test_the_head_trains_alone_then_all_with_a_lower_rate(tmp_path: Path) -> None:
    training = Training(tmp_path)
    run = training(project_of())
    assert run.outcome == "succeeded"
    first, second = training.reported()
    assert first == (1, 0, "phase", (1, pytest.approx(0.02)))
    assert second == (2, 0, "phase", (2, pytest.approx(0.002)))
    assert training.rates() == {1: 0.02, 2: 0.002, 3: 0.002}
    texts = [intervention_text(e) for e in run.events() if isinstance(e, Intervened)]
    assert texts == ["head only", "all layers, lr → 0.002"]
    assert repeated(tmp_path, run)


def test_nothing_but_the_head_moves_at_first(tmp_path: Path) -> None:
    head = HeadFirst(1, 1.0)
    alone = Training(tmp_path / "alone")(project_of(epochs=1, head_first=head))
    both = Training(tmp_path / "both")(project_of(epochs=2, head_first=head))
    begun = build(project_of(), CATALOG)
    trained = keras.saving.load_model(alone.model_path)
    later = keras.saving.load_model(both.model_path)
    fresh, first = begun.get_layer("conv").kernel, trained.get_layer("conv").kernel
    assert first.shape == fresh.shape
    # The seed is the same, so an unchanged kernel is the initial one.
    other = replace(project_of(epochs=2, head_first=HeadFirst(2, 1.0)))
    longer = Training(tmp_path / "longer")(other)
    same = keras.saving.load_model(longer.model_path).get_layer("conv").kernel
    assert np.array_equal(first, same)
    assert not np.array_equal(first, later.get_layer("conv").kernel)
    heads = [m.get_layer("head").kernel.numpy() for m in (trained, later)]
    assert not np.array_equal(*heads)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The uninterrupted training."""
    folder = tmp_path_factory.mktemp("whole")
    return Training(folder)(project_of(steps_per_execution=1))


@pytest.mark.parametrize("steps", [2, 7], ids=["first phase", "second phase"])
def test_it_resumes_to_the_same_weights(whole: Run, tmp_path: Path, steps: int) -> None:
    cut = Training(tmp_path / "cut")
    done = [0]

    def stop(event: Event) -> None:
        if isinstance(event, StepsDone):
            done[0] += len(event.losses)
            if done[0] >= steps:
                cut.source.stop()

    run = cut(project_of(steps_per_execution=1), stop)
    assert run.outcome == "cancelled"
    cut.source = StopSource()
    run = cut(project_of(), None, run.id)
    assert run.outcome == "succeeded"
    pairs = zip(weights(run), weights(whole), strict=True)
    assert all(np.array_equal(a, b) for a, b in pairs)
    assert repeated(cut.folder, run)


def test_interventions_around_a_change_of_phase_are_replayed(tmp_path: Path) -> None:
    training = Training(tmp_path)

    def intervene(event: Event) -> None:
        if isinstance(event, EpochEnded) and event.epoch == 1:
            training.control.set_learning_rate(0.03)
        if isinstance(event, Intervened) and event.what == "phase" and event.epoch > 1:
            training.control.set_learning_rate(0.01)

    run = training(project_of(), intervene)
    assert [reported[2] for reported in training.reported()] == [
        "phase",
        "learning_rate",
        "phase",
        "learning_rate",
    ]
    assert training.rates()[3] == 0.01, "what is wished is what it trains with"
    assert repeated(tmp_path, run)


def test_early_stopping_waits_for_all_layers(tmp_path: Path) -> None:
    stopping = EarlyStopping(monitor="val_loss", patience=1, min_delta=1e9)
    plan = {"epochs": 9, "early_stopping": stopping, "head_first": HeadFirst(3)}
    training = Training(tmp_path)
    run = training(project_of(**plan))
    assert run.record.reason == "early_stopping"
    assert run.record.epochs == 4


def test_the_body_is_the_backbone_or_all_but_the_head() -> None:
    graph = random_graph()
    assert body_of(graph, build(project_of(), CATALOG)) == ("conv", "norm")
    late = tiny_graph(layer("conv", "Conv2D", filters=2, kernel_size=3), head="linear")
    apart = Graph.chain([*late.nodes.values(), layer("soft", "Softmax")])
    made = build(tiny_project(apart), CATALOG)
    assert body_of(apart, made) == ("conv",)
    assert body_of(tiny_graph(), build(tiny_project(tiny_graph()), CATALOG)) == ()


def test_of_a_nested_model_all_of_it_is_frozen() -> None:
    inner = Graph.chain(
        [
            node("input", INPUT, shape=(6, 6, 1)),
            layer("deep", "Conv2D", filters=2, kernel_size=3),
            layer("deeper", "Dense", units=2),
        ]
    )
    outer = tiny_graph(
        node("backbone", NESTED, graph="inner"),
        layer("between", "Dense", units=2),
    )
    graphs = FrozenMap({"model": outer, "inner": inner})
    project = replace(tiny_project(outer), graphs=graphs)
    assert body_of(outer, build(project, CATALOG)) == ("deep", "deeper")


def test_differences_of_the_phases_are_described() -> None:
    plain = project_of(head_first=None)
    assert describe_change(plain, project_of()) == "head first, 1 epoch"
    other = project_of(head_first=HeadFirst(4, 0.1))
    assert describe_change(project_of(), other) == "head first: epochs 1 → 4"
    assert describe_change(project_of(), plain) == "all layers from the start"
