"""A folder of tiny images, and projects that reconstruct them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from dlstudio.document.graph import Edge, Node, node
from dlstudio.document.project import RECONSTRUCTION, Project
from tests.support.drawn import SCALE, image, layer, project, spec


def folders(root: Path, count: int = 20, size: tuple[int, int] = (8, 8)) -> Path:
    """Grey images with a bright half, left or right; `count` of each."""
    random = np.random.default_rng(0)
    for name in ("left", "right"):
        folder = root / "images" / name
        folder.mkdir(parents=True)
        for number in range(count):
            values = random.integers(0, 40, size).astype(np.uint8)
            half = (
                slice(0, size[1] // 2) if name == "left" else slice(size[1] // 2, None)
            )
            values[:, half] += np.uint8(random.integers(100, 200))
            Image.fromarray(values).save(folder / f"{number:02}.png")
    return root / "images"


def reconstructing(
    *middle: Node, loss: str = "MeanSquaredError", **plan: Any
) -> Project:
    """A project whose 12×12×1 images go through `middle`."""
    return project(
        [image(), SCALE, *middle],
        head=RECONSTRUCTION,
        loss=spec(f"keras.losses.{loss}"),
        metrics=(spec("dlstudio.metrics.mae"),),
        **plan,
    )


def with_sampling(**plan: Any) -> Project:
    """A project whose model draws its latent vectors."""
    made = reconstructing(
        layer("flat", "Flatten"),
        layer("mean", "Dense", units=4),
        layer("wide", "Dense", units=144, activation="sigmoid"),
        layer("grid", "Reshape", target_shape=(12, 12, 1)),
        **plan,
    )
    graph = made.model.with_nodes(
        [layer("variance", "Dense", units=4), node("z", "dlstudio.layers.Sampling")]
    )
    kept = [each for each in graph.edges if each.source != "mean"]
    added = [
        Edge("flat", "variance"),
        Edge("mean", "z"),
        Edge("variance", "z", 0, 1),
        Edge("z", "wide"),
    ]
    return made.with_graph("model", replace(graph, edges=(*kept, *added)))


def last_layer(activation: str = "sigmoid", filters: int = 1) -> Node:
    """A convolution that gives an image."""
    return layer(
        "last",
        "Conv2D",
        filters=filters,
        kernel_size=3,
        padding="same",
        activation=activation,
    )
