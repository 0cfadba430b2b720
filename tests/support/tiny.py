"""A tiny data set and a small project, for tests that train."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from dlstudio.document.graph import INPUT, Graph, Node, node
from dlstudio.document.plan import TrainingPlan
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap

SHAPE = (6, 6, 1)


@dataclass
class TinySamples:
    """Prepared data of noise, with a bright stripe that depends on the class."""

    images: Any
    labels: Any
    classes: tuple[str, ...] = ("a", "b", "c")
    splits: dict[str, Any] = field(default_factory=dict)
    fingerprint: str = "tiny"
    has_several_labels: bool = False
    skipped: tuple[tuple[str, str], ...] = ()
    ids: Sequence[str] = ()

    @property
    def rows(self) -> dict[str, Any]:
        """Images and labels, by feature."""
        return {"image": self.images, "label": self.labels}

    @property
    def fitted(self) -> dict[str, dict[str, Any]]:
        """The names of the classes."""
        return {"label": {"names": list(self.classes)}}


def tiny_samples(count: int = 60, validation: int = 16, seed: int = 0) -> TinySamples:
    """`count` images of three classes, some of them for validation."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 3, count).astype(np.int32)
    images = random.integers(0, 80, (count, *SHAPE)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[2 * label : 2 * label + 2] += 120
    order = random.permutation(count).astype(np.int64)
    splits = {
        "train": np.sort(order[validation:]),
        "validation": np.sort(order[:validation]),
        "test": np.zeros(0, np.int64),
    }
    return TinySamples(images, labels, splits=splits)


def mapped(samples: TinySamples, path: Path) -> TinySamples:
    """The same data, with images in a memory-mapped file."""
    images = samples.images
    np.lib.format.open_memmap(path, "w+", images.dtype, images.shape)[:] = images
    return replace(samples, images=np.load(path, mmap_mode="r"))


def layer(id: str, name: str, **params: Any) -> Node:
    """A node of a Keras layer."""
    return node(id, f"keras.layers.{name}", **params)


def tiny_graph(*middle: Node, units: int = 3, head: str = "softmax") -> Graph:
    """Input, scaling, `middle`, Flatten and a head."""
    return Graph.chain(
        [
            node("input", INPUT, shape=SHAPE),
            layer("scale", "Rescaling", scale=1 / 255),
            *middle,
            layer("flatten", "Flatten"),
            layer("head", "Dense", units=units, activation=head),
        ]
    )


def random_graph() -> Graph:
    """A graph with randomness and state: augmentation, batch norm, dropout."""
    return tiny_graph(
        layer("flip", "RandomFlip", mode="horizontal"),
        layer("shift", "RandomTranslation", height_factor=0.1, width_factor=0.1),
        layer("conv", "Conv2D", filters=4, kernel_size=3, activation="relu"),
        layer("norm", "BatchNormalization"),
        layer("drop", "Dropout", rate=0.3),
    )


def tiny_project(graph: Graph | None = None, **plan: Any) -> Project:
    """A project with `graph`; fields of the plan can be set."""
    plan = {"epochs": 2, "batch_size": 8, "checkpoint_minutes": 0.0, **plan}
    graphs = FrozenMap({"model": graph or tiny_graph()})
    return Project("tiny", graphs=graphs, plan=TrainingPlan(**plan))
