"""A SavedModel without a list of layers becomes one block that predicts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlstudio.catalog.store import Catalog
from dlstudio.document.import_report import ImportReport
from dlstudio.document.moved_project import copy_files
from dlstudio.document.project import Project
from dlstudio.document.storage import load_project
from dlstudio.engine.codegen.project_script import ProjectScripts
from dlstudio.engine.export.formats import feature_keras, feature_savedmodel
from dlstudio.engine.file_import.examined_model import preview_file
from dlstudio.engine.file_import.import_file import import_file
from dlstudio.engine.file_import.import_request import ImportRequest
from dlstudio.engine.model import saved_model_layer
from dlstudio.engine.model.build import build
from dlstudio.engine.prediction.checkpoint_model import built_model
from dlstudio.engine.prediction.feature_model import load_feature_model
from dlstudio.engine.prediction.model_file import load_model
from dlstudio.engine.runs.store import RunStore
from dlstudio.engine.script_reader.project_merge import project_from_script
from dlstudio.engine.shapes.graph import ShapeInference
from dlstudio.errors import UserError

CATALOG = Catalog.load()
ROWS = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")


def script_of(project: Project, folder: Path) -> str:
    return ProjectScripts(CATALOG).write(project, folder).text


class OwnModel(keras.Model):
    """A model that is defined by code."""

    def __init__(self) -> None:
        super().__init__()
        self.normalized = keras.layers.BatchNormalization()
        self.scores = keras.layers.Dense(2, activation="softmax")

    def call(self, rows: object, training: bool = False) -> object:
        return self.scores(self.normalized(rows, training=training))


@dataclass(frozen=True, slots=True)
class Imported:
    """A project made of a SavedModel, and the model that was saved."""

    original: OwnModel
    saved: Path
    folder: Path
    report: ImportReport
    project: Project

    @property
    def expected(self) -> np.ndarray:
        return self.original(ROWS, training=False).numpy()

    @property
    def run_file(self) -> Path:
        return self.folder / "runs" / self.report.run / "model.keras"


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    place = tmp_path_factory.mktemp("saved_model_block")
    keras.utils.set_random_seed(0)
    model = OwnModel()
    model(ROWS)
    saved, folder = place / "own", place / "project"
    model.export(saved, verbose=False)
    report = import_file(ImportRequest(saved, folder), CATALOG)
    return Imported(model, saved, folder, report, load_project(folder))


def test_it_is_imported_with_its_files(imported: Imported) -> None:
    report = imported.report
    (block,) = report.blocks
    assert (block.name, block.class_name) == ("own", "SavedModel")
    assert report.predicts and report.run and report.difference is None
    assert report.parameters == 20
    notes = " ".join(report.notes)
    assert "20 weights stay as they are" in notes
    node = imported.project.model.nodes["own"]
    assert node.frozen and (imported.folder / "saved_models" / "own").is_dir()
    assert imported.project.initial_weights is None
    graphs = imported.project.graphs
    shapes = ShapeInference().infer(graphs["model"], CATALOG, graphs)
    cost = shapes["own"].cost
    assert (cost.params, cost.trainable) == (20, 0)


def test_it_predicts_what_the_original_does(imported: Imported) -> None:
    built = build(imported.project, CATALOG, folder=imported.folder)
    columns = [ROWS[:, n : n + 1] for n in range(3)]
    np.testing.assert_allclose(built(columns), imported.expected, rtol=1e-6)
    assert not built.trainable_weights
    loaded = load_model(imported.run_file)
    np.testing.assert_allclose(loaded(columns), imported.expected, rtol=1e-6)


def test_a_checkpoint_predicts_with_the_files_beside_the_project(
    imported: Imported, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_model_layer, "loaded_program", lambda _digest: None)
    run = RunStore(imported.folder).find(imported.report.run)
    built = built_model(run, imported.project, CATALOG)
    columns = [ROWS[:, n : n + 1] for n in range(3)]
    np.testing.assert_allclose(built(columns), imported.expected, rtol=1e-6)


def test_a_preview_says_the_same(imported: Imported) -> None:
    preview = preview_file(imported.saved, CATALOG)
    assert preview.problem == "" and preview.report.blocks == imported.report.blocks
    with pytest.raises(UserError, match="no description of its layers"):
        import_file(
            ImportRequest(
                imported.saved, imported.folder / "x", weights=imported.run_file
            ),
            CATALOG,
        )


def test_its_script_makes_it_by_one_call(
    imported: Imported, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = script_of(imported.project, imported.folder)
    assert text.count("keras.layers.TFSMLayer(") == 1
    assert '"saved_models/own"' in text and "dlstudio>" not in text
    monkeypatch.chdir(imported.folder)
    names: dict[str, object] = {"__name__": "script"}
    exec(compile(text, "script.py", "exec"), names)
    model = names["build_model"]()
    columns = [ROWS[:, n : n + 1] for n in range(3)]
    np.testing.assert_allclose(model(columns), imported.expected, rtol=1e-6)


def test_its_script_comes_back(imported: Imported) -> None:
    text = script_of(imported.project, imported.folder)
    project = imported.project
    assert project_from_script(text, project, CATALOG) == project
    longer = text.replace(
        "    return keras.Model(",
        '    own = keras.layers.Dense(3, name="more")(own)\n    return keras.Model(',
    )
    after = project_from_script(longer, project, CATALOG).model
    assert after.nodes["own"] == project.model.nodes["own"]
    assert after.nodes["more"].params["units"] == 3


def test_its_export_holds_all_of_it(imported: Imported, tmp_path: Path) -> None:
    run = RunStore(imported.folder).find(imported.report.run)
    model = load_feature_model(run, CATALOG)
    feature_savedmodel.export(model, tmp_path / "exported")
    serve = tf.saved_model.load(str(tmp_path / "exported")).signatures[
        "serving_default"
    ]
    names = sorted(serve.structured_input_signature[1])
    given = {name: tf.constant(ROWS[:, n]) for n, name in enumerate(names)}
    (scores,) = (v for v in serve(**given).values() if v.dtype == tf.float32)
    np.testing.assert_allclose(scores, imported.expected, rtol=1e-6)
    with pytest.raises(UserError, match="calls a SavedModel"):
        feature_keras.export(model, tmp_path / "exported.keras")


def test_its_files_are_copied_with_the_project_and_have_to_stay(
    imported: Imported, tmp_path: Path
) -> None:
    copy_files([imported.project], imported.folder, tmp_path)
    build(imported.project, CATALOG, folder=tmp_path)
    variables = tmp_path / "saved_models" / "own" / "variables"
    (variables / "variables.index").unlink()
    with pytest.raises(UserError, match="have changed"):
        build(imported.project, CATALOG, folder=tmp_path)


class TwoResults(tf.Module):
    """Classes, with their names, and a number, of two inputs."""

    @tf.function(
        input_signature=[
            tf.TensorSpec((None, 2), tf.float32, "first"),
            tf.TensorSpec((None,), tf.float32, "second"),
        ],
        autograph=False,
    )
    def __call__(self, first: tf.Tensor, second: tf.Tensor) -> dict[str, tf.Tensor]:
        total = tf.reduce_sum(first, axis=1, keepdims=True) + second[:, None]
        names = tf.strings.as_string(total[:, 0])
        return {"scores": tf.sigmoid(total), "total": total, "names": names}


def test_several_inputs_and_results(tmp_path: Path) -> None:
    module = TwoResults()
    tf.saved_model.save(module, str(tmp_path / "two"), signatures=module.__call__)
    folder = tmp_path / "project"
    report = import_file(ImportRequest(tmp_path / "two", folder), CATALOG)
    assert "not used: names" in " ".join(report.notes)
    project = load_project(folder)
    built = build(project, CATALOG, folder=folder)
    first, second = np.float32([[1], [2]]), np.float32([[3], [4]])
    given = {"first_1": first, "first_2": first, "second": second}
    order = [node.id for node in project.model.inputs]
    scores, total = built([given[name].reshape(2, -1)[:, :1] for name in order])
    np.testing.assert_allclose(total, 2 * first + second)
    np.testing.assert_allclose(scores, 1 / (1 + np.exp(-np.asarray(total))), rtol=1e-6)
    with pytest.raises(UserError, match="several tensors"):
        script_of(project, folder)


def test_what_cannot_be_called(tmp_path: Path) -> None:
    module = tf.Module()
    tf.saved_model.save(module, str(tmp_path / "none"))
    with pytest.raises(UserError, match="no signature"):
        preview_file(tmp_path / "none", CATALOG)
    for size, message in ((1, "batches of any size"), (None, "for each sample")):
        spec = tf.TensorSpec((size, 2), tf.float32)
        made = tf.function(tf.reduce_sum, input_signature=[spec])
        tf.saved_model.save(module, str(tmp_path / f"{size}"), signatures=made)
        with pytest.raises(UserError, match=message):
            preview_file(tmp_path / f"{size}", CATALOG)


def test_importing_runs_nothing(tmp_path: Path) -> None:
    def endless(x: tf.Tensor) -> tf.Tensor:
        return tf.while_loop(lambda x: True, lambda x: (x + 1,), (x,))[0]

    spec = tf.TensorSpec((None, 2), tf.float32)
    made = tf.function(endless, input_signature=[spec], autograph=False)
    tf.saved_model.save(tf.Module(), str(tmp_path / "endless"), signatures=made)
    assert import_file(
        ImportRequest(tmp_path / "endless", tmp_path / "project"), CATALOG
    ).run
