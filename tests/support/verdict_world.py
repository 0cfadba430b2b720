"""Tiny trainings whose verdict is known in advance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from tiny import SHAPE, TinySamples, layer, tiny_graph, tiny_project

from dlstudio.catalog.store import Catalog
from dlstudio.document.plan import TrainingPlan
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runtime.stop_token import StopSource
from tests.support.heads import with_head

CATALOG = Catalog.load()
SIGMOID_LOSS = Spec("keras.losses.BinaryCrossentropy")
TAGGING = "dlstudio.heads.multi_label"


@dataclass
class NamedTiny(TinySamples):
    """Tiny samples with names."""

    ids: Sequence[str] = field(default_factory=tuple)


def stripes(labels: Any, noise: int = 80, stripe: int = 120, seed: int = 0) -> Any:
    """Noise with a bright stripe for the class (or each label)."""
    random = np.random.default_rng(seed)
    images = random.integers(0, noise, (len(labels), *SHAPE)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        found = [label] if np.ndim(label) == 0 else np.flatnonzero(label)
        for each in found:
            image[2 * each : 2 * each + 2] += stripe
    return images


def samples_of(images: Any, labels: Any, **splits: int) -> NamedTiny:
    """Samples: the first for training, the next for validation and testing."""
    names = ("train", "validation", "test")
    ends = np.cumsum([splits.get(name, 0) for name in names])
    parts = np.split(np.arange(len(labels), dtype=np.int64), ends)[:3]
    return NamedTiny(
        images,
        np.asarray(labels, np.int32),
        splits=dict(zip(names, parts, strict=True)),
        has_several_labels=np.ndim(labels) == 2,
        ids=tuple(f"{number}.png" for number in range(len(labels))),
    )


def in_turn(count: int, classes: int = 3) -> Any:
    """Labels 0, 1, 2, 0, 1, 2, …"""
    return np.arange(count) % classes


def dense(units: int = 32) -> Any:
    """A layer that can memorize small images."""
    return layer("dense", "Dense", units=units, activation="relu")


def project_of(*middle: Any, rate: float = 0.01, **plan: Any) -> Project:
    """A project with a small model that is trained with Adam."""
    graph = tiny_graph(layer("flat", "Flatten"), *middle)
    optimizer = Spec("keras.optimizers.Adam", FrozenMap({"learning_rate": rate}))
    return tiny_project(graph, **{"optimizer": optimizer, "epochs": 30, **plan})


def tagging(project: Project) -> Project:
    """The same with any number of labels per image."""
    graph = project.model
    head = replace(
        graph.nodes["head"],
        params=graph.nodes["head"].params.set("activation", "sigmoid"),
    )
    plan: TrainingPlan = replace(project.plan, loss=SIGMOID_LOSS)
    changed = project.with_graph("model", graph.with_nodes([head]))
    return with_head(replace(changed, plan=plan), TAGGING)


def train(project: Project, samples: Any, folder: Path) -> Run:
    """Run a real training."""
    from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

    dependencies = TrainerDependencies(lambda _project: samples)
    token = StopSource().token
    return Trainer(
        project, folder, CATALOG, lambda _e: None, token, dependencies
    ).train()


def report_of(run: Run, samples: Any, split: str = "") -> dict[str, Any]:
    """The run's report on its held-out samples, with verdict."""
    from dlstudio.engine.evaluation.evaluate_image_classes import evaluate
    from dlstudio.engine.evaluation.held_out import held_out, with_verdict
    from dlstudio.engine.prediction.image_classifier import load_trained

    trained = load_trained(run, CATALOG)
    report = evaluate(trained, samples, split or held_out(samples))
    return with_verdict(report, run, CATALOG).to_json()
