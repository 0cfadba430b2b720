"""Scripts of images in folders train and export the model that the studio trains."""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from tiny import layer

from dlstudio.catalog.store import Catalog
from dlstudio.document.bindings import OutputBinding
from dlstudio.document.graph import INPUT, Graph, node
from dlstudio.document.plan import IMAGE, LABEL, DataRecipe, Split, TrainingPlan
from dlstudio.document.project import MODEL, RECONSTRUCTION, Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.codegen.project_script import ProjectScripts
from dlstudio.engine.codegen.script import script
from dlstudio.engine.prediction.model_file import load_model
from dlstudio.engine.project.data import prepare_project
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runtime.stop_token import StopSource
from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

CATALOG = Catalog.load()
CLASSES = ("ant", "bee", "cow")
SIDE = 12


def _pictures(folder: Path, tops: tuple[str, ...] = ("",), count: int = 10) -> Path:
    """Noise, brighter for each class; some larger than the model takes."""
    random = np.random.default_rng(5)
    for top in tops:
        for number, name in enumerate(CLASSES):
            (folder / top / name).mkdir(parents=True)
            for each in range(count):
                shape = (SIDE + 4 * (each % 3 == 0), SIDE, 3)
                pixels = random.integers(0, 100, shape) + 70 * number
                ending = "jpg" if each == 2 else "png"
                file = folder / top / name / f"{each}.{ending}"
                Image.fromarray(pixels.astype(np.uint8)).save(file)
    return folder


def _project(path: Path, *, units: int = 3, **recipe: Any) -> Project:
    params = {"path": str(path), **recipe.pop("source", {})}
    nodes = [
        node("image", INPUT, shape=(SIDE, SIDE, 3)),
        layer("scale", "Rescaling", scale=1 / 255),
        layer("conv", "Conv2D", filters=4, kernel_size=3, activation="relu"),
        layer("flat", "Flatten"),
        layer("drop", "Dropout", rate=0.2),
        layer("out", "Dense", units=units, activation="softmax"),
    ]
    source = Spec("dlstudio.sources.folder", FrozenMap(params))
    return Project(
        "Animals",
        data=DataRecipe(source, **recipe),
        plan=TrainingPlan(
            optimizer=Spec("keras.optimizers.Adam", FrozenMap({"learning_rate": 0.01})),
            class_weights="balanced",
            epochs=2,
            batch_size=8,
            seed=3,
        ),
    ).with_graph(MODEL, Graph.chain(nodes))


