"""Scripts of images: small projects, and the check that a script sees the same."""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
from PIL import Image
from tiny import layer

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, Graph, node
from dlstudio.document.plan import IMAGE, LABEL, DataRecipe, TrainingPlan
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.codegen.project_script import ProjectScripts
from dlstudio.engine.prediction.model_file import load_model
from dlstudio.engine.project.data import prepare_project
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runtime.stop_token import StopSource
from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

CATALOG = Catalog.load()
CLASSES = ("ant", "bee", "cow")
SIDE = 12


def pictures(folder: Path, tops: tuple[str, ...] = ("",), count: int = 10) -> Path:
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


def image_project(
    kind: str, *, units: int = 3, side: int = SIDE, channels: int = 3, **recipe: Any
) -> Project:
    """A small classifier of images.

    Args:
        kind: Of the source.
        units: Of the last layer.
        side, channels: Of the images that the model takes.
        recipe: Of the data; "source" has the parameters of the source.
    """
    nodes = [
        node("image", INPUT, shape=(side, side, channels)),
        layer("scale", "Rescaling", scale=1 / 255),
        layer("conv", "Conv2D", filters=4, kernel_size=3, activation="relu"),
        layer("flat", "Flatten"),
        layer("drop", "Dropout", rate=0.2),
        layer("out", "Dense", units=units, activation="softmax"),
    ]
    source = Spec(f"dlstudio.sources.{kind}", FrozenMap(recipe.pop("source", {})))
    return Project(
        "Animals",
        data=DataRecipe(source, **recipe),
        plan=TrainingPlan(
            optimizer=Spec("keras.optimizers.Adam", FrozenMap({"learning_rate": 0.01})),
            epochs=2,
            batch_size=8,
            seed=3,
        ),
    ).with_graph(MODEL, Graph.chain(nodes))


def written(project: Project, folder: Path) -> str:
    """The script of a project, which reads the data."""
    text = ProjectScripts(CATALOG).write(project, folder).text
    places = ("FOLDER", "TABLE", "FILE", "LABELS")
    lines = [line for line in text.splitlines() if not line.startswith(places)]
    assert max(map(len, lines)) <= 88, max(lines, key=len)
    assert "def split_images" in text, text
    assert "dlstudio." not in text.partition('"""')[2].partition('"""')[2]
    return text


def defined(text: str) -> dict[str, Any]:
    """What a script defines."""
    space: dict[str, Any] = {"__name__": "written"}
    exec(compile(text, "written.py", "exec"), space)
    return space


def loaded(space: Mapping[str, Any]) -> tuple[Any, Any, Any, Any]:
    """What a script loads: labels by name, splits, inputs and targets."""
    given = []
    if "list_images" in space:
        images = space["list_images"]()
        if isinstance(images, tuple):
            images, listed = images
            given = [listed]
        images, pixels = space["read_images"](images)
    else:
        images, pixels = space["load_images"]()
        given = [pixels]
    splits = space["split_images"](images, *given)
    return images, splits, *space["prepare"](images, pixels)


def check_images(project: Project, folder: Path, space: Mapping[str, Any]) -> None:
    """Check that a script uses the same images, labels, splits and pixels.

    Args:
        project: What was written.
        folder: Of the project.
        space: What the script defines.
    """
    token = StopSource().token
    prepared = prepare_project(project, folder, CATALOG, None, token)
    images, splits, inputs, targets = loaded(space)
    assert list(images) == list(prepared.ids)
    known = np.array(prepared.classes)
    for label, row in zip(images.values(), prepared.labels, strict=True):
        if prepared.has_several_labels:
            assert sorted(label) == sorted(known[row.astype(bool)])
        else:
            assert label == (known[row] if row >= 0 else "")
    for name, places in prepared.splits.items():
        assert splits[name].tolist() == places.tolist(), name
    np.testing.assert_array_equal(inputs[IMAGE], prepared.rows[IMAGE])
    if LABEL in targets:
        np.testing.assert_array_equal(targets[LABEL], prepared.labels)


def trained(project: Project, folder: Path) -> Run:
    """A run of the studio."""
    token = StopSource().token
    dependencies = TrainerDependencies(
        lambda given: prepare_project(given, folder, CATALOG, None, token)
    )
    run = Trainer(
        project, folder, CATALOG, lambda event: None, token, dependencies
    ).train()
    assert run.outcome == "succeeded", run.record.message
    return run


def compare_weights(run: Run, text: str, folder: Path) -> tuple[Any, dict[str, Any]]:
    """Run a script, and check that its weights are those of a run.

    Args:
        run: Of the studio.
        text: The script; the project is called “Animals”.
        folder: The current one, into which it writes.

    Returns:
        The script's model, and what the script defines.
    """
    path = run.model_path
    assert path is not None
    ours = load_model(path)
    keras.utils.clear_session()
    (folder / "program.py").write_text(text, "utf-8")
    space = runpy.run_path("program.py", run_name="__main__")
    theirs = keras.saving.load_model(folder / "Animals.keras")
    assert [w.path for w in theirs.weights] == [w.path for w in ours.weights]
    for mine, other in zip(ours.weights, theirs.weights, strict=True):
        np.testing.assert_allclose(other, mine, rtol=1e-3, atol=1e-4, err_msg=mine.path)
    return theirs, space
