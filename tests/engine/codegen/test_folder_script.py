"""Scripts of images in folders train and export the model that the studio trains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from image_scripts import (
    CATALOG,
    CLASSES,
    SIDE,
    check_images,
    compare_weights,
    defined,
    image_project,
    pictures,
    trained,
    written,
)
from PIL import Image
from tiny import layer

from dlstudio.document.bindings import OutputBinding
from dlstudio.document.graph import INPUT, Edge, Graph, node
from dlstudio.document.plan import IMAGE, LABEL, DataRecipe, EarlyStopping, Split
from dlstudio.document.project import MODEL, RECONSTRUCTION, Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.codegen.project_script import ProjectScripts
from dlstudio.engine.codegen.script import script


def _project(path: Path, **recipe: Any) -> Project:
    source = {"path": str(path), **recipe.pop("source", {})}
    return image_project("folder", source=source, **recipe)


def corrected(folder: Path) -> Project:
    """Copies, a text and a damaged file; images left out, moved and given a class."""
    path = pictures(folder / "animals")
    (path / "bee" / "copy.png").write_bytes((path / "bee" / "3.png").read_bytes())
    (path / "bee" / "notes.txt").write_text("no image")
    (path / "bee" / "torn.png").write_bytes((path / "bee" / "1.png").read_bytes()[:60])
    (path / "cow" / ".hidden.png").write_bytes(b"")
    project = _project(
        path,
        units=4,
        split=Split(validation=0.2, test=0.2, seed=11),
        leave_out=("ant/7.png", "gone.png"),
        changed=FrozenMap(
            {
                "ant/4.png": FrozenMap({LABEL: "cow"}),
                "cow/1.png": FrozenMap({LABEL: "dog"}),
                "cow/2.jpg": FrozenMap({LABEL: "dog"}),
            }
        ),
        moved=FrozenMap({"bee/3.png": "test", "cow/5.png": "validation"}),
    )
    return replace(project, plan=replace(project.plan, class_weights="balanced"))


def variational(folder: Path) -> Project:
    """An image is its own target, through vectors that are drawn."""
    split = Split(stratify=False)
    project = _project(pictures(folder / "animals"), split=split)
    dense = "keras.layers.Dense"
    nodes = [
        node("image", INPUT, shape=(SIDE, SIDE, 3)),
        layer("scale", "Rescaling", scale=1 / 255),
        layer("flat", "Flatten"),
        node("mean", dense, units=2),
        node("log_variance", dense, units=2),
        node("drawn", "dlstudio.layers.Sampling"),
        node("values", dense, units=SIDE * SIDE * 3, activation="sigmoid"),
        layer("grid", "Reshape", target_shape=(SIDE, SIDE, 3)),
    ]
    links = ["image scale", "scale flat", "flat mean", "flat log_variance"]
    links += ["mean drawn", "drawn values", "values grid"]
    edges = [Edge(*link.split()) for link in links]
    edges.append(Edge("log_variance", "drawn", 0, 1))
    graph = Graph(FrozenMap({each.id: each for each in nodes}), tuple(edges))
    return replace(
        project,
        outputs=(OutputBinding(IMAGE, Spec(RECONSTRUCTION)),),
        plan=replace(
            project.plan,
            loss=Spec("keras.losses.BinaryCrossentropy"),
            metrics=(Spec("dlstudio.metrics.mae"),),
            method=Spec("dlstudio.methods.variational", FrozenMap({"beta": 0.5})),
            early_stopping=EarlyStopping("val_kl_loss", patience=5, restore_best=False),
        ),
    ).with_graph(MODEL, graph)


@pytest.mark.parametrize("make", [corrected, variational])
def test_a_script_trains_the_model_that_the_studio_trains(
    make: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project = make(tmp_path)
    text = written(project, tmp_path)
    assert "pandas" not in text
    assert "EXIF" in text
    run = trained(project, tmp_path)
    monkeypatch.chdir(tmp_path)
    theirs, space = compare_weights(run, text, tmp_path)
    printed = capsys.readouterr().out
    assert "Test: {" in printed
    for name, value in run.record.metrics.items():  # those of the last epoch
        shown = printed.rpartition(f"- {name}: ")[2].split()[0]
        assert float(shown) == pytest.approx(value, rel=2e-3, abs=1e-4), name

    check_images(project, tmp_path, space)
    files = sorted((tmp_path / "animals").glob("*/1.png"))
    images = np.stack([np.asarray(Image.open(file)) for file in files])
    wanted = np.asarray(theirs(images))
    served = tf.saved_model.load(str(tmp_path / "Animals_savedmodel"))
    answer = served.signatures["serving_default"](
        image=tf.constant([file.read_bytes() for file in files])
    )
    if project.head == RECONSTRUCTION:
        np.testing.assert_allclose(answer[IMAGE], wanted, rtol=1e-4, atol=1e-5)
        return
    np.testing.assert_allclose(answer["scores"], wanted, rtol=1e-4, atol=1e-5)
    names = np.array([*CLASSES, "dog"])[wanted.argmax(axis=1)]
    assert [each.decode() for each in answer["labels"].numpy()] == names.tolist()
    assert "Not used, as it cannot be decoded: bee/torn.png" in printed


CASES: Mapping[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "splits of the folders": (("train", "val", "test"), {"split": Split("folders")}),
    "a split that the folders lack": (
        ("train", "test"),
        {
            "split": Split("folders", validation=0.3),
            "moved": {"train/ant/1.png": "test"},
        },
    ),
    "folders of splits, split anew": (("train", "test"), {"split": Split(seed=-4)}),
    "some of the classes": (("",), {"source": {"classes": ("ant", "cow")}}),
    "groups by name": (
        ("",),
        {"split": Split(group_by="name", group_pattern="^[0-2]|[3-5]")},
    ),
    "groups by folder": (
        tuple("abcdefgh"),
        {
            "source": {"layout": "subfolders"},
            "split": Split(group_by="folder", group_level=2, stratify=False),
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_images_and_splits_are_those_of_the_studio(name: str, tmp_path: Path) -> None:
    tops, recipe = CASES[name]
    path = pictures(tmp_path / "animals", tops, 6)
    given = {**recipe, "moved": FrozenMap(recipe.get("moved", {}))}
    project = _project(path, **given)
    check_images(project, tmp_path, defined(written(project, tmp_path)))


UNLABELED: Mapping[str, tuple[str, dict[str, Any], Split]] = {
    "in splits": ("folder", {}, Split("folders", 0.2, seed=5)),
    "chosen one by one": (
        "folder",
        {"files": ("train/ant-1.png", "test/cow-0.png", "train/bee-3.png")},
        Split(),
    ),
    "listed": ("csv", {"path": "animals/list.csv", "unlabeled": True}, Split()),
}


@pytest.mark.parametrize("name", UNLABELED)
def test_images_without_classes_are_those_of_the_studio(
    name: str, tmp_path: Path
) -> None:
    kind, params, split = UNLABELED[name]
    path = tmp_path / "animals"
    for top, count in (("train", 6), ("test", 2)):
        made = pictures(tmp_path / "made" / top, count=count)
        (path / top).mkdir(parents=True)
        for file in made.glob("*/*"):
            file.rename(path / top / f"{file.parent.name}-{file.name}")
    files = [each.relative_to(path).as_posix() for each in path.glob("*/*.png")]
    (path / "list.csv").write_text("\n".join(["file", *files[:-3]]) + "\n")
    project = variational(tmp_path / "other")
    source = Spec(f"dlstudio.sources.{kind}", FrozenMap({"path": str(path), **params}))
    project = replace(project, data=DataRecipe(source, split))
    check_images(project, tmp_path, defined(written(project, tmp_path)))


def test_formats_that_tensorflow_does_not_decode_are_converted(tmp_path: Path) -> None:
    path = pictures(tmp_path / "animals", count=4)
    for number, name in enumerate(CLASSES):
        for file in (path / name).glob("[0-1].png"):
            Image.open(file).save(file.with_suffix((".tiff", ".TGA", ".ppm")[number]))
            file.unlink()
    project = _project(path)
    text = written(project, tmp_path)
    assert "import PIL.Image" in text
    check_images(project, tmp_path, defined(text))


def test_what_a_script_cannot_read_leaves_the_model_and_says_so(
    tmp_path: Path,
) -> None:
    project = _project(pictures(tmp_path / "animals", count=3))
    scripts = ProjectScripts(CATALOG)
    assert "def list_images" in scripts.write(project, tmp_path).text

    ranged = FrozenMap({"path": str(tmp_path / "animals"), "value_range": (0.0, 9.0)})
    gone = FrozenMap({"path": str(tmp_path / "gone")})
    for params in (ranged, gone):
        source = Spec("dlstudio.sources.folder", params)
        other = replace(project, data=DataRecipe(source))
        text = scripts.write(other, tmp_path).text
        assert "def list_images" not in text
        assert text.count("#") > script(other, CATALOG).text.count("#")