def corrected(folder: Path) -> Project:
    """Copies, a text among the images; images left out, moved and given a class."""
    path = _pictures(folder / "animals")
    (path / "bee" / "copy.png").write_bytes((path / "bee" / "3.png").read_bytes())
    (path / "bee" / "notes.txt").write_text("no image")
    (path / "cow" / ".hidden.png").write_bytes(b"")
    return _project(
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


def reconstructed(folder: Path) -> Project:
    """An image is its own target."""
    project = _project(_pictures(folder / "animals"), split=Split(stratify=False))
    nodes = [
        node("image", INPUT, shape=(SIDE, SIDE, 3)),
        layer("scale", "Rescaling", scale=1 / 255),
        layer("conv", "Conv2D", filters=4, kernel_size=3, padding="same"),
        layer("out", "Conv2D", filters=3, kernel_size=1, activation="sigmoid"),
    ]
    return replace(
        project,
        outputs=(OutputBinding(IMAGE, Spec(RECONSTRUCTION)),),
        plan=replace(
            project.plan,
            loss=Spec("keras.losses.MeanSquaredError"),
            metrics=(Spec("dlstudio.metrics.mae"),),
            class_weights="none",
        ),
    ).with_graph(MODEL, Graph.chain(nodes))


def unlabeled(folder: Path) -> Project:
    """Images without classes, in splits."""
    path = folder / "animals"
    for name, count in (("train", 6), ("test", 2)):
        made = _pictures(folder / "made" / name, count=count)
        (path / name).mkdir(parents=True)
        for file in made.glob("*/*"):
            file.rename(path / name / f"{file.parent.name}-{file.name}")
    project = reconstructed(folder / "other")
    source = project.data.source.with_param("path", str(path))
    return replace(project, data=DataRecipe(source, Split("folders", 0.2, seed=5)))


def _trained(project: Project, folder: Path) -> Run:
    token = StopSource().token
    dependencies = TrainerDependencies(
        lambda given: prepare_project(given, folder, CATALOG, None, token)
    )
    run = Trainer(
        project, folder, CATALOG, lambda event: None, token, dependencies
    ).train()
    assert run.outcome == "succeeded", run.record.message
    return run


@pytest.mark.parametrize("make", [corrected, reconstructed, unlabeled])
def test_a_script_trains_the_model_that_the_studio_trains(
    make: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project = make(tmp_path)
    text = ProjectScripts(CATALOG).write(project, tmp_path).text
    lines = [line for line in text.splitlines() if not line.startswith("FOLDER")]
    assert max(map(len, lines)) <= 88
    assert "pandas" not in text
    assert "EXIF" in text
    trained = _trained(project, tmp_path).model_path
    assert trained is not None
    ours = load_model(trained)

    monkeypatch.chdir(tmp_path)
    keras.utils.clear_session()
    (tmp_path / "program.py").write_text(text, "utf-8")
    space = runpy.run_path("program.py", run_name="__main__")
    theirs = keras.saving.load_model(tmp_path / "Animals.keras")
    assert [w.path for w in theirs.weights] == [w.path for w in ours.weights]
    for mine, other in zip(ours.weights, theirs.weights, strict=True):
        np.testing.assert_allclose(other, mine, rtol=1e-3, atol=1e-4, err_msg=mine.path)
    assert "Test: {" in capsys.readouterr().out

    _check_splits(project, tmp_path, space)
    files = sorted((tmp_path / "animals").glob("*/*1.png"))
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


def _check_splits(project: Project, folder: Path, space: Mapping[str, Any]) -> None:
    """The script uses the same images, classes, splits and pixels."""
    token = StopSource().token
    prepared = prepare_project(project, folder, CATALOG, None, token)
    images = space["list_images"]()
    assert list(images) == list(prepared.ids)
    names = [*prepared.classes, ""]  # the last one of images without a class
    assert list(images.values()) == [names[n] for n in prepared.labels]
    splits = space["split_images"](images)
    for name, places in prepared.splits.items():
        assert splits[name].tolist() == places.tolist(), name
    inputs, _targets = space["prepare"](images)
    np.testing.assert_array_equal(inputs[IMAGE], prepared.images)


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
}


@pytest.mark.parametrize("name", CASES)
def test_images_and_splits_are_those_of_the_studio(name: str, tmp_path: Path) -> None:
    tops, recipe = CASES[name]
    path = _pictures(tmp_path / "animals", tops, 6)
    given = {**recipe, "moved": FrozenMap(recipe.get("moved", {}))}
    project = _project(path, **given)
    text = ProjectScripts(CATALOG).write(project, tmp_path).text
    space: dict[str, Any] = {"__name__": "written"}
    exec(compile(text, "written.py", "exec"), space)
    _check_splits(project, tmp_path, space)


def test_what_a_script_cannot_read_leaves_the_model_and_says_so(
    tmp_path: Path,
) -> None:
    project = _project(_pictures(tmp_path / "animals", count=3))
    scripts = ProjectScripts(CATALOG)
    assert "def list_images" in scripts.write(project, tmp_path).text

    grouped = Split(group_by="name", group_pattern="^.")
    others = [
        replace(project, data=replace(project.data, split=grouped)),
        replace(project, data=DataRecipe(Spec("dlstudio.sources.keras_set"))),
    ]
    for other in others:
        text = scripts.write(other, tmp_path).text
        assert "def list_images" not in text
        assert "    # A script " in text
        assert text.count("#") == script(other, CATALOG).text.count("#") + 1

    (tmp_path / "animals" / "ant" / "more.tiff").write_bytes(b"II*\0")
    assert "“.tiff”" in scripts.write(project, tmp_path).text
