"""Every metric of the catalog can be trained with, checked and monitored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import keras
import pytest
from installed_keras import needs
from tiny import tiny_project, tiny_samples

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.document.events import EpochEnded, Event
from dlstudio.document.plan import EarlyStopping, TrainingPlan
from dlstudio.document.plan_metrics import PlanMetric, monitors, plan_metrics
from dlstudio.document.project import Project
from dlstudio.document.values import Spec, freeze_map
from dlstudio.engine.heads.classification import CLASSIFICATION as SINGLE
from dlstudio.engine.model.instantiate import implementation
from dlstudio.engine.problems.check import check
from dlstudio.engine.problems.dataset_statistics import DatasetStatistics
from dlstudio.engine.runtime.stop_token import StopSource
from dlstudio.engine.shapes.graph import ShapeInference
from dlstudio.engine.training.monitored_metric import metric_monitor
from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

CATALOG = Catalog.load()
PLAIN = [
    each for each in CATALOG.family("plain_metrics") if each.kind in SINGLE.metrics
]
KERAS = CATALOG.family("metrics")
DESCRIBED = [*PLAIN, *KERAS]
FACTS = DatasetStatistics(
    3, ("a", "b", "c"), False, 6, 6, 1, 60, (20, 20, 20), 44, 16, 0
)


def spec(described: Description) -> Spec:
    """A spec that works for three classes; k must be below their number."""
    fitting = {"num_classes": 3, "k": 2}
    given = {n: v for n, v in fitting.items() if described.param(n) is not None}
    return Spec(described.kind, freeze_map({**described.example, **given}))


def installed() -> list[Description]:
    there = []
    for each in DESCRIBED:
        try:
            implementation(each)
        except Exception:  # an older Keras, such as Python 3.10's, lacks some
            continue
        there.append(each)
    return there


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> list[EpochEnded]:
    """A training with all metrics at once."""
    events: list[Event] = []
    samples = tiny_samples()
    metrics = tuple(map(spec, installed()))
    project = tiny_project(epochs=2, metrics=metrics)
    folder: Path = tmp_path_factory.mktemp("contract")
    token, dependencies = (
        StopSource().token,
        TrainerDependencies(lambda _project: samples),
    )
    run = Trainer(project, folder, CATALOG, events.append, token, dependencies).train()
    assert run.outcome == "succeeded", run.record.message
    return [event for event in events if isinstance(event, EpochEnded)]


def test_a_training_measures_each_under_the_name_of_the_plan(
    trained: list[EpochEnded],
) -> None:
    plan = TrainingPlan(metrics=tuple(map(spec, installed())))
    for epoch in trained:
        assert set(epoch.metrics) == set(monitors(Project(plan=plan), CATALOG))


def monitoring(name: str, metric: Spec) -> Project:
    plateau = Spec("dlstudio.schedules.OnPlateau", freeze_map({"monitor": name}))
    early = EarlyStopping(monitor=name, patience=1)
    project = tiny_project(metrics=(metric,), schedule=plateau, early_stopping=early)
    return replace(project, plan=replace(project.plan, epochs=9))


@pytest.mark.parametrize("described", DESCRIBED, ids=lambda each: each.kind)
def test_each_is_known_to_the_check_and_to_the_trainer(
    described: Description,
) -> None:
    metric = spec(described)
    (planned,) = plan_metrics([metric], CATALOG)
    for name in (planned.name, f"val_{planned.name}"):
        project = monitoring(name, metric)
        found = check(project, CATALOG, ShapeInference(), FACTS)
        wrong = [p.code for p in found if p.severity == "error"]
        assert wrong == ["no-data"]  # the project has none; the statistics are given
        watch = metric_monitor(name, project, CATALOG, validated=True)
        assert PlanMetric(
            watch.monitor.removeprefix("val_"), watch.larger_is_better
        ) == (planned)


@pytest.mark.parametrize("described", KERAS, ids=lambda each: each.name)
def test_the_direction_is_the_one_of_keras(described: Description) -> None:
    needs(described)
    metric = getattr(keras.metrics, described.name)(**described.example)
    own = getattr(metric, "_direction", None)
    assert own in (None, described.extra["direction"])
