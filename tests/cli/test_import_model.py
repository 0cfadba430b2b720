"""`import`: a Keras model becomes a project that predicts, is evaluated and trained."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest
from small_images import class_folders

from dlstudio.document.storage import load_project
from dlstudio.engine.model.initial_weights import read_initial_weights
from dlstudio.engine.runs.store import RunStore
from tests.cli.conftest import Run

LABELS = "0 cat\n1 dog\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of images with its labels, and images of the classes."""
    folder = tmp_path_factory.mktemp("model")
    x = keras.Input((12, 12, 3), name="photo")
    y = keras.layers.Rescaling(1 / 255, name="scale")(x)
    y = keras.layers.Conv2D(2, 3, activation="relu", name="conv")(y)
    y = keras.layers.GlobalAveragePooling2D(name="mean")(y)
    y = keras.layers.Dense(2, activation="softmax", name="head")(y)
    keras.utils.set_random_seed(1)
    model = keras.Model(x, y)
    model.save(folder / "pets.keras")
    model.save_weights(folder / "pets.weights.h5")
    (folder / "pets.json").write_text(model.to_json())
    (folder / "labels.txt").write_text(LABELS)
    class_folders(folder / "photos", count=12)
    return folder


@pytest.fixture(scope="module")
def project(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from dlstudio.catalog.store import Catalog
    from dlstudio.engine.file_import.import_file import import_file
    from dlstudio.engine.file_import.import_request import ImportRequest

    folder = tmp_path_factory.mktemp("projects") / "pets"
    report = import_file(ImportRequest(files / "pets.keras", folder), Catalog.load())
    assert report.predicts and report.difference == 0
    assert report.classes == ("cat", "dog") and report.labels.endswith("labels.txt")
    assert not report.notes  # a layer says which pixels it expects
    return folder


def test_an_imported_model_predicts_what_it_did(
    project: Path, files: Path, run: Run
) -> None:
    photo = next((files / "photos" / "cat").iterdir())
    done = run("predict", project, photo, "--json")
    assert done.status == 0
    (found,) = done.json["predictions"]
    from dlstudio.catalog.store import Catalog
    from dlstudio.engine.prediction.image_classifier import load_trained

    trained = load_trained(RunStore(project).find(""), Catalog.load())
    from dlstudio.data.images.read import read_image

    pixels = read_image(photo, trained.image_spec)[None]
    model = keras.saving.load_model(files / "pets.keras")
    scores = np.asarray(model(pixels.astype("float32")))[0]
    assert found["label"] == ("cat", "dog")[int(scores.argmax())]
    assert found["score"] == pytest.approx(float(scores.max()), abs=1e-5)


def test_an_imported_model_is_evaluated_and_exported_without_own_data(
    project: Path, files: Path, tmp_path: Path, run: Run
) -> None:
    done = run("evaluate", project, "--data", files / "photos", "--json")
    assert done.status == 0 and "training images" not in done.err
    assert done.json["samples"] == 24
    done = run("export", project, "--format", "keras", "--out", tmp_path / "m.keras")
    assert done.status == 0 and "yes" in done.out
    # What the studio exports, it opens again.
    done = run("import", tmp_path / "m.keras", "--out", tmp_path / "again", "--json")
    assert done.status == 0
    assert done.json["predicts"] and done.json["difference"] < 1e-5
    assert done.json["classes"] == ["cat", "dog"]


def test_training_begins_with_the_imported_weights(
    project: Path, files: Path, run: Run
) -> None:
    settings = (f"data.source={files / 'photos'}", "plan.epochs=1")
    assert (
        run("set", project, *settings, "plan.optimizer.learning_rate=1e-9").status == 0
    )
    done = run("train", project)
    assert done.status == 0, done.err
    store = RunStore(project)
    models = [keras.saving.load_model(each.model_path) for each in store.all()]
    for one, other in zip(models[0].weights, models[1].weights, strict=True):
        np.testing.assert_allclose(one.numpy(), other.numpy(), atol=1e-6)
    learned = json.loads((store.find("2").folder / "fitted.json").read_text())
    begun = learned["layers"]["initial weights"]
    assert begun == {"matched": 2, "changed": [], "missing": [], "unused": []}


def test_weights_and_labels_of_other_files(
    files: Path, tmp_path: Path, run: Run
) -> None:
    bare = run("import", files / "pets.json", "--out", tmp_path / "bare", "--json").json
    assert not bare["run"] and not bare["predicts"]
    assert bare["difference"] is None  # of random weights it would say nothing
    assert "must be trained first" in " ".join(bare["notes"])
    assert load_project(tmp_path / "bare").initial_weights is None
    given = ("--weights", files / "pets.weights.h5", "--labels", files / "short.txt")
    (files / "short.txt").write_text("one\n")
    done = run("import", files / "pets.json", "--out", tmp_path / "wrong", *given)
    assert done.status != 0 and "1 class, but the model has 2" in done.err
    assert not (tmp_path / "wrong").exists()
    useless = (("--size", "9x9"), ("--columns", "a"))
    for option in useless:
        done = run("import", files / "pets.keras", "--out", tmp_path / "wrong", *option)
        assert done.status != 0 and f"Import it without {option[0]}" in done.err
    (files / "turned.txt").write_text("1 dog\n0 cat\n")
    turned = ("--labels", files / "turned.txt", "--json")
    done = run("import", files / "pets.keras", "--out", tmp_path / "turned", *turned)
    assert done.json["classes"] == ["cat", "dog"]
    done = run("import", files / "pets.json", "--out", tmp_path / "p", *given[:2])
    assert done.status == 0
    assert run("predict", tmp_path / "p", files / "photos").status == 0


def test_weights_alone_are_given_to_a_project(
    files: Path, tmp_path: Path, run: Run
) -> None:
    folder = tmp_path / "bare"
    assert run("import", files / "pets.json", "--out", folder).status == 0
    assert run("layers", "set", folder, "head", "units=5").status == 0
    done = run("import", files / "pets.weights.h5", "--out", folder)
    assert done.status == 0, done.err
    assert "1 of 2 layers" in done.out and "head" in done.out
    project = load_project(folder)
    assert project.initial_weights is not None
    arrays = read_initial_weights(project.initial_weights, folder)
    conv = keras.saving.load_model(files / "pets.keras").get_layer("conv")
    np.testing.assert_array_equal(arrays["conv"][0], conv.get_weights()[0])
    assert arrays["head"][0].shape == (2, 5)
    done = run("import", files / "pets.keras", "--out", folder)
    assert done.status != 0 and "not empty" in done.err  # a whole model is no weights


def test_an_archive_with_a_model_and_its_labels(
    files: Path, tmp_path: Path, run: Run
) -> None:
    path = tmp_path / "converted_keras.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(files / "pets.keras", "converted/keras_model.keras")
        archive.writestr("converted/labels.txt", "0 Cat\n1 Dog\n")
    done = run("import", path, "--out", tmp_path / "p", "--json")
    assert done.status == 0, done.err
    assert done.json["classes"] == ["Cat", "Dog"] and done.json["predicts"]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no model")
    done = run("import", path, "--out", tmp_path / "q")
    assert done.status != 0 and "exactly one Keras model" in done.err


def test_a_model_of_numbers_has_a_column_for_each(tmp_path: Path, run: Run) -> None:
    x = keras.Input((3,), name="flat")
    model = keras.Model(x, keras.layers.Dense(1, name="price")(x))
    model.get_layer("price").set_weights([np.array([[1.0], [10], [100]]), np.zeros(1)])
    model.save(tmp_path / "flats.keras")
    columns = ("--columns", "area,rooms,floor")
    done = run("import", tmp_path / "flats.keras", "--out", tmp_path / "p", *columns)
    assert done.status == 0, done.err
    values = ("--value", "area=1", "--value", "rooms=2", "--value", "floor=3")
    done = run("predict", tmp_path / "p", *values, "--json")
    assert done.json["predictions"][0]["outputs"]["label"]["value"] == 321
    for wrong, text in (
        (("--columns", "area,rooms"), "Columns of the model: 3"),
        (("--columns", "area,area,floor"), "“area” is named more than once"),
        (("--pixels", "0..1"), "exactly one image input"),
        (("--labels", tmp_path / "labels.txt"), "no output with classes"),
    ):
        done = run("import", tmp_path / "flats.keras", "--out", tmp_path / "q", *wrong)
        assert done.status != 0 and text in done.err, done.err
        assert not (tmp_path / "q").exists()


def test_a_model_of_images_and_numbers_with_two_outputs(
    files: Path, tmp_path: Path, run: Run
) -> None:
    photo, size = keras.Input((8, 8, 3), name="photo"), keras.Input((1,), name="size")
    mean = keras.layers.GlobalAveragePooling2D()(photo)
    both = keras.layers.Concatenate()([mean, size])
    kind = keras.layers.Dense(3, activation="softmax", name="kind")(both)
    price = keras.layers.Dense(1, name="price")(both)
    keras.Model([photo, size], [kind, price]).save(tmp_path / "both.keras")
    done = run("import", tmp_path / "both.keras", "--out", tmp_path / "p", "--json")
    assert done.json["predicts"] and len(done.json["classes"]) == 3
    shutil.copy(next((files / "photos" / "cat").iterdir()), tmp_path / "a.png")
    (tmp_path / "rows.csv").write_text(
        "photo,size,kind,price\na.png,1,class 0,5\na.png,4,class 1,7\n"
    )
    done = run("predict", tmp_path / "p", tmp_path / "rows.csv", "--json")
    outputs = done.json["predictions"][0]["outputs"]
    assert outputs["kind"]["label"].startswith("class ") and "value" in outputs["price"]
    done = run("evaluate", tmp_path / "p", "--data", tmp_path / "rows.csv", "--json")
    assert done.status == 0 and done.json["samples"] == 2
    assert "training rows" not in done.err


def test_pixels_of_another_range_are_rescaled(tmp_path: Path, run: Run) -> None:
    x = keras.Input((None, None, 3))
    y = keras.layers.MaxPooling2D(9, name="pool")(x)  # too large for tiny images
    pooled = keras.layers.GlobalAveragePooling2D()(y)
    keras.Model(x, keras.layers.Softmax()(pooled)).save(tmp_path / "plain.keras")
    done = run("import", tmp_path / "plain.keras", "--out", tmp_path / "p", "--json")
    notes = " ".join(done.json["notes"])
    assert "--pixels" in notes and "--size" in notes and "--labels" in notes
    more = ("--pixels", "-1..1", "--size", "20x30", "--json")
    done = run("import", tmp_path / "plain.keras", "--out", tmp_path / "q", *more)
    assert "--pixels" not in " ".join(done.json["notes"])
    nodes = load_project(tmp_path / "q").model.nodes
    assert dict(nodes["scale"].params) == {"scale": 1 / 127.5, "offset": -1.0}
    assert nodes["resize"].params["width"] == 30
    done = run(
        "import",
        tmp_path / "plain.keras",
        "--out",
        tmp_path / "r",
        *more[2:4],
        "--pixels",
        "9",
    )
    assert done.status != 0 and "0..255, 0..1, -1..1" in done.err


def test_features_are_no_classes(tmp_path: Path, run: Run) -> None:
    x = keras.Input((8, 8, 3))
    y = keras.layers.GlobalAveragePooling2D(name="mean")(x)
    keras.Model(x, y).save(tmp_path / "features.keras")
    done = run("import", tmp_path / "features.keras", "--out", tmp_path / "p", "--json")
    assert not done.json["classes"] and not done.json["predicts"]
    assert "no feature type for the output mean" in done.json["notes"][0]
    from dlstudio.catalog.store import Catalog
    from dlstudio.engine.file_import.examined_model import preview_file

    before = preview_file(tmp_path / "features.keras", Catalog.load())
    assert list(before.report.notes) == done.json["notes"]  # said in time
    assert not before.report.classes and not before.pixels_unknown


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
@pytest.mark.parametrize("existed", [False, True])
def test_an_import_that_ends_early_leaves_nothing(
    files: Path,
    tmp_path: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    error: type[BaseException],
    existed: bool,
) -> None:
    def fail(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr("dlstudio.engine.file_import.import_file.create_run", fail)
    folder = tmp_path / "p"
    if existed:
        folder.mkdir()
    assert run("import", files / "pets.keras", "--out", folder).status != 0
    assert folder.exists() is existed
    assert not existed or not list(folder.iterdir())


def test_existing_folders_are_left_alone(files: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    done = run("import", files / "pets.keras", "--out", tmp_path)
    assert done.status != 0 and "not empty" in done.err
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]
