"""The check of a project agrees with its training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import pytest
from drawn import FLATTEN, SCALE, conv, head, image, layer, project
from PIL import Image
from small_images import class_folders, encoded, photo, write

from dlstudio.catalog.store import Catalog
from dlstudio.document.analysis import ImageExamination
from dlstudio.document.events import Event, RunStarted, SamplesExcluded
from dlstudio.document.graph import OPAQUE, Node
from dlstudio.document.plan import DataRecipe
from dlstudio.document.problems import Problem
from dlstudio.document.project import Project
from dlstudio.document.values import Spec, freeze_map
from dlstudio.engine.model.opaque import describe_opaque
from dlstudio.engine.model.opaque_weights import write_weights
from dlstudio.engine.project.analysis import Analyser
from dlstudio.engine.project.check import check_project, prepare_training
from dlstudio.engine.runtime.stop_token import StopSource
from dlstudio.engine.training.trainer import Trainer, TrainerDependencies
from dlstudio.errors import UserError
from tests.support.labels import relabeled

CATALOG = Catalog.load()
FOLDER = "dlstudio.sources.folder"


def of(path: str, kind: str = FOLDER, **recipe: Any) -> Project:
    """A small classifier of two classes, with images beside it."""
    source = Spec(kind, freeze_map({"path": path}))
    nodes = [image(8, 8, 3), SCALE, FLATTEN, head(2)]
    return project(nodes, data=DataRecipe(source, **recipe), epochs=1, batch_size=4)


def problems(made: Project, folder: Path) -> dict[str, Problem]:
    return {each.code: each for each in check_project(made, folder, CATALOG).problems}


def train(made: Project, folder: Path) -> tuple[Any, list[Event]]:
    events: list[Event] = []
    token = StopSource().token

    def prepare(wanted: Project) -> Any:
        return prepare_training(wanted, folder, CATALOG, None, token)

    trainer = Trainer(
        made, folder, CATALOG, events.append, token, TrainerDependencies(prepare)
    )
    return trainer.train(), events


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A project's folder with images, four of them unreadable."""
    root = class_folders(tmp_path / "images", count=20)
    whole = encoded(photo(), "PNG")
    write(root / "cat" / "empty.png", b"")
    write(root / "cat" / "text.png", b"no image at all")
    write(root / "dog" / "half.png", whole[: len(whole) // 2])
    write(root / "dog" / "empty.png", b"")
    return tmp_path


def test_excluded_samples_are_known_before_and_reported_by_the_training(
    damaged: Path,
) -> None:
    made = of("images")
    found = problems(made, damaged)["unusable-samples"]
    assert found.severity == "warning"
    assert found.message.startswith("4 of 44 images cannot be used")
    assert "cat/empty.png (The file is empty (0 bytes))" in found.message
    assert found.message.endswith("and 1 more.")
    run, events = train(made, damaged)
    (reported,) = [event for event in events if isinstance(event, SamplesExcluded)]
    assert reported.count == len(reported.samples) == len(reported.reasons) == 4
    assert isinstance(events[0], RunStarted) and events[1] is reported
    assert run.record.data["left_out"] == dict(
        zip(reported.samples, reported.reasons, strict=True)
    )
    assert reported in run.events()


def test_the_fix_excludes_them_and_then_training_excludes_nothing(
    damaged: Path,
) -> None:
    made = of("images")
    (fix,) = problems(made, damaged)["unusable-samples"].fixes
    assert fix.label == "Exclude these 4 images"
    for edit in fix.edits:
        made = edit.apply(made)
    assert "unusable-samples" not in problems(made, damaged)
    run, events = train(made, damaged)
    assert not any(isinstance(event, SamplesExcluded) for event in events)
    assert "left_out" not in run.record.data


def test_missing_files_of_a_table_count_too(tmp_path: Path) -> None:
    class_folders(tmp_path / "images", count=8)
    rows = [f"images/{c}/{n}.png,{c}" for c in ("cat", "dog") for n in range(8)]
    table = "\n".join(["file,label", *rows, "images/cat/gone.png,cat", ""])
    write(tmp_path / "labels.csv", table.encode())
    made = of("labels.csv", "dlstudio.sources.csv")
    found = problems(made, tmp_path)["unusable-samples"]
    assert "1 of 17 images" in found.message and "gone.png" in found.message
    _run, events = train(made, tmp_path)
    (reported,) = [event for event in events if isinstance(event, SamplesExcluded)]
    assert reported.count == 1 and reported.samples[0].endswith("gone.png")


def test_a_class_without_a_usable_image_is_reported(tmp_path: Path) -> None:
    root = class_folders(tmp_path / "images", count=8)
    write(root / "emu" / "empty.png", b"")
    wide = of("images")
    three = replace(wide, graphs=project([image(8, 8, 3), FLATTEN, head(3)]).graphs)
    found = problems(three, tmp_path)
    assert "emu" in found["empty-class"].message


def test_flat_images_are_reported_with_a_fix(tmp_path: Path) -> None:
    root = class_folders(tmp_path / "images", count=20)
    for name in ("black", "white"):
        plain = Image.new("RGB", (40, 28), name)
        write(root / "cat" / f"{name}.png", encoded(plain))
    made = of("images")
    found = problems(made, tmp_path)["flat-image"]
    assert "cat/black.png, cat/white.png" in found.message
    made = found.fixes[0].edits[0].apply(made)
    assert "flat-image" not in problems(made, tmp_path)


def test_the_recipe_counts(tmp_path: Path) -> None:
    class_folders(tmp_path / "images", ("bird", "cat", "dog"), count=8)
    birds = tuple(f"bird/{number}.png" for number in range(8))
    relabelled = dict.fromkeys(birds, "cat")
    assert "head-units" in problems(of("images"), tmp_path)
    made = of("images", changed=relabeled({"cat/0.png": "lynx", **relabelled}))
    assert "4 classes" in problems(made, tmp_path)["head-units"].message
    every = tuple(f"{c}/{n}.png" for c in ("bird", "cat", "dog") for n in range(8))
    nothing = problems(of("images", leave_out=every), tmp_path)
    assert nothing["data"].severity == "error"


def foreign(theirs: keras.Layer, name: str) -> Node:
    params = freeze_map({**describe_opaque(theirs), "weights": name})
    return Node("block", OPAQUE, params)


def convolution(filters: int) -> keras.Model:
    inputs = keras.Input((8, 8, 3))
    return keras.Model(inputs, keras.layers.Conv2D(filters, 3)(inputs))


@pytest.mark.parametrize(
    ("write_file", "says"),
    [
        (lambda path: None, "missing"),
        (lambda path: path.write_bytes(b"x"), "damaged"),
        (
            lambda path: write_weights(path.parent, path.name, convolution(3)),
            "do not belong to this block",
        ),
    ],
)
def test_weights_of_a_block_that_training_cannot_take_are_an_error(
    tmp_path: Path, write_file: Callable[[Path], object], says: str
) -> None:
    class_folders(tmp_path / "images", count=8)
    nodes = [image(8, 8, 3), SCALE, foreign(convolution(2), "block.npz")]
    graphs = project([*nodes, FLATTEN, head(2)]).graphs
    made = replace(of("images"), graphs=graphs)
    write_weights(tmp_path, "block.npz", convolution(2))
    assert "block-weights" not in problems(made, tmp_path)
    (tmp_path / "block.npz").unlink()
    write_file(tmp_path / "block.npz")
    found = problems(made, tmp_path)["block-weights"]
    assert (found.severity, found.node) == ("error", "block")
    assert says in found.message
    with pytest.raises(UserError, match=says):
        train(made, tmp_path)
    assert not (tmp_path / "runs").exists()


def test_an_error_keeps_a_new_training_from_beginning(damaged: Path) -> None:
    features = conv("c", filters=64), layer("p", "GlobalAveragePooling2D")
    pooled = project([image(8, 8, 3), SCALE, *features])
    made = replace(of("images"), graphs=pooled.graphs)
    with pytest.raises(UserError, match="one score per class"):
        train(made, damaged)
    assert not (damaged / "runs").exists()


def test_a_device_that_is_not_here_is_an_error(damaged: Path) -> None:
    made = of("images")
    made = replace(made, plan=replace(made.plan, device="gpu:7"))
    found = problems(made, damaged)["no-device"]
    assert "gpu:7" in found.message and found.fixes[0].label == "Set device to auto"


def test_the_window_knows_them_once_they_are_prepared(damaged: Path) -> None:
    made, analyser = of("images"), Analyser(CATALOG)
    before = analyser.analyse(made, 1, damaged)
    assert all(each.code != "unusable-samples" for each in before.problems)
    check_project(made, damaged, CATALOG)
    fresh = Analyser(CATALOG).analyse(made, 1, damaged)
    (reported,) = [each for each in fresh.problems if each.code == "unusable-samples"]
    assert reported.message == problems(made, damaged)["unusable-samples"].message


def test_the_window_knows_them_once_it_has_examined_the_data(damaged: Path) -> None:
    made, analyser = of("images"), Analyser(CATALOG)
    bad = (("cat/empty.png", "It is empty."),)
    seen = ImageExamination(made.data.source, damaged, bad)
    found = analyser.analyse(made, 1, damaged, seen)
    (reported,) = [each for each in found.problems if each.code == "unusable-samples"]
    assert reported.message.startswith("1 of 44 images cannot be used")
    elsewhere = replace(seen, folder=damaged.parent)
    found = analyser.analyse(made, 2, damaged, elsewhere)
    assert all(each.code != "unusable-samples" for each in found.problems)
