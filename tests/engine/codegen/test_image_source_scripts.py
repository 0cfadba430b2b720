"""Scripts read every source of images, and see the samples that the studio sees."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from image_scripts import (
    CLASSES,
    check_images,
    compare_weights,
    defined,
    image_project,
    pictures,
    trained,
    written,
)
from tiny import layer

from dlstudio.document.bindings import OutputBinding
from dlstudio.document.graph import INPUT, NESTED, Graph, node
from dlstudio.document.plan import (
    IMAGE,
    LABEL,
    EarlyStopping,
    HeadFirst,
    Split,
)
from dlstudio.document.project import MODEL, RECONSTRUCTION, Project
from dlstudio.document.values import FrozenMap, Spec

BY_SOURCE = Split("folders", validation=0.3)


def _lines(*rows: str) -> str:
    return "\n".join(rows) + "\n"


LISTED = [f"{name}/{each}" for name in CLASSES for each in range(6) if each != 2]
TABLES: dict[str, tuple[str, dict[str, Any]]] = {
    "files and classes": (
        _lines(
            "file,label",
            *(f"{file}.png, {file.partition('/')[0]}" for file in LISTED),
            "gone.png,ant",
            "ant/1.png,ant",
            "bee/1.png,",
        ),
        {"leave_out": ("cow/0.png",)},
    ),
    "splits, no endings, another encoding": (
        _lines(
            "sep=;",
            "Größe;id;set;Art",
            *(
                f"1;{file};{('train', 'Val', 'nix', '')[each % 4]};{file[:3]}"
                for each, file in enumerate(LISTED)
            ),
        ),
        {
            "source": {"label_columns": ("Art",)},
            "split": BY_SOURCE,
            "changed": FrozenMap({"ant/1.png": FrozenMap({LABEL: "emu"})}),
        },
    ),
    "no header, backslashes, spellings": (
        _lines(
            *(
                f"{file}.png\t{file[:3].upper() if each == 4 else file[:3]}".replace(
                    "/", "\\"
                )
                for each, file in enumerate(LISTED)
            )
        ),
        {"source": {"ignore_case": True}},
    ),
    "several labels": (
        _lines(
            "image,tags",
            *(
                f"{file}.png,{'|'.join([file[:3], 'odd'][each % 2 :])}"
                for each, file in enumerate(LISTED)
            ),
            "ant/2.jpg,",
        ),
        {"changed": FrozenMap({"ant/1.png": FrozenMap({LABEL: "odd|new"})})},
    ),
    "a column for each label": (
        _lines(
            "image,part,small,red",
            *(
                f"{file}.png,{('train', 'test')[each % 5 == 0]},{each % 2},"
                f"{('yes', 'no')[each % 3 == 0]}"
                for each, file in enumerate(LISTED)
            ),
        ),
        {"split": BY_SOURCE, "moved": FrozenMap({"bee/1.png": "validation"})},
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_images_of_a_table_are_those_of_the_studio(name: str, tmp_path: Path) -> None:
    text, recipe = TABLES[name]
    folder = pictures(tmp_path / "pets", count=6)
    encoding = "cp1252" if "encoding" in name else "utf-8-sig"
    (folder / "labels.csv").write_text(text, encoding)
    given = {
        **recipe,
        "source": {"path": "pets/labels.csv", **recipe.get("source", {})},
    }
    project = image_project("csv", **given)
    if "label" in name:
        project = _with_labels(project, 4)
    check_images(project, tmp_path, defined(written(project, tmp_path)))


def _with_labels(project: Project, units: int) -> Project:
    head = Spec("dlstudio.heads.multi_label")
    loss = Spec("keras.losses.BinaryCrossentropy")
    plan = replace(project.plan, loss=loss, class_weights="balanced")
    graph = project.model
    out = layer("out", "Dense", units=units, activation="sigmoid")
    return replace(
        project, outputs=(OutputBinding(LABEL, head),), plan=plan
    ).with_graph(MODEL, replace(graph, nodes=graph.nodes.set("out", out)))


def _arrays(count: int = 24, *shape: int) -> tuple[Any, Any]:
    random = np.random.default_rng(8)
    labels = np.arange(count) % 3
    images = random.integers(0, 90, (count, *shape)) + 60 * labels.reshape(
        -1, *([1] * len(shape))
    )
    return images, labels


def npz(folder: Path) -> Project:
    """Values from 0 to 1, in splits; names of the classes; more than one channel."""
    images, labels = _arrays(30, 9, 9, 3)
    values = (images / 255).astype("float32")
    values[:2] = values[2:4]  # copies
    names = np.array(CLASSES)
    np.savez(
        folder / "data.npz",
        x_train=values[:20],
        y_train=labels[:20, None],
        x_test=values[20:],
        y_test=labels[20:, None],
        classes=names,
    )
    return image_project(
        "arrays",
        source={"path": "data.npz"},
        side=9,
        channels=1,
        split=BY_SOURCE,
        leave_out=("train/10", "test/2"),
        moved=FrozenMap({"train/2": "test", "test/5": "train"}),
        changed=FrozenMap({"train/9": FrozenMap({LABEL: "emu"})}),
    )


def npy(folder: Path) -> Project:
    """16 bits with a range of their own, resized; labels that are numbers."""
    images, labels = _arrays(24, 8, 10)
    np.save(folder / "images.npy", (images * 16 + 200).astype(np.uint16))
    np.save(folder / "labels.npy", labels.astype("float32") * 5)
    source = {"path": "images.npy", "value_range": (200.0, 2600.0)}
    return image_project("arrays", source=source, side=12, channels=3)


def labels_npz(folder: Path) -> Project:
    """Any number of labels for each image."""
    images, labels = _arrays(24, 12, 12, 4)
    several = np.stack([labels > 0, labels == 1, np.arange(24) % 5 == 0], axis=1)
    np.savez_compressed(
        folder / "data.npz", images=images.astype(np.uint8), labels=several
    )
    project = image_project("arrays", source={"path": "data.npz"})
    return _with_labels(project, 3)


def idx(folder: Path) -> Project:
    """Files as of MNIST, some of them packed."""
    images, labels = _arrays(30, 12, 12)
    for name, rows in (("train", slice(0, 20)), ("t10k", slice(20, 30))):
        for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
            data = array[rows].astype(np.uint8)
            head = bytes((0, 0, 8, data.ndim)) + np.array(data.shape, ">u4").tobytes()
            path = folder / f"{name}-{kind}-ubyte"
            if name == "train":
                path.write_bytes(head + data.tobytes())
            else:
                Path(f"{path}.gz").write_bytes(gzip.compress(head + data.tobytes()))
    return image_project(
        "idx", source={"path": "."}, channels=1, split=Split(stratify=False, seed=2)
    )


def digits(folder: Path) -> Project:
    """Those that are built in."""
    del folder
    return image_project("digits", units=10, side=8, channels=1)


@pytest.mark.parametrize("make", [npz, npy, labels_npz, idx, digits])
def test_images_in_arrays_are_those_of_the_studio(make: Any, tmp_path: Path) -> None:
    project = make(tmp_path)
    check_images(project, tmp_path, defined(written(project, tmp_path)))


def test_a_dataset_of_keras_is_not_loaded_for_its_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = {"name": "cifar10"}
    project = image_project("keras_set", source=source, units=10, side=32)
    text = written(project, tmp_path)

    random = np.random.default_rng(3)

    def load_data() -> Any:
        def some(count: int) -> Any:
            images = random.integers(0, 255, (count, 32, 32, 3)).astype(np.uint8)
            return images, random.integers(0, 10, (count, 1)).astype(np.uint8)

        return some(40), some(10)

    made = load_data()
    monkeypatch.setattr(keras.datasets.cifar10, "load_data", lambda: made)
    check_images(project, tmp_path, defined(text))


def last_layer_first(project: Project) -> Project:
    """An autoencoder whose last layer trains before the others."""
    nodes = [
        node("image", INPUT, shape=(8, 8, 1)),
        layer("scale", "Rescaling", scale=1 / 255),
        layer("conv", "Conv2D", filters=3, kernel_size=3, padding="same"),
        layer("out", "Conv2D", filters=1, kernel_size=1, activation="sigmoid"),
    ]
    return replace(
        project,
        outputs=(OutputBinding(IMAGE, Spec(RECONSTRUCTION)),),
        plan=replace(
            project.plan,
            loss=Spec("keras.losses.MeanSquaredError"),
            metrics=(),
            early_stopping=EarlyStopping("val_loss", patience=1, min_delta=9.0),
            head_first=HeadFirst(2, 0.5),
        ),
    ).with_graph(MODEL, Graph.chain(nodes))


def backbone_last(project: Project) -> Project:
    """A classifier whose inner model, of which a layer is frozen, trains later."""
    inner = [
        node("pixels", INPUT, shape=(8, 8, 1)),
        layer("first", "Conv2D", filters=3, kernel_size=3, activation="relu"),
        replace(layer("fixed", "Conv2D", filters=3, kernel_size=3), frozen=True),
        layer("pool", "GlobalAveragePooling2D"),
    ]
    nodes = [
        node("image", INPUT, shape=(8, 8, 1)),
        layer("scale", "Rescaling", scale=1 / 255),
        node("base", NESTED, graph="base"),
        layer("out", "Dense", units=3, activation="softmax"),
    ]
    cosine = Spec("dlstudio.schedules.Cosine", FrozenMap({"warmup_epochs": 1.0}))
    plan = replace(project.plan, schedule=cosine, head_first=HeadFirst(1, 0.3))
    graphs = project.graphs.set("base", Graph.chain(inner))
    return replace(project, plan=plan, graphs=graphs).with_graph(
        MODEL, Graph.chain(nodes)
    )


@pytest.mark.parametrize("make", [last_layer_first, backbone_last])
def test_a_script_trains_the_head_first_where_the_plan_does(
    make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images, labels = _arrays(40, 8, 8)
    np.savez(tmp_path / "data.npz", x=images.astype(np.uint8), y=labels)
    project = image_project("arrays", source={"path": "data.npz"})
    project = make(replace(project, plan=replace(project.plan, epochs=4)))
    text = written(project, tmp_path)
    run = trained(project, tmp_path)
    monkeypatch.chdir(tmp_path)
    compare_weights(run, text, tmp_path)
