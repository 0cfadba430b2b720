"""Trainings with several inputs and outputs, and bindings that fit nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from tiny import layer
from tiny_features import TinyFeatures, tiny_features, two_by_two

from dlstudio.catalog.store import Catalog
from dlstudio.data.pipeline import epoch_order
from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.plan import EarlyStopping
from dlstudio.document.plan_metrics import monitors
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.model.build import build
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runtime.stop_token import StopSource
from dlstudio.engine.training.trainer import Trainer, TrainerDependencies
from dlstudio.errors import UserError

CATALOG = Catalog.load()
SGD = Spec("keras.optimizers.SGD", FrozenMap({"learning_rate": 0.1}))


def train(project: Project, folder: Path, samples: TinyFeatures, **more: Any) -> Run:
    return Trainer(
        project,
        folder,
        CATALOG,
        lambda event: None,
        StopSource().token,
        TrainerDependencies(lambda _project: samples, **more),
    ).train()


def test_losses_metrics_and_weights_are_those_of_keras_fit(tmp_path: Path) -> None:
    samples = tiny_features()
    early = EarlyStopping("val_tags_loss", restore_best=False)
    project = two_by_two(epochs=2, batch_size=11, optimizer=SGD, early_stopping=early)
    run = train(project, tmp_path, samples)
    assert run.outcome == "succeeded", run.record.message
    assert set(run.record.metrics) == set(monitors(project, CATALOG))
    assert run.record.smaller_is_better == ("loss", "kind_loss", "tags_loss")

    keras.utils.set_random_seed(0)
    model = build(project, CATALOG)
    model.compile(
        keras.optimizers.SGD(0.1),
        ["sparse_categorical_crossentropy", "binary_crossentropy"],
        loss_weights=[1.0, 0.5],
        metrics=[[], ["binary_accuracy"]],
    )
    chosen, held = samples.splits["train"], samples.splits["validation"]
    names = ("image", "width", "height"), ("kind", "tags")

    def taken(places: Any) -> tuple[list[Any], list[Any]]:
        rows = samples.rows
        given = [rows[name][places].astype("float32") for name in names[0]]
        return given, [rows[name][places] for name in names[1]]

    for epoch in range(2):
        order = chosen[epoch_order(len(chosen), 0, epoch)]
        history = model.fit(
            *taken(order),
            batch_size=11,  # Keras does not weight the last batch's output losses
            shuffle=False,
            validation_data=taken(held),
            validation_batch_size=16,
            verbose=0,
        ).history
    found = dict(run.record.metrics)
    for prefix in ("", "val_"):
        accuracy = found.pop(f"{prefix}tags_accuracy")
        (other,) = history.pop(f"{prefix}tags_binary_accuracy")
        assert accuracy == pytest.approx(other, rel=1e-5)
    assert found == {
        name: pytest.approx(value, rel=1e-5) for name, (value,) in history.items()
    }
    ours = keras.saving.load_model(run.model_path)
    for mine, other in zip(ours.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-5, atol=1e-6)


def test_how_samples_are_fed_changes_nothing(tmp_path: Path) -> None:
    samples = tiny_features()
    project = two_by_two(layer("drop", "Dropout", rate=0.5), class_weights="balanced")
    ends = []
    for number, (steps, resident) in enumerate(((1, True), (4, False))):
        plan = replace(project.plan, steps_per_execution=steps)
        folder = tmp_path / str(number)
        run = train(replace(project, plan=plan), folder, samples, resident=resident)
        model = keras.saving.load_model(run.model_path)
        weights = [np.asarray(each).tobytes() for each in model.get_weights()]
        ends.append((weights, dict(run.record.metrics)))
    assert ends[0] == ends[1]


def test_a_feature_may_enter_several_inputs(tmp_path: Path) -> None:
    run = train(two_by_two(width="height", epochs=1), tmp_path, tiny_features())
    assert run.outcome == "succeeded"
    assert run.record.data["classes"] == ["a", "b", "c"]
    assert run.record.data["fitted"] == {"tags": {"names": ["wide", "tall"]}}


def unbound(project: Project, **changes: Any) -> Project:
    """The project with other bindings of its first input and output."""
    first, *inputs = project.inputs
    out, *outputs = project.outputs
    return replace(
        project,
        inputs=(*changes.get("inputs", (first,)), *inputs),
        outputs=(*changes.get("outputs", (out,)), *outputs),
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda p: unbound(p, inputs=(InputBinding("height", input="x"),)),
            "enters “x”, which is no input.* image, width, height",
        ),
        (
            lambda p: unbound(p, inputs=(InputBinding("height"),)),
            "several inputs. Which does “height” enter",
        ),
        (lambda p: unbound(p, inputs=()), "No feature enters the input “height”"),
        (
            lambda p: unbound(p, inputs=(InputBinding("width", input="image"),)),
            "Two features enter the input “image”: width, image",
        ),
        (
            lambda p: unbound(p, inputs=(InputBinding("depth", input="height"),)),
            "no feature called “depth”.* image, width, height, tree, kind, tags",
        ),
        (
            lambda p: unbound(p, inputs=(InputBinding("tags", input="height"),)),
            "“tags” has the shape 2, but the input expects 1",
        ),
        (
            lambda p: unbound(p, outputs=(OutputBinding("kind", output="image"),)),
            "“image” is to predict the feature “kind”, but is no output",
        ),
        (
            lambda p: unbound(p, outputs=(OutputBinding("kind"),)),
            "several outputs. Which predicts “kind”",
        ),
        (lambda p: unbound(p, outputs=()), "The output “kind” predicts no feature"),
        (
            lambda p: unbound(p, outputs=(OutputBinding("tree", output="kind"),)),
            "outputs 3 scores, but there are 4 classes",
        ),
        (
            lambda p: unbound(p, outputs=(OutputBinding("a", graph="other"),)),
            "no model called “other”",
        ),
    ],
)
def test_bindings_that_do_not_fit_are_refused(
    change: Callable[[Project], Project], says: str, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=says):
        train(change(two_by_two()), tmp_path, tiny_features())


@pytest.mark.parametrize(
    ("dtype", "says"),
    [("int32", "has fractions, but the input expects int32"), ("string", "text")],
)
def test_values_must_fit_the_inputs_type(dtype: str, says: str, tmp_path: Path) -> None:
    project = two_by_two()
    graph = project.model
    height = graph.nodes["height"].params.set("dtype", dtype)
    project = project.with_graph("model", graph.with_params("height", height))
    with pytest.raises(UserError, match=says):
        train(project, tmp_path, tiny_features())


def test_a_number_and_a_class_are_predicted_at_once(tmp_path: Path) -> None:
    project = two_by_two(epochs=1)
    graph = project.model
    units = graph.nodes["tags"].params.merge({"units": 1, "activation": "linear"})
    price = OutputBinding(
        "height",
        Spec("dlstudio.heads.regression"),
        output="tags",
        loss=Spec("keras.losses.MeanSquaredError"),
        metrics=(Spec("dlstudio.metrics.mae"), Spec("dlstudio.metrics.r2")),
    )
    project = replace(project, outputs=(price, project.output))
    project = project.with_graph("model", graph.with_params("tags", units))
    plan = replace(project.plan, class_weights="balanced")
    run = train(replace(project, plan=plan), tmp_path, tiny_features())
    assert run.outcome == "succeeded", run.record.message
    found = run.record.metrics
    assert {"height_loss", "height_mae", "height_r2", "kind_loss"} < set(found)
    assert found["val_loss"] == pytest.approx(
        found["val_height_loss"] + found["val_kind_loss"], rel=1e-5
    )
    assert run.record.smaller_is_better[:4] == (
        "loss",
        "height_loss",
        "kind_loss",
        "height_mae",
    )
