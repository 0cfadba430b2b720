"""A run's model, ready to predict, and the errors if it cannot."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlstudio.catalog.builtin import BUILTIN
from dlstudio.catalog.store import Catalog
from dlstudio.data.images.spec import ImageSpec
from dlstudio.document.graph import Graph, node
from dlstudio.document.plan import TrainingPlan
from dlstudio.document.project import Project
from dlstudio.document.storage import project_to_json
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.heads.classification import CLASSIFICATION as SINGLE
from dlstudio.engine.heads.multi_label import MULTI_LABEL as TAGGING
from dlstudio.engine.prediction.image_classifier import TrainedModel, load_trained
from dlstudio.engine.runs.store import RunStore
from dlstudio.errors import UserError

layers = keras.layers


def model_with(units: int, activation: str | None = None, dtype=None):
    keras.utils.set_random_seed(1)
    return keras.Sequential(
        [
            keras.Input((4, 5, 3)),
            layers.Rescaling(1 / 255),
            layers.RandomFlip(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(units, activation, dtype=dtype),
        ]
    )


def make_trained(
    units, classes, head_type=SINGLE, activation=None, logits=True, dtype=None
):
    names = [f"class {number}" for number in range(classes)]
    spec = ImageSpec(4, 5, 3)
    model = model_with(units, activation, dtype)
    return TrainedModel(model, names, spec, head_type, from_logits=logits)


def images(count: int = 9):
    return np.random.default_rng(2).integers(0, 256, (count, 4, 5, 3), np.uint8)


@pytest.fixture
def catalog() -> Catalog:
    return Catalog(BUILTIN)


@pytest.fixture
def run(tmp_path):
    """A run of a project with a model of two classes."""
    graph = Graph.chain(
        [
            node("input", "keras.layers.InputLayer", shape=(4, 5, 3)),
            node("dense", "keras.layers.Dense", units=2),
        ]
    )
    loss = Spec(
        "keras.losses.SparseCategoricalCrossentropy", FrozenMap({"from_logits": True})
    )
    project = Project(name="P", plan=TrainingPlan(loss=loss)).with_graph("model", graph)
    run = RunStore(tmp_path).create(
        project_to_json(project),
        data={"classes": ["no", "yes"], "fingerprint": "f1"},
        metrics={"accuracy": 0.5, "loss": float("nan")},
        versions={"keras": "3"},
    )
    model_with(2).save(run.folder / "model.keras")
    return run


@pytest.mark.parametrize(
    ("units", "classes", "head_type", "activation", "logits"),
    [
        (3, 3, SINGLE, None, True),
        (3, 3, SINGLE, "softmax", False),
        (1, 2, SINGLE, None, True),
        (1, 2, SINGLE, "sigmoid", False),
        (5, 3, SINGLE, "softmax", False),
        (3, 3, TAGGING, None, True),
        (3, 3, TAGGING, "sigmoid", False),
    ],
)
def test_graph_and_studio_give_the_same_probabilities(
    units, classes, head_type, activation, logits
):
    trained = make_trained(units, classes, head_type, activation, logits)
    scores = trained.scores(images())
    assert scores.shape == (9, classes)
    assert scores.dtype == np.float32
    assert ((scores >= 0) & (scores <= 1)).all()
    in_graph = trained.scores_of(tf.constant(images()))
    np.testing.assert_allclose(in_graph, scores, atol=1e-6)


def test_outputs_are_the_models_own_outside_training():
    trained = make_trained(3, 3)
    expected = trained.model(images().astype(np.float32), training=False)
    np.testing.assert_allclose(trained.outputs(images()), expected, atol=1e-6)


def test_batches_change_nothing_and_none_is_fine():
    trained = make_trained(3, 3)
    whole = trained.scores(images())
    np.testing.assert_allclose(trained.scores(images(), batch=2), whole, atol=1e-6)
    assert trained.scores(images(0)).shape == (0, 3)


def test_mixed_precision_answers_in_float32():
    scores = make_trained(3, 3, dtype="mixed_bfloat16").scores(images())
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores.sum(1), 1, atol=1e-5)


def test_labels():
    trained = make_trained(2, 2)
    scores = np.array([[0.1, 0.9], [0.8, 0.2]], np.float32)
    assert trained.labels(scores) == ["class 1", "class 0"]
    tagging = make_trained(2, 2, TAGGING)
    assert tagging.labels(np.array([[0.5, 0.9], [0.1, 0.2]], np.float32)) == [
        ["class 0", "class 1"],
        [],
    ]


def test_too_few_scores_for_the_classes_are_refused():
    with pytest.raises(UserError, match="3 scores"):
        make_trained(3, 4)


def test_model_of_two_outputs_is_refused():
    inputs = keras.Input((4, 5, 3))
    flat = layers.Flatten()(inputs)
    model = keras.Model(inputs, [layers.Dense(2)(flat), layers.Dense(2)(flat)])
    with pytest.raises(UserError, match="this model has 1 and 2"):
        TrainedModel(model, "ab", ImageSpec(4, 5), SINGLE, from_logits=False)


def test_loads_the_classes_and_preprocessing_of_a_run(run, catalog):
    trained = load_trained(run, catalog)
    assert trained.classes == ("no", "yes")
    assert trained.image_spec.shape == (4, 5, 3)
    assert trained.from_logits
    assert not trained.has_several_labels
    assert not trained.model.compiled
    assert trained.facts.run == run.id
    assert trained.facts.project == "P"
    assert trained.facts.fingerprint == "f1"
    assert trained.facts.metrics == {"accuracy": 0.5}
    np.testing.assert_allclose(
        trained.scores(images()), make_trained(2, 2).scores(images()), atol=1e-6
    )


def test_run_without_a_model(run, catalog):
    (run.folder / "model.keras").unlink()
    with pytest.raises(UserError, match="no trained model") as caught:
        load_trained(run, catalog)
    assert "--resume 1”" in caught.value.hint


@pytest.mark.parametrize("damage", [b"", b"not a zip", None])
def test_damaged_model_is_reported(run, catalog, damage):
    path = run.folder / "model.keras"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    with pytest.raises(UserError, match="cannot be read"):
        load_trained(run, catalog)


def test_model_that_would_run_code_is_refused(run, catalog):
    inputs = keras.Input((4, 5, 3))
    outputs = layers.Dense(2)(layers.Flatten()(layers.Lambda(lambda x: x)(inputs)))
    keras.Model(inputs, outputs).save(run.folder / "model.keras")
    with pytest.raises(UserError, match="custom code"):
        load_trained(run, catalog)


def test_record_without_classes(run, catalog):
    run.update(data={})
    with pytest.raises(UserError, match="classes"):
        load_trained(run, catalog)
