"""Names and directions of a training's metrics."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.document.bindings import OutputBinding
from dlstudio.document.plan import TrainingPlan
from dlstudio.document.plan_metrics import (
    larger_is_better,
    monitors,
    output_metrics,
    plan_metrics,
    snake_case,
)
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Spec

CATALOG = Catalog.load()
DESCRIBED = [*CATALOG.family("plain_metrics"), *CATALOG.family("metrics")]


def metric(kind: str, **params: object) -> Spec:
    kind = kind if "." in kind else f"dlstudio.metrics.{kind}"
    return Spec(kind, FrozenMap(params))


def names(*specs: Spec) -> list[str]:
    return [each.name for each in plan_metrics(specs, CATALOG)]


@pytest.mark.parametrize("described", DESCRIBED, ids=lambda each: each.kind)
def test_the_catalog_knows_which_way_is_better(described: Description) -> None:
    assert described.extra["direction"] in ("up", "down")


def test_names_are_all_different_also_from_the_loss_and_from_twins() -> None:
    assert names(metric("accuracy"), metric("accuracy"), metric("f1")) == [
        "accuracy",
        "accuracy_2",
        "f1",
    ]
    mse = "keras.metrics.MeanSquaredError"
    assert names(metric(mse, name="loss")) == ["loss_2"]
    assert names(metric(mse, name="val_loss")) == ["val_loss_2"]
    assert names(metric(mse, name="val_f1"), metric("f1")) == ["val_f1", "f1_2"]


def test_top_k_is_called_after_its_k() -> None:
    assert names(metric("top_k"), metric("top_k", k=5)) == [
        "top_3_accuracy",
        "top_5_accuracy",
    ]


def test_a_class_of_keras_without_a_name_is_called_as_keras_calls_it() -> None:
    assert names(metric("keras.metrics.MeanIoU"), metric("keras.metrics.AUC")) == [
        "mean_io_u",
        "auc",
    ]
    assert names(metric("keras.metrics.AUC", name=""), metric("nothing.Known")) == [
        "auc",
        "known",
    ]
    assert snake_case("TopKCategoricalAccuracy") == "top_k_categorical_accuracy"


def test_the_direction_is_that_of_the_class_whatever_the_name() -> None:
    plan = TrainingPlan(
        metrics=(
            metric("keras.metrics.MeanSquaredError", name="mse"),
            metric("keras.metrics.CosineSimilarity", name="small_error"),
            metric("accuracy"),
        )
    )
    assert directions(Project(plan=plan)) == {
        "val_loss": False,
        "val_mse": False,
        "val_small_error": True,
        "val_accuracy": True,
        "loss": False,
        "mse": False,
        "small_error": True,
        "accuracy": True,
    }


def test_names_of_several_outputs_begin_with_their_features() -> None:
    plan = TrainingPlan(metrics=(metric("accuracy"), metric("accuracy")))
    own = OutputBinding("price", metrics=(metric("keras.metrics.MeanSquaredError"),))
    outputs = (OutputBinding("kind"), own, replace(own, metrics=()))
    assert directions(Project(plan=plan, outputs=outputs)) == {
        f"{prefix}{name}": rising
        for prefix in ("val_", "")
        for name, rising in {
            "loss": False,
            "kind_loss": False,
            "price_loss": False,
            "price_loss_2": False,
            "kind_accuracy": True,
            "kind_accuracy_2": True,
            "price_mean_squared_error": False,
        }.items()
    }
    (only,) = output_metrics(Project(plan=plan, outputs=(own,)), CATALOG)
    assert only.loss == "" and only.metrics[0].name == "mean_squared_error"


def directions(project: Project) -> dict[str, bool]:
    names = monitors(project, CATALOG)
    return {name: larger_is_better(name, project, CATALOG) for name in names}
