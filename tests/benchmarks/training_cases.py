"""The training cases: models, sizes, and the files both sides read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

CLASSES = 10


@dataclass(frozen=True)
class Case:
    """A model with number and shape of its images.

    Attributes:
        name: Display name.
        shape: Shape of an image.
        samples: Number of training images; a sixth as many for validation.
        graph: Creates the model for a shape.
        batches: Measured batch sizes.
        epochs: Number of epochs.
        warm: Number of warm-up epochs among these.
    """

    name: str
    shape: tuple[int, int, int]
    samples: int
    graph: Callable[[tuple[int, int, int]], Any]
    batches: tuple[int, ...]
    epochs: int = 6
    warm: int = 2


def chain(shape: tuple[int, int, int], *middle: Any) -> Any:
    from dlstudio.document.graph import INPUT, Graph, node

    return Graph.chain(
        [
            node("input", INPUT, shape=shape),
            keras_node("scale", "Rescaling", scale=1 / 255),
            *middle,
            keras_node("head", "Dense", units=10, activation="softmax"),
        ]
    )


def keras_node(id: str, name: str, **params: Any) -> Any:
    from dlstudio.document.graph import node

    return node(id, f"keras.layers.{name}", **params)


def conv(id: str, filters: int, **params: Any) -> Any:
    given = {"kernel_size": 3, "activation": "relu", **params}
    return keras_node(id, "Conv2D", filters=filters, **given)


def digits_cnn(shape: tuple[int, int, int]) -> Any:
    """Two convolutions for the 8×8 digits."""
    return chain(
        shape,
        conv("conv_1", 32, padding="same"),
        conv("conv_2", 64, padding="same"),
        keras_node("pool", "MaxPooling2D"),
        keras_node("drop_1", "Dropout", rate=0.25),
        keras_node("flatten", "Flatten"),
        keras_node("dense", "Dense", units=64, activation="relu"),
        keras_node("drop_2", "Dropout", rate=0.5),
    )


def two_convolutions(shape: tuple[int, int, int]) -> Any:
    """The usual first network for 28×28 images."""
    return chain(
        shape,
        conv("conv_1", 32),
        keras_node("pool_1", "MaxPooling2D"),
        conv("conv_2", 64),
        keras_node("pool_2", "MaxPooling2D"),
        keras_node("flatten", "Flatten"),
        keras_node("drop", "Dropout", rate=0.5),
    )


def residual(shape: tuple[int, int, int]) -> Any:
    """Three residual blocks of plain layers."""
    from dlstudio.document.graph import INPUT, Edge, Graph, node
    from dlstudio.document.values import FrozenMap

    nodes = [node("input", INPUT, shape=shape)]
    edges: list[Edge] = []

    def add(made: Any, *sources: str) -> str:
        edges.extend(Edge(s, made.id, 0, port) for port, s in enumerate(sources))
        nodes.append(made)
        return str(made.id)

    def norm_conv(id: str, source: str, filters: int, **params: Any) -> str:
        given = {"padding": "same", "use_bias": False, "activation": None, **params}
        made = add(conv(f"{id}_conv", filters, **given), source)
        return add(keras_node(f"{id}_norm", "BatchNormalization"), made)

    last = add(keras_node("scale", "Rescaling", scale=1 / 255), "input")
    last = add(keras_node("relu", "ReLU"), norm_conv("stem", last, 16))
    for number, (filters, strides) in enumerate(((16, 1), (32, 2), (64, 2))):
        stem = f"block_{number}"
        way = norm_conv(f"{stem}_a", last, filters, strides=strides)
        way = add(keras_node(f"{stem}_relu", "ReLU"), way)
        way = norm_conv(f"{stem}_b", way, filters)
        if strides > 1:
            short = {"strides": strides, "kernel_size": 1}
            last = norm_conv(f"{stem}_short", last, filters, **short)
        last = add(keras_node(f"{stem}_add", "Add"), last, way)
        last = add(keras_node(f"{stem}_out", "ReLU"), last)
    last = add(keras_node("pool", "GlobalAveragePooling2D"), last)
    add(keras_node("head", "Dense", units=10, activation="softmax"), last)
    return Graph(FrozenMap((each.id, each) for each in nodes), tuple(edges))


STEADY = (
    Case("digits CNN 8×8", (8, 8, 1), 1347, digits_cnn, (32,), epochs=12),
    Case("two convolutions 28×28", (28, 28, 1), 2560, two_convolutions, (32, 128)),
    Case("residual net 32×32", (32, 32, 3), 768, residual, (32,)),
)
FASHION = Case(
    "two convolutions, 60,000 images of 28×28",
    (28, 28, 1),
    60_000,
    two_convolutions,
    (128,),
    epochs=2,
    warm=1,
)
"""As large as Fashion-MNIST; measured from the start of the program."""


def write_data(path: Path, case: Case, images: Any = None) -> None:
    """Write an .npz file of uint8 images with labels, for training and validation.

    Args:
        images: (images, labels), repeated as needed; noise by default: speed does not
            depend on the content.
    """
    counts = {"train": case.samples, "val": max(1, case.samples // 6)}
    random = np.random.default_rng(0)
    arrays = {}
    for split, count in counts.items():
        if images is None:
            x = random.integers(0, 256, (count, *case.shape), dtype=np.uint8)
            y = (np.arange(count) % CLASSES).astype(np.int32)
        else:
            rows = random.integers(0, len(images[0]), count)
            x, y = images[0][rows], images[1][rows]
        arrays |= {f"x_{split}": x, f"y_{split}": y}
    np.savez(path, **arrays)


def read_images(folder: Path, shape: tuple[int, int, int]) -> tuple[Any, Any]:
    """The images of a folder with one folder for each class, uint8, and their labels.

    Raises:
        SystemExit: The number of classes does not match the models.
    """
    from PIL import Image

    top = folder / "train" if (folder / "train").is_dir() else folder
    names = sorted(each.name for each in top.iterdir() if each.is_dir())
    if len(names) != CLASSES:
        raise SystemExit(f"{top} holds {len(names)} classes; {CLASSES} are needed.")
    mode, size = ("L" if shape[2] == 1 else "RGB"), (shape[1], shape[0])
    found, labels = [], []
    for label, name in enumerate(names):
        for path in sorted((top / name).iterdir()):
            with Image.open(path) as image:
                found.append(np.asarray(image.convert(mode).resize(size), np.uint8))
            labels.append(label)
    return np.stack(found).reshape(-1, *shape), np.array(labels, np.int32)


def write_project(folder: Path, case: Case, batch: int, data: Path) -> Path:
    """Write the project and its model as a script; returns the project's path."""
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.plan import DataRecipe, Split, TrainingPlan
    from dlstudio.document.project import MODEL, Project
    from dlstudio.document.storage import save_project
    from dlstudio.document.values import FrozenMap, Spec
    from dlstudio.engine.codegen.script import script

    plan = TrainingPlan(epochs=case.epochs, batch_size=batch, device="cpu")
    source = Spec("dlstudio.sources.arrays", FrozenMap({"path": str(data)}))
    graphs = FrozenMap({MODEL: case.graph(case.shape)})
    recipe = DataRecipe(source, Split("folders", test=0.0))
    project = Project(case.name, graphs=graphs, plan=plan, data=recipe)
    save_project(project, folder)
    path = folder.with_suffix(".py")
    path.write_text(script(project, Catalog.load()).text, "utf-8")
    return path
